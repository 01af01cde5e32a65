/** A worker of the page: all are the same script, role.ts, which loads what its name says. */
export type Role = 'lab' | 'player' | 'data' | 'draw' | 'runs';

export const hire = (role: Role): Worker =>
  new Worker(new URL('./role.js', import.meta.url), { type: 'module', name: role });

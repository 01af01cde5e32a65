/** A worker of the page. */
import type { Role } from './role.ts';

export const hire = (role: Role): Worker =>
  new Worker(new URL('./role.js', import.meta.url), { type: 'module', name: role });

/** What a thread does. Where the pool names a module of parts of one's own, it is imported first. */
import { workerData } from 'piscina';
import type { Done } from '../pool.ts';
import { work } from '../work.ts';
import type { Handed } from './threads.ts';

if (typeof workerData === 'string') await import(workerData);

export default function onThread({ batch, lane, steps }: Handed): Done {
  const started = performance.now();
  const made = work(batch, (step) => void (steps[lane] = step));
  return { ...made, milliseconds: performance.now() - started };
}

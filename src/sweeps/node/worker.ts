/** What a thread does. */
import type { Done } from '../pool.ts';
import { work } from '../work.ts';
import type { Handed } from './threads.ts';

export default function onThread({ batch, lane, steps }: Handed): Done {
  const started = performance.now();
  const made = work(batch, (step) => void (steps[lane] = step));
  return { ...made, milliseconds: performance.now() - started };
}

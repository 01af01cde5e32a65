/** What a thread does. Where the pool names a module of parts of one's own, it is imported first. */
import { workerData } from 'piscina';
import { offer } from '../../data/content.ts';
import { messages } from '../../errors.ts';
import { declared, partsOfRun } from '../../experiments/own.ts';
import type { Done } from '../pool.ts';
import { work, type Batch } from '../work.ts';
import { FolderKeeping } from './keep.ts';
import type { Handed, Known, Refused } from './threads.ts';

const { parts, data } = workerData as Known;
for (const [content, points] of data) offer(points, content);
/** Why the module could not be imported. Thrown here it would end the program that owns the pool. */
let failure: string | undefined;
if (parts)
  try {
    await import(parts.module);
  } catch (error) {
    failure = messages.labFailed(parts.module, error instanceof Error ? error.message : String(error));
  }

export default function onThread({ batch, lane, steps, keep }: Handed): Done | Refused {
  const refused = failure ?? (parts && strangerIn(batch, parts));
  if (refused !== undefined) return { refused };
  const started = performance.now();
  const keeping = keep && new FolderKeeping(keep, () => steps.at(-1) === 1);
  const made = work(batch, (step) => void (steps[lane] = step), keeping);
  return { ...made, milliseconds: performance.now() - started };
}

/** What is to be said where a batch asks for parts that are not the caller's here. */
function strangerIn(
  { tasks, record }: Batch,
  { module, declared: theirs }: NonNullable<Known['parts']>,
): string | undefined {
  const here = declared();
  const asked = tasks.flatMap((task) =>
    partsOfRun(task.cell, 'of' in task ? [task.of] : [...record.series, ...record.values]),
  );
  const strange = [...new Set(asked)].filter((id) => here.get(id) !== theirs.get(id));
  return strange.length > 0 ? messages.poolOtherParts(strange, module) : undefined;
}

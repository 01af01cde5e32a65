/** Blocks of eight runs for a variance split, on threads, each kept in the result folder once it is there. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messages, systemReason, UserError } from '../../errors.ts';
import type { Cell } from '../../experiments/cell.ts';
import { SCIENCE } from '../../experiments/record.ts';
import { SOURCES, type Observed } from '../../experiments/variance-split.ts';
import { Crew, type Watched } from './crew.ts';
import { runLanes } from './lanes.ts';

export interface BlockOptions extends Watched {
  readonly folder: string;
  readonly workers: number;
  readonly cell: Cell;
  readonly seed: number;
  readonly of: Observed;
  /** how many */
  readonly count: number;
  readonly progress?: (done: number, total: number) => void;
}

const fileOf = (folder: string, of: Observed): string => join(folder, `blocks-${of}.jsonl`);

/**
 * The blocks that a folder holds, by number. A line that a kill tore is passed over, and its block is made again.
 *
 * @throws UserError for one of another science version
 */
export function readBlocks(folder: string, of: Observed): Map<number, readonly number[]> {
  const file = fileOf(folder, of);
  const found = new Map<number, readonly number[]>();
  if (!existsSync(file)) return found;
  readFileSync(file, 'utf8')
    .split('\n')
    .forEach((text, line) => {
      const one = parsed(text);
      if (!one) return;
      if (one.science !== SCIENCE)
        throw new UserError(messages.scienceDiffers(`${file}:${line + 1}`, one.science, SCIENCE));
      found.set(
        one.block,
        one.values.map((value) => value ?? NaN),
      );
    });
  return found;
}

interface Line {
  readonly block: number;
  readonly science: number;
  /** null where a run diverged */
  readonly values: readonly (number | null)[];
}

function parsed(text: string): Line | undefined {
  try {
    const one = JSON.parse(text) as Line | null;
    const whole =
      Number.isInteger(one?.block) &&
      Array.isArray(one?.values) &&
      one.values.length === 2 ** SOURCES.length &&
      one.values.every((value) => value === null || typeof value === 'number');
    return whole ? one! : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Makes blocks 0 .. count - 1 as far as the folder lacks them. What they are does not depend on the workers, nor on an
 * interruption.
 *
 * @returns those that are there, in order, and whether the signal came before all were
 * @throws UserError on a full disk; every block that is there stays
 */
export async function makeBlocks(options: BlockOptions): Promise<{ blocks: (readonly number[])[]; whole: boolean }> {
  const { folder, cell, seed, of, count } = options;
  const file = fileOf(folder, of);
  const held = readBlocks(folder, of);
  const left = Array.from({ length: count }, (_, block) => block).filter((block) => !held.has(block));
  options.progress?.(count - left.length, count);
  if (left.length > 0) {
    // After a torn line a new one must begin.
    const torn = existsSync(file) && !/(^|\n)$/.test(readFileSync(file, 'utf8'));
    if (torn) append(file, '\n');
    const crew = new Crew(Math.min(options.workers, left.length), options);
    const queue = left.values();
    const lane = async (stopped: () => boolean, place: number): Promise<void> => {
      for (const block of queue) {
        if (stopped() || options.signal?.aborted) return;
        const batch = { cell, seed, of, blocks: [block] };
        const [values] = await crew.run<number[][]>('blocks', batch, place, cell.training.maxSteps);
        append(file, `${JSON.stringify({ block, science: SCIENCE, values })}\n`);
        held.set(block, values!);
        options.progress?.([...held.keys()].filter((one) => one < count).length, count);
      }
    };
    try {
      await runLanes(crew.lanes, lane);
    } catch (error) {
      if (!options.signal?.aborted) throw error;
    } finally {
      await crew.end();
    }
  }
  const blocks = Array.from({ length: count }, (_, block) => held.get(block)).filter((one) => one !== undefined);
  return { blocks, whole: blocks.length === count };
}

function append(file: string, text: string): void {
  try {
    appendFileSync(file, text);
  } catch (error) {
    const full = (error as NodeJS.ErrnoException).code === 'ENOSPC';
    throw new UserError(
      full ? messages.diskFull(file, 'the disk is full') : messages.unwritable(file, systemReason(error)),
    );
  }
}

/** Blocks of eight runs for a variance split, each kept in the result folder once it is there. */
import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messages, systemReason, UserError } from '../../errors.ts';
import { scienceOf } from '../../experiments/science.ts';
import { SOURCES, type Observed } from '../../experiments/variance-split.ts';
import { computeBlocks, type BlockOptions } from '../blocks.ts';

export interface StoredBlockOptions extends BlockOptions {
  readonly folder: string;
  /** how many */
  readonly count: number;
  readonly progress?: (done: number, total: number) => void;
}

/** The slash of an observable of one's own is a dot, which no id has. */
const fileOf = (folder: string, of: Observed): string => join(folder, `blocks-${of.replace('/', '.')}.jsonl`);

/**
 * The blocks that a folder holds, by number. A line that a kill tore is passed over, and its block is made again.
 *
 * @param science version of today
 * @throws UserError for one of another science version
 */
export function readBlocks(folder: string, of: Observed, science: number): Map<number, readonly number[]> {
  const found = new Map<number, readonly number[]>();
  eachBlock(folder, of, (one, where) => {
    if (!one) return;
    if (one.science !== science) throw new UserError(messages.scienceDiffers(where, one.science, science));
    found.set(one.block, one.values);
  });
  return found;
}

/** One line of a file of blocks. */
export interface StoredBlock {
  readonly block: number;
  readonly science: number;
  /** of the eight runs; NaN where one diverged */
  readonly values: readonly number[];
}

/** Every line of a file of blocks, in order; undefined for what is no block. @param see gets the text too */
export function eachBlock(
  folder: string,
  of: Observed,
  see: (block: StoredBlock | undefined, where: string, text: string, ended: boolean) => void,
): void {
  const file = fileOf(folder, of);
  if (!existsSync(file)) return;
  const lines = readFileSync(file, 'utf8').split('\n');
  lines.forEach((text, line) => {
    const ended = line < lines.length - 1;
    if (!ended && text === '') return;
    const one = parsed(text);
    see(one && { ...one, values: one.values.map((value) => value ?? NaN) }, `${file}:${line + 1}`, text, ended);
  });
}

/** Of what a folder holds blocks. */
export const observedIn = (folder: string): string[] =>
  readdirSync(folder)
    .flatMap((name) => /^blocks-(.+)\.jsonl$/.exec(name)?.[1]?.replace('.', '/') ?? [])
    .sort();

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
export async function makeBlocks(
  options: StoredBlockOptions,
): Promise<{ blocks: (readonly number[])[]; whole: boolean }> {
  const { folder, of, count } = options;
  const file = fileOf(folder, of);
  const science = scienceOf(options.cell.training.rule);
  const held = readBlocks(folder, of, science);
  const left = Array.from({ length: count }, (_, block) => block).filter((block) => !held.has(block));
  options.progress?.(count - left.length, count);
  if (left.length > 0) {
    // After a torn line a new one must begin.
    const torn = existsSync(file) && !/(^|\n)$/.test(readFileSync(file, 'utf8'));
    if (torn) append(file, '\n');
    await computeBlocks(left, options, (block, values) => {
      append(file, `${JSON.stringify({ block, science, values })}\n`);
      held.set(block, values);
      options.progress?.([...held.keys()].filter((one) => one < count).length, count);
    });
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

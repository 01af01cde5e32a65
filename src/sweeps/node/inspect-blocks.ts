/** Every line of a store of blocks looked at: what is no block, and which blocks stand there. */
import type { Observed } from '../../experiments/variance-split.ts';
import { eachBlock, observedIn } from './blocks.ts';
import type { Finding } from './inspect.ts';

/** A block that stands in the store. */
export interface StoredBlock {
  /** observable and number, by which the sample is drawn */
  readonly run: string;
  readonly of: Observed;
  readonly block: number;
  readonly values: readonly number[];
  readonly where: string;
}

export interface BlockInspection {
  lines: number;
  readonly harmless: Finding[];
  readonly findings: Finding[];
  /** the first copy of each, and copies that differ from it */
  readonly blocks: Map<string, StoredBlock>;
  readonly copies: StoredBlock[];
  /** that of the first line */
  science: number | undefined;
}

/** Every line of every file of blocks. @param known observables of the cell */
export function inspectBlocks(folder: string, known: readonly Observed[]): BlockInspection {
  const read: BlockInspection = {
    lines: 0,
    harmless: [],
    findings: [],
    blocks: new Map(),
    copies: [],
    science: undefined,
  };
  for (const name of observedIn(folder)) {
    const of = name as Observed;
    eachBlock(folder, of, (found, where, text, ended) => {
      read.lines++;
      if (!found) {
        if (text === '') read.harmless.push({ where, reason: 'empty', says: '' });
        // What a kill tore stands in the midst once the folder has gone on.
        else if (!ended || !isJson(text)) read.harmless.push({ where, reason: 'torn', says: '' });
        else read.findings.push({ where, reason: 'foreign', says: 'it is no block of eight values' });
        return;
      }
      read.science ??= found.science;
      if (found.science !== read.science)
        read.findings.push({
          where,
          reason: 'science',
          says: `of science version ${found.science}, not ${read.science}`,
        });
      else if (!known.includes(of))
        read.findings.push({ where, reason: 'cell', says: `${name} is no observable of its cell` });
      else {
        const one = { run: `${of} ${found.block}`, of, block: found.block, values: found.values, where };
        const first = read.blocks.get(one.run);
        if (!first) read.blocks.set(one.run, one);
        else if (one.values.some((value, at) => !Object.is(value, first.values[at]))) {
          read.copies.push(one);
          read.findings.push({ where, reason: 'twice', says: `block ${one.block}, first at ${first.where}` });
        }
      }
    });
  }
  return read;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Where a block differs from what its number gives: the first few values. */
export function blockDifference({ where, block, values }: StoredBlock, made: readonly number[]): Finding[] {
  const other = values.flatMap((value, at) =>
    Object.is(value, made[at]) ? [] : [`value ${at + 1} of 8 is ${value}, not ${made[at]}`],
  );
  if (other.length === 0) return [];
  const more = other.length > 3 ? `, and ${other.length - 3} more` : '';
  return [{ where, reason: 'bits', says: `block ${block}: ${other.slice(0, 3).join(', ')}${more}` }];
}

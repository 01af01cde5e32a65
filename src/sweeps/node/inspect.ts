/**
 * Every line of a store looked at: what is no run of the spec, which runs stand there, and which of them to make again.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Cell } from '../../experiments/cell.ts';
import { REASONS, type Reason } from '../../experiments/passed-over.ts';
import { isFault } from '../../experiments/record-check.ts';
import { cellOfRecord } from '../../experiments/record-cell.ts';
import { recordLine, type RunRecord } from '../../experiments/record.ts';
import { scienceToday } from '../../experiments/science.ts';
import { eachLine } from './lines.ts';

/** What is wrong with a line of a store, or with a run. */
export interface Finding {
  readonly where: string;
  readonly reason: Reason | 'science' | 'bits' | 'table';
  readonly says: string;
}

/** A run that stands in the store. */
export interface StoredRun {
  readonly run: string;
  readonly cell: Cell;
  readonly replicate: number;
  readonly where: string;
  /** head of the SHA-256 of its line */
  readonly hash: string;
}

export interface Inspection {
  readonly lines: number;
  /** lines that a kill or an editor leaves and that say nothing: not ended, empty */
  readonly harmless: readonly Finding[];
  readonly findings: readonly Finding[];
  /** the first copy of each */
  readonly runs: readonly StoredRun[];
  /** copies that differ from the first */
  readonly copies: readonly StoredRun[];
  /** that of most records; undefined without any */
  readonly science: number | undefined;
  /** most records are of the version that they would have today */
  readonly comparable: boolean;
}

/** Of records that are of today's version, whichever that is for their rule. */
const TODAY = 'today';

/** 64 bits: two lines that differ have the same head with a probability of 5e-20. */
export const lineHash = (line: string): string => bytesToHex(sha256(utf8ToBytes(line))).slice(0, 16);

/** @param foreign why a record is none of the folder's spec */
export function inspect(folder: string, foreign: (record: RunRecord) => Reason | undefined): Inspection {
  const harmless: Finding[] = [];
  const findings: Finding[] = [];
  const versions = new Map<
    number | typeof TODAY,
    { count: number; readonly science: number; readonly first: string }
  >();
  const runs = new Map<string, StoredRun>();
  const copies: StoredRun[] = [];
  const built = new Map<string, Cell | string>();
  let lines = 0;
  eachLine(folder, (line, where) => {
    lines++;
    if (isFault(line)) {
      const { reason, says = '' } = line;
      (reason === 'torn' || reason === 'empty' ? harmless : findings).push({ where, reason, says });
      return;
    }
    const { science } = line;
    const edition = science === scienceToday(line) ? TODAY : science;
    const version = versions.get(edition);
    if (version) version.count++;
    else versions.set(edition, { count: 1, science, first: where });
    const strange = foreign(line);
    if (strange) {
      findings.push({ where, reason: strange, says: strange === 'seed' ? `seed ${line.seed}` : `run ${line.run}` });
      return;
    }
    const id = line.run.slice(0, 16);
    if (!built.has(id)) built.set(id, cellOfRecord(line));
    const cell = built.get(id)!;
    if (typeof cell === 'string') {
      findings.push({ where, reason: 'id', says: cell });
      return;
    }
    const one = { run: line.run, cell, replicate: line.replicate, where, hash: lineHash(recordLine(line)) };
    const known = runs.get(line.run);
    if (!known) runs.set(line.run, one);
    else if (known.hash !== one.hash) {
      copies.push(one);
      findings.push({ where, reason: 'twice', says: `run ${line.run}, first at ${known.where}` });
    }
  });
  const [most] = [...versions].sort(([, a], [, b]) => b.count - a.count);
  for (const [edition, { count, science, first }] of versions)
    if (edition !== most![0])
      findings.push({
        where: first,
        reason: 'science',
        says: `${count} of science version ${science}, most of ${most![1].science}`,
      });
  const [edition, version] = most ?? [];
  return {
    lines,
    harmless,
    findings,
    runs: [...runs.values()],
    copies,
    science: version?.science,
    comparable: edition === TODAY,
  };
}

/** What a finding is, in words. */
export const findingWords = ({ reason, says }: Finding): string => {
  const what =
    reason === 'bits' ? 'computed again it differs' : reason === 'science' || reason === 'table' ? '' : REASONS[reason];
  return [what, says].filter((part) => part !== '').join(': ');
};

/**
 * A random sample without replacement that depends on seed and ids alone: the runs whose hash under the seed is least.
 *
 * @param count how many, or fewer when there are not so many
 */
export function sampleOf<T extends { readonly run: string }>(runs: readonly T[], count: number, seed: number): T[] {
  if (count >= runs.length) return [...runs];
  return runs
    .map((one) => ({ one, rank: lineHash(`${seed} ${one.run}`) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, count)
    .map(({ one }) => one);
}

/**
 * How many changed runs among `all` a sample of `count` meets with probability `confidence`: the least D with
 * 1 - C(all - D, count)/C(all, count) >= confidence. @returns at most `all`
 */
export function detectable(all: number, count: number, confidence: number): number {
  let missed = 1; // chance that none of D is in the sample: product over i < D of (all - count - i)/(all - i)
  for (let changed = 1; changed <= all; changed++) {
    missed *= Math.max(0, all - count - changed + 1) / (all - changed + 1);
    if (1 - missed >= confidence) return changed;
  }
  return all;
}

/** Where two records of one run differ: the first few numbers. */
export function differenceWords(stored: RunRecord, made: RunRecord): string {
  const out: string[] = [];
  const walk = (path: string, a: unknown, b: unknown): void => {
    if (Object.is(a, b)) return;
    if (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null) {
      const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
      for (const key of new Set([...Object.keys(left), ...Object.keys(right)]))
        walk(path ? `${path}.${key}` : key, left[key], right[key]);
    } else out.push(`${path} is ${String(a)}, not ${String(b)}`);
  };
  walk('', stored, made);
  const more = out.length > 3 ? `, and ${out.length - 3} more` : '';
  return out.length === 0
    ? `run ${stored.run}: its keys stand in another order`
    : `run ${stored.run}: ${out.slice(0, 3).join(', ')}${more}`;
}

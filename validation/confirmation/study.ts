/** A statement with its bound, named before the runs, as data; and how its ten seeds are judged. */
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { log } from '../../src/core/special.ts';
import { meanAndSe } from '../../src/core/statistics.ts';
import {
  intervalOf,
  shareInterval,
  spentOnLook,
  wordOf,
  type Bounds,
  type Interval,
  type Word,
} from '../../src/core/verdict.ts';
import { changeSpec, specFrom } from '../../src/experiments/spec-text.ts';
import type { Spec } from '../../src/experiments/spec.ts';
import { Results } from '../../src/experiments/results.ts';
import { findPreset, presetSpec } from '../../src/reproduction/preset.ts';
import { Boundary } from '../../src/sweeps/boundary.ts';
import { folder as store, readRecords } from '../../src/sweeps/node/store.ts';
import { threads } from '../../src/sweeps/node/threads.ts';
import { searchBoundary } from '../../src/sweeps/search.ts';
import { sweep } from '../../src/sweeps/sweep.ts';
import { agreement } from '../../src/verification/agreement.ts';
import type { Check, Comparison } from '../../src/verification/check.ts';
import type { Family } from '../lemma-settings.ts';
import { familyRuns } from '../lemmas.ts';

interface Named {
  readonly id: string;
  /** the statement in words */
  readonly says: string;
  readonly bounds: Bounds;
  /** where the bounds come from */
  readonly because: string;
}

/**
 * The exponent of a level set between the two sizes of `over`: a search with each seed, Student's t over the ten slopes.
 */
export interface ExponentStudy extends Named {
  readonly kind: 'exponent';
  readonly spec: Record<string, unknown>;
  readonly along: string;
  readonly over: string;
  readonly level: number;
  /** of each search */
  readonly precision: number;
  /** power of `over` in what the spec writes along: the exponent of the symbol itself is larger by it */
  readonly factor?: number;
}

/** One check of a preset on fresh runs: those of all ten seeds count as replicates of one cell. */
export interface CheckStudy extends Named {
  readonly kind: 'check';
  /** `kou-2023/heat-map` */
  readonly preset: string;
  readonly variant: string;
  readonly check: string;
  /** of the comparison, where the check makes several; the check's own unless told */
  readonly comparison?: string;
  readonly quick?: boolean;
  /** runs a cell, of each seed */
  readonly runs: number;
}

/** A check of its own on runs of its own, pooled like those of a preset's check. */
export interface ClaimStudy extends Named {
  readonly kind: 'claim';
  readonly spec: Record<string, unknown>;
  readonly check: Check;
  /** runs a cell, of each seed */
  readonly runs: number;
}

/** The rate at which any of some lemmas is violated over random settings that meet its assumptions. */
export interface LemmaStudy extends Named {
  readonly kind: 'lemmas';
  readonly family: Family;
  readonly lemmas: readonly string[];
  /** of each seed */
  readonly settings: number;
}

export type Study = ExponentStudy | CheckStudy | ClaimStudy | LemmaStudy;

/** What came out, before it is written into a row. */
export interface Outcome {
  readonly runs: number;
  readonly value: number | null;
  readonly interval: Interval | null;
  readonly word: Word;
}

export const boundText = ({ low, high }: Bounds): string =>
  `[${low === -Infinity ? '' : low}, ${high === Infinity ? '' : high}]`;

/** Keys sorted, so that the order in which a definition is written does not matter. */
const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, one]) => [key, sorted(one)]),
        )
      : value;

/** First 16 hex digits of the SHA-256 over everything that defines a study, the preset and its check included. */
export function definitionHash(study: Study): string {
  const whole = study.kind === 'check' ? { ...study, of: checkOf(study) } : study;
  const text = JSON.stringify(sorted(whole), (_, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  );
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** @throws Error for a check that the preset does not have */
function checkOf({ preset, variant: variantId, check: id, quick }: CheckStudy) {
  const { variant } = findPreset(preset, variantId);
  const check = variant.checks.find((one) => one.id === id);
  if (!check) throw new Error(`${preset} ${variantId} has no check ${id}`);
  return { check, spec: variant.spec, ...(quick && { axes: variant.quickAxes }) };
}

/**
 * Makes the runs (goes on with those that the folder has) and judges them.
 *
 * @param alpha that the interval may miss
 */
export async function judge(study: Study, seeds: readonly number[], folder: string, alpha: number): Promise<Outcome> {
  switch (study.kind) {
    case 'exponent':
      return judgeExponent(study, seeds, folder, alpha);
    case 'check':
    case 'claim':
      return judgeCheck(study, seeds, folder, alpha);
    case 'lemmas':
      return judgeLemmas(study, seeds, alpha);
  }
}

const pool = threads(availableParallelism());

function folderOf(folder: string, seed: number): string {
  const path = join(folder, String(seed));
  mkdirSync(path, { recursive: true });
  return path;
}

async function judgeExponent(
  study: ExponentStudy,
  seeds: readonly number[],
  folder: string,
  alpha: number,
): Promise<Outcome> {
  const { along, over, level, precision, factor = 0, bounds } = study;
  const slopes: number[] = [];
  let runs = 0;
  for (const seed of seeds) {
    const spec = changeSpec(specFrom(study.spec, study.id), { seed }, study.id);
    const boundary = new Boundary(spec, { along, over, of: 'testErrorClean', levels: [level], seOfLog: precision });
    const { failed } = await searchBoundary(boundary, { pool, store: store(folderOf(folder, seed)) });
    if (failed.length > 0) throw new Error(`${study.id}: ${failed.length} runs failed: ${failed[0]!.why}`);
    runs += boundary.runs;
    const [a, b] = boundary.points();
    if (a?.crossing && b?.crossing)
      slopes.push(factor + (b.crossing.x - a.crossing.x) / (log(b.row.over) - log(a.row.over)));
  }
  // A seed whose search found nothing is no seed to leave out.
  if (slopes.length < seeds.length) return { runs, value: null, interval: null, word: 'undecided' };
  const { mean, se } = meanAndSe(slopes);
  const interval = intervalOf({ value: mean, se, freedom: slopes.length - 1 }, alpha);
  return { runs, value: mean, interval, word: wordOf(interval, bounds) };
}

async function judgeCheck(
  study: CheckStudy | ClaimStudy,
  seeds: readonly number[],
  folder: string,
  alpha: number,
): Promise<Outcome> {
  const one = changeSpec(specOf(study), { runs: study.runs }, study.id);
  const pooled = new Results(changeSpec(one, { runs: study.runs * seeds.length, seed: seeds[0]! }, study.id));
  for (const [at, seed] of seeds.entries()) {
    const own = folderOf(folder, seed);
    const spec: Spec = changeSpec(one, { seed }, study.id);
    const { failed } = await sweep(spec, { pool, store: store(own) });
    if (failed.length > 0) throw new Error(`${study.id}: ${failed.length} runs failed: ${failed[0]!.why}`);
    readRecords(own, (record) => {
      const replicate = at * study.runs + record.replicate;
      pooled.add({ ...record, seed: seeds[0]!, replicate, run: `${record.run.slice(0, 16)}-${replicate}` });
    });
  }
  const { ours, interval, verdict, margin } = comparisonOf(study, pooled, alpha);
  if (boundText(margin) !== boundText(study.bounds) || verdict === 'not-applicable')
    throw new Error(`${study.id}: the check says ${verdict} of ${boundText(margin)}`);
  return { runs: pooled.count, value: ours, interval, word: verdict };
}

/** What is run, but for the seed and how often. */
const specOf = (study: CheckStudy | ClaimStudy): Spec =>
  study.kind === 'claim'
    ? specFrom(study.spec, study.id)
    : presetSpec(findPreset(study.preset, study.variant), { ...(study.quick && { quick: true }) });

/** The comparison that a study speaks of. @throws Error where the check makes no such one */
function comparisonOf(study: CheckStudy | ClaimStudy, results: Results, alpha: number): Comparison {
  const { check } = study.kind === 'claim' ? study : checkOf(study);
  const wanted = (study.kind === 'check' && study.comparison) || check.id;
  const { comparisons } = agreement(results.frame(), [check], { alpha: alpha / spentOnLook(1, 1), verdicts: 1 });
  const found = comparisons.find(({ id }) => id === wanted);
  if (!found) throw new Error(`${study.id}: the check makes no comparison ${wanted}`);
  return found;
}

/** Whether the bounds of a study are those that it would be judged by: without a run. */
export function boundsAgree(study: Study): boolean {
  if (study.kind !== 'check' && study.kind !== 'claim') return true;
  return boundText(comparisonOf(study, new Results(specOf(study)), 0.05).margin) === boundText(study.bounds);
}

function judgeLemmas(
  { id, family, lemmas, settings, bounds }: LemmaStudy,
  seeds: readonly number[],
  alpha: number,
): Outcome {
  let [met, violated, unclear, runs] = [0, 0, 0, 0];
  for (const seed of seeds) {
    const byLemma = familyRuns(family, settings, 0, 1, seed);
    for (let at = 0; at < settings; at++) {
      const verdicts = lemmas.map((lemma) => {
        const one = byLemma[lemma]?.[at];
        if (!one) throw new Error(`${id}: the family ${family} has no lemma ${lemma}`);
        return one.outcome.verdict;
      });
      runs++;
      if (!verdicts.some((one) => one === 'holds' || one === 'violated' || one === 'unclear')) continue;
      met++;
      if (verdicts.includes('violated')) violated++;
      else if (verdicts.includes('unclear')) unclear++;
    }
  }
  if (met === 0) return { runs, value: null, interval: null, word: 'undecided' };
  const interval = {
    low: shareInterval(violated, met, alpha).low,
    high: shareInterval(violated + unclear, met, alpha).high,
  };
  return { runs, value: violated / met, interval, word: wordOf(interval, bounds) };
}

/** From an estimate and bounds named beforehand to a comparison: the word, and what the comparison can notice. */
import { exp, log, normalQuantile } from '../core/special.ts';
import {
  detectable,
  intervalOf,
  POWER,
  reach,
  together,
  wordOf,
  type Bounds,
  type Interval,
  type Uncertain,
  type Word,
} from '../core/verdict.ts';
import type { Comparison, Detail, Limits, Named, Power } from './check.ts';

/** What is known of the number that a check speaks of. */
export interface Found extends Uncertain {
  /** runs behind it; with them the variance shrinks, but for `fixed` */
  readonly runs: number;
  /** part of se² that runs of ours do not reduce: the published side's */
  readonly fixed?: number;
  readonly published?: number;
  /** value and se are those of the logarithm; bounds and what is printed are not */
  readonly inLog?: boolean;
  /** ends of the interval, where they are no multiple of the standard error */
  readonly interval?: Interval;
  readonly note?: string;
}

/** Why nothing can be said. */
export interface Unknown {
  readonly note: string;
  /** nothing to speak of, rather than too little known */
  readonly notApplicable?: true;
}

const isUnknown = (found: Found | Unknown): found is Unknown => !('value' in found);

export const boundsOf = ({ atMost = Infinity, atLeast = -Infinity }: Limits): Bounds => ({
  low: atLeast,
  high: atMost,
});

export const noted = (says: string, ...notes: (string | undefined)[]): string => {
  const known = notes.filter((note) => note !== undefined && note !== '');
  return known.length === 0 ? says : `${says} (${known.join('; ')})`;
};

/** A comparison of which nothing is known but its bounds. */
export const unjudged = (
  check: Named,
  { note, notApplicable }: Unknown,
  margin: Bounds,
  id = check.id,
): Comparison => ({
  id,
  says: noted(check.says, note),
  basis: check.basis ?? 'guard',
  ours: null,
  se: null,
  published: null,
  interval: null,
  margin,
  verdict: notApplicable ? 'not-applicable' : 'undecided',
  power: { finds: null },
});

/** One number against its bounds. @param alpha of this verdict */
export function judged(check: Named, found: Found | Unknown, margin: Bounds, alpha: number, id = check.id): Comparison {
  if (isUnknown(found)) return unjudged(check, found, margin, id);
  if (!(found.se >= 0) || Number.isNaN(found.value) || (found.freedom !== undefined && !(found.freedom > 0)))
    return unjudged(check, { note: noted('standard errors need two runs a cell', found.note) }, margin, id);
  if (found.se === 0 && !found.interval)
    return unjudged(check, { note: noted('runs all alike do not say how runs differ', found.note) }, margin, id);
  const out = found.inLog ? exp : (value: number): number => value;
  const scaled = found.inLog ? inLog(margin) : margin;
  const interval = found.interval ?? intervalOf(found, alpha);
  const verdict = wordOf(interval, scaled);
  const value = out(found.value);
  return {
    id,
    says: noted(check.says, found.note),
    basis: check.basis ?? 'guard',
    ours: value,
    se: found.inLog ? value * found.se : found.se,
    published: found.published ?? null,
    interval: { low: out(interval.low), high: out(interval.high) },
    margin,
    verdict,
    power: {
      finds: finds(margin, scaled, detectable(found, alpha), out),
      ...(verdict === 'undecided' && { runs: runsNeeded(found, scaled, alpha) }),
      ...tells(check, found, scaled, alpha),
    },
  };
}

const inLog = ({ low, high }: Bounds): Bounds => ({
  low: low > 0 ? log(low) : -Infinity,
  high: high > 0 ? log(high) : -Infinity,
});

/** The larger of the deviations beyond the two ends. */
function finds(margin: Bounds, scaled: Bounds, step: number, out: (value: number) => number): number {
  const above = margin.high === Infinity ? 0 : out(scaled.high + step) - margin.high;
  const below = margin.low === -Infinity || scaled.low === -Infinity ? 0 : margin.low - out(scaled.low - step);
  return Math.max(above, below);
}

/** Runs in all with which a word is said with probability POWER, if the truth is where the estimate is. */
function runsNeeded({ value, se, fixed = 0, runs }: Found, { low, high }: Bounds, alpha: number): number | null {
  const distance = Math.min(Math.abs(value - low), Math.abs(value - high));
  const allowed = (distance / (reach(alpha) + normalQuantile(POWER))) ** 2 - fixed;
  if (!(allowed > 0)) return null;
  return Math.ceil((runs * Math.max(0, se * se - fixed)) / allowed);
}

function tells(check: Named, found: Found, { low, high }: Bounds, alpha: number): Pick<Power, 'tells'> {
  if (!check.alternatives) return {};
  const step = detectable(found, alpha);
  const scale = found.inLog ? log : (value: number): number => value;
  return {
    tells: Object.fromEntries(
      Object.entries(check.alternatives).map(([name, value]) => [
        name,
        Math.max(low - scale(value), scale(value) - high) >= step,
      ]),
    ),
  };
}

/** One of several numbers that must all lie within bounds. */
export interface Part extends Found {
  readonly name: string;
  /** of a difference: the published number that details add back */
  readonly against?: number;
  readonly at?: Detail['at'];
}

/**
 * "All of them": each held at alpha, refuted by any one at alpha over their number, so that either word is wrong with
 * probability alpha at most. Shown is the one that decides: of those furthest out, and all of them as details.
 */
export function allWithin(
  check: Named,
  parts: readonly Part[],
  margin: Bounds,
  alpha: number,
  options: { readonly id?: string; readonly note?: string; readonly details?: boolean } = {},
): Comparison {
  const id = options.id ?? check.id;
  const known = parts.filter(({ se, value, freedom = 1 }) => se >= 0 && !Number.isNaN(value) && freedom > 0);
  if (parts.length === 0) return unjudged(check, { note: options.note ?? 'nothing to test it on' }, margin, id);
  if (known.length < parts.length)
    return unjudged(check, { note: noted('standard errors need two runs a cell', options.note) }, margin, id);
  const scaled = known[0]!.inLog ? inLog(margin) : margin;
  const each = known.map((part) => {
    const strict = intervalOf(part, alpha / known.length);
    const held = intervalOf(part, alpha);
    const beyond = Math.max(scaled.low - held.low, held.high - scaled.high);
    const word: Word = wordOf(strict, scaled) === 'fails' ? 'fails' : beyond <= 0 ? 'holds' : 'undecided';
    return { part, strict, word, beyond };
  });
  const refuted = each.filter(({ word }) => word === 'fails');
  const worst = (refuted.length > 0 ? refuted : each).reduce((a, b) => (b.beyond > a.beyond ? b : a));
  const shown = judged(check, worst.part, margin, worst.word === 'fails' ? alpha / known.length : alpha, id);
  const steps = known.map((part) => detectable(part, alpha / known.length));
  const out = worst.part.inLog ? exp : (value: number): number => value;
  const runs = each.flatMap(({ part, word }) => (word === 'undecided' ? [runsNeeded(part, scaled, alpha)] : []));
  const verdict = together(each.map(({ word }) => word));
  return {
    ...shown,
    says: noted(check.says, options.note, known.length > 1 ? `shown: ${worst.part.name}` : undefined, worst.part.note),
    verdict,
    power: {
      finds: finds(margin, scaled, Math.max(...steps), out),
      ...(verdict === 'undecided' && {
        runs: runs.includes(null) ? null : Math.max(...runs.map((one) => one!)),
      }),
    },
    ...(options.details && {
      details: each.map(({ part, strict, word }): Detail => {
        const shift = part.against ?? 0;
        return {
          name: part.name,
          ours: out(part.value) + shift,
          se: part.inLog ? out(part.value) * part.se : part.se,
          published: part.against ?? (part.inLog ? 1 : 0),
          interval: { low: out(strict.low) + shift, high: out(strict.high) + shift },
          verdict: word,
          ...(part.at && { at: part.at }),
        };
      }),
    }),
  };
}

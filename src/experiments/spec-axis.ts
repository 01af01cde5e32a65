/** An axis: from the three forms in which it may be written to its values, and back. */
import { exp, log } from '../core/special.ts';
import { messages } from '../errors.ts';
import { describeRange, inRange, PARAMETERS, type Parameter, type Powers } from '../notation.ts';
import type { Value } from './cell.ts';
import type { Complaint } from './complaint.ts';
import { scaledGlyph, scaledName } from './scale.ts';
import type { Axis } from './spec.ts';

/** How many steps fit from `from` to `to`, up to rounding. */
const wholeSteps = (from: number, to: number, step: number): number => Math.floor((to - from) / step + 1e-9);

/** @param powers of the law that its parameter follows: the values are then factors */
export function readAxis(path: string, form: unknown, powers?: Powers): Axis | { complaint: Complaint } {
  const { id, entry } = PARAMETERS.get(path)!;
  const fail = (sentence: string, ...more: string[]): { complaint: Complaint } => ({
    complaint: { path: ['axes', path, ...more], sentence },
  });
  let values: Value[];
  if (Array.isArray(form)) values = form as Value[];
  else {
    const { from, to, step, count, scale } = form as {
      from: number;
      to: number;
      step?: number;
      count?: number;
      scale?: string;
    };
    const steps = step !== undefined ? wholeSteps(from, to, step) : count! - 1;
    if (step !== undefined && !(step > 0)) return fail(`axes.${path}.step: must be > 0, got ${step}`, 'step');
    if (to < from) return fail(`axes.${path}.to: must be >= from = ${from}, got ${to}`, 'to');
    if (count !== undefined && !(Number.isInteger(count) && count >= 1 && count <= 1e6))
      return fail(`axes.${path}.count: must be an integer in [1, 1000000], got ${count}`, 'count');
    if (scale === 'log' && !(from > 0))
      return fail(`axes.${path}.from: must be > 0 on a log scale, got ${from}`, 'from');
    if (steps > 1e6) return fail(`axes.${path}.step: gives ${steps + 1} values, at most 1000000 are allowed`, 'step');
    const rounded = (x: number): number => Number(x.toPrecision(12)); // 0.30000000000000004 is 0.3
    values = Array.from({ length: steps + 1 }, (_, i) => {
      if (step !== undefined) return rounded(from + i * step);
      const share = steps === 0 ? 0 : i / steps;
      const x =
        scale === 'log' ? rounded(exp(log(from) + share * (log(to) - log(from)))) : rounded(from + share * (to - from));
      return entry.kind === 'number' && entry.range.integer && !powers ? Math.round(x) : x;
    });
  }
  if (values.length === 0) return fail(messages.axisEmpty(path));
  const seen = new Set<Value>();
  for (const [index, value] of values.entries()) {
    if (powers ? typeof value !== 'number' : !allows(entry, value)) {
      const place = `axes.${path}`;
      const sentence =
        powers || entry.kind === 'number'
          ? messages.mustBeNumber(place, entry.kind === 'number' && !powers ? describeRange(entry.range) : '', value)
          : messages.mustBe(place, entry.kind === 'text' ? entry.form : `one of ${entry.choices.join(', ')}`, value);
      return fail(sentence, String(index));
    }
    if (seen.has(value)) return fail(messages.axisTwice(path, value), String(index));
    seen.add(value);
  }
  return {
    path,
    id,
    values,
    name: powers ? scaledName(path, powers) : id,
    ...(powers && { glyph: scaledGlyph(path, powers) }),
  };
}

function allows(entry: Parameter, value: unknown): boolean {
  if (entry.kind === 'text') return typeof value === 'string' && entry.pattern.test(value);
  if (entry.kind === 'choice') return entry.choices.includes(value as string);
  return typeof value === 'number' && inRange(value, entry.range);
}

/** {from, to, step} where that gives the same values, else the list. */
export function compactAxis(values: readonly Value[]): unknown {
  const [from, second] = values;
  const to = values.at(-1);
  if (values.length > 3 && typeof from === 'number' && typeof second === 'number' && typeof to === 'number') {
    const step = Number((second - from).toPrecision(12));
    if (
      step > 0 &&
      wholeSteps(from, to, step) === values.length - 1 &&
      values.every((value, i) => value === Number((from + i * step).toPrecision(12)))
    )
      return { from, to, step };
  }
  return values;
}

/**
 * Parameters that follow others by a power law: `scale: { data.d: { n: 1 } }` multiplies whatever is written for
 * data.d, in its room or on its axis, by n. So a spec can say d/n = 2, gamma = 5/n or ‖mu‖ = 3 (d/n)^{1/4}; the cells
 * hold the products.
 */
import { exp, log } from '../core/special.ts';
import { messages, UserError } from '../errors.ts';
import {
  CELL_PARAMETERS,
  describeRange,
  factorGlyph,
  inRange,
  PARAMETERS,
  SYMBOLS,
  type NumberParameter,
  type Powers,
  type SymbolEntry,
  type SymbolId,
} from '../notation.ts';
import type { Value, Values } from './cell.ts';
import { covarianceOf, isOfCovariance } from './covariance.ts';

/** By path. */
export type Scale = ReadonlyMap<string, Powers>;

const factors = (powers: Powers): [SymbolId, number][] => Object.entries(powers) as [SymbolId, number][];

/** Whether a symbol can stand in a power law: a number that a spec sets, a trace or norm of the noise covariance, P - 1. */
export const scalable = (id: string): boolean => {
  if (isOfCovariance(id) || id === 'noisyPatches') return true;
  const entry = (SYMBOLS as Record<string, SymbolEntry>)[id];
  return entry?.kind === 'number' && CELL_PARAMETERS.has(entry.path);
};

/**
 * The values with every power law carried out; products are rounded to 12 digits, and to integers where the parameter
 * is one.
 *
 * @throws UserError when a product leaves its range or laws refer to each other in a circle
 */
export function scaled(values: Values, scale: Scale): Values {
  if (scale.size === 0) return values;
  const out = new Map(values);
  const open = new Set<string>();
  const done = new Set<string>();
  const resolve = (path: string): Value | undefined => {
    const powers = scale.get(path);
    const { entry } = PARAMETERS.get(path)!;
    const written = values.get(path) ?? entry.default;
    if (!powers || done.has(path)) return out.get(path) ?? entry.default;
    if (typeof written !== 'number') return written;
    if (open.has(path)) throw new UserError(messages.scaleCircle([...open, path]));
    open.add(path);
    let product = written;
    for (const [id, power] of factors(powers)) {
      const other = isOfCovariance(id)
        ? covarianceOf(id, resolve)
        : id === 'noisyPatches'
          ? Number(resolve('data.patches')) - 1
          : resolve((SYMBOLS[id] as NumberParameter).path);
      if (typeof other !== 'number') throw new UserError(messages.scaleNeeds(path, id));
      product *= raised(other, power);
    }
    const { range } = entry as NumberParameter;
    const value = range.integer ? Math.round(product) : Number(product.toPrecision(12));
    if (!inRange(value, range))
      throw new UserError(messages.scaledOutside(path, describeRange(range), written, scaledName(path, powers), value));
    open.delete(path);
    done.add(path);
    out.set(path, value);
    return value;
  };
  for (const path of scale.keys()) resolve(path);
  return out;
}

/** x^power from the lab's own exp and log, so that it is the same number everywhere. */
const raised = (x: number, power: number): number =>
  power === 1 ? x : power === -1 ? 1 / x : x === 0 ? (power > 0 ? 0 : Infinity) : exp(power * log(x));

/** What is written for a scaled parameter, `d/n` or `mu*n^0.25/d^0.25`: a column's name. */
export const scaledName = (path: string, powers: Powers): string =>
  quotient(PARAMETERS.get(path)!.id, powers, (id) => id, String, '*', '/');

/** The same in glyphs, for an axis. */
export const scaledGlyph = (path: string, powers: Powers): string =>
  quotient(PARAMETERS.get(path)!.id, powers, factorGlyph, fraction, ' ', ' / ');

/** `{1/4}` for 0.25: what can be set as a superscript. */
function fraction(power: number): string {
  const below = [1, 2, 3, 4].find((one) => Number.isInteger(power * one));
  return below === undefined ? String(power) : below === 1 ? `{${power}}` : `{${power * below}/${below}}`;
}

function quotient(
  of: SymbolId,
  powers: Powers,
  name: (id: SymbolId) => string,
  exponent: (power: number) => string,
  times: string,
  over: string,
): string {
  const part = (sign: number): string[] =>
    factors(powers)
      .filter(([, power]) => Math.sign(power) === sign)
      .map(([id, power]) => (Math.abs(power) === 1 ? name(id) : `${name(id)}^${exponent(Math.abs(power))}`));
  const below = part(1);
  const above = [name(of), ...part(-1)].join(times);
  return below.length === 0 ? above : `${above}${over}${below.length > 1 ? `(${below.join(times)})` : below[0]}`;
}

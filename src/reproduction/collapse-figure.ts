/** The drawing of a sweep against a control parameter that a preset asks for. */
import { exp, log } from '../core/special.ts';
import { coordinates } from '../experiments/spec.ts';
import { numbers, type Frame } from '../experiments/frame.ts';
import { controlSettingOf } from '../experiments/setting.ts';
import { collapseFigure, type CollapseLine } from '../figures/collapse.ts';
import type { Caption, Figure } from '../figures/figure.ts';
import { numberText } from '../core/number-text.ts';
import { halfOf, LEVEL } from '../figures/spread.ts';
import { axisLabel, factorGlyph, SYMBOLS, type Powers, type SymbolEntry, type SymbolId } from '../notation.ts';
import { PREDICTIONS } from '../theory/predictions.ts';
import { logProduct } from '../theory/transition-laws.ts';

export interface AgainstOptions extends Caption {
  readonly value: SymbolId;
  readonly log: boolean;
  /** axis (its column's name) that the lines run along */
  readonly along: string;
  readonly against: Powers;
  readonly prediction?: string;
}

/** Points of the theory's curve. */
const FINE = 101;

/** @throws RangeError for another axis, more than two further ones, or an unknown prediction */
export function againstControl(
  frame: Frame,
  { value, log: logY, along, against, prediction, ...caption }: AgainstOptions,
): Figure {
  const { axes } = frame.spec;
  const alongAt = axes.findIndex(({ name }) => name === along);
  if (alongAt < 0) throw new RangeError(`the sweep has no axis ${along}`);
  const others = axes.map((_, at) => at).filter((at) => at !== alongAt);
  if (others.length > 2) throw new RangeError(`lines differ in two axes at most, here in ${others.length}`);
  const { id } = axes[alongAt]!;
  const [runs, diverged] = [numbers(frame, 'runs'), numbers(frame, 'diverged')];
  const means = numbers(frame, value);
  const errors = `${value}Se` in frame.columns ? numbers(frame, `${value}Se`) : means.map(() => null);
  const lines = new Map<string, CollapseLine & { points: CollapseLine['points'][number][] }>();
  frame.cells.forEach((cell, at) => {
    const setting = controlSettingOf(cell);
    const written = coordinates(frame.spec, at);
    const [colour = '', sign = ''] = others.map(
      (axis) => `${axes[axis]!.glyph ?? (SYMBOLS[axes[axis]!.id] as SymbolEntry).glyph} = ${plain(written[axis]!)}`,
    );
    const key = JSON.stringify([colour, sign]);
    if (!lines.has(key)) lines.set(key, { colour, sign, points: [] });
    lines.get(key)!.points.push({
      x: [setting[id]!, exp(logProduct(against, setting))],
      y: means[at]!,
      half: errors[at] == null ? 0 : halfOf(errors[at], Math.max(1, (runs[at] ?? 0) - (diverged[at] ?? 0) - 1)),
    });
  });
  const made = [...lines.values()].map((line) => ({ ...line, points: line.points.sort((a, b) => a.x[0] - b.x[0]) }));
  const missing = means.filter((mean) => mean === null).length;
  const banded = errors.some((se) => se !== null && se > 0);
  return collapseFigure(made, {
    ...caption,
    ...(missing > 0 && {
      subtitle: `${caption.subtitle ?? ''}${caption.subtitle ? ', ' : ''}${missing} of ${means.length} points have no mean`,
    }),
    xLabels: [axisLabel(id), productGlyph(against)],
    yLabel: `${(SYMBOLS[value] as SymbolEntry).glyph}${banded ? ` (mean, ${LEVEL} interval)` : ''}`,
    log: logY,
    ...(prediction !== undefined && { theory: curveOf(frame, id, against, prediction) }),
  });
}

/**
 * The closed form over the range of the lines, at the numbers of the first cell with the parameter along the lines
 * moved.
 */
function curveOf(
  frame: Frame,
  id: SymbolId,
  against: Powers,
  prediction: string,
): { label: string; points: { x: number; y: number }[] } {
  const found = PREDICTIONS.find((one) => one.id === prediction);
  if (!found) throw new RangeError(`no prediction ${prediction}`);
  const settings = frame.cells.map(controlSettingOf);
  const controls = settings.map((setting) => logProduct(against, setting));
  const [low, high] = [Math.min(...controls), Math.max(...controls)];
  const [first] = settings;
  return {
    label: `${found.title}: ${found.formula}`,
    points: Array.from({ length: FINE }, (_, i) => low + (i / (FINE - 1)) * (high - low)).map((control) => {
      const moved = exp(log(first![id]!) + (control - controls[0]!) / against[id]!);
      return { x: exp(control), y: found.value({ ...first, [id]: moved }) };
    }),
  };
}

const plain = (value: unknown): string => (typeof value === 'number' ? numberText(value) : String(value));

/** `n ‖μ‖^4 / (σ_p^4 d)` */
export function productGlyph(powers: Powers): string {
  const part = (sign: number): string[] =>
    (Object.entries(powers) as [SymbolId, number][])
      .filter(([, power]) => Math.sign(power) === sign)
      .map(([id, power]) => `${factorGlyph(id)}${Math.abs(power) === 1 ? '' : `^{${Math.abs(power)}}`}`);
  const [above, below] = [part(1), part(-1)];
  return `${above.join(' ') || '1'}${below.length === 0 ? '' : ` / ${below.length > 1 ? `(${below.join(' ')})` : below[0]}`}`;
}

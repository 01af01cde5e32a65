/** Small computed sweeps for the figures, and a renderer that lets no complaint of Vega pass. */
import assert from 'node:assert/strict';
import type { CellFrame, Field, Frame } from '../../src/experiments/frame.ts';
import { runCell } from '../../src/experiments/run.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import type { Spec, SpecInput } from '../../src/experiments/spec.ts';
import { Results } from '../../src/experiments/results.ts';

import type { Figure } from '../../src/figures/figure.ts';
import { renderSvg } from '../../src/figures/render.ts';

/** Runs the sweep; cells for which `skip` says so stay without a run. */
export function sweep(input: SpecInput, skip: (cell: number) => boolean = () => false): Frame {
  const spec = specFrom(input, 'test');
  const results = new Results(spec);
  for (const [at, cell] of results.cells.entries()) {
    for (let replicate = 0; replicate < spec.runs && !skip(at); replicate++)
      results.add(runCell(cell, spec.seed, replicate, spec.record));
  }
  return results.frame();
}

/** Means that no runs were made for. @param rows one a cell */
export const framed = (spec: Spec, names: readonly string[], rows: readonly (readonly Field[])[]): CellFrame => ({
  spec,
  columns: Object.fromEntries(names.map((name, i) => [name, rows.map((row) => row[i]!)])),
});

const quick = { lines: 4, shifts: 4 };

/** 5 x 4 cells, d geometric. */
export const grid: SpecInput = {
  data: { n: 10, flip: 0.1 },
  network: { m: 4, outputScale: '1', init: 'pytorch-gaussian' },
  training: { maxSteps: 20 },
  test: quick,
  axes: { 'data.d': [50, 100, 200, 400, 800], 'data.mu': [1, 3, 5, 7] },
  runs: 3,
};

/** Cubed ReLU: runs with a large step size leave the floating-point range. */
export const exploding: SpecInput = {
  data: { n: 10, d: 50, flip: 0.1 },
  network: { m: 4, outputScale: '1', sigma0: 0.05, activation: 'relu-power' },
  training: { maxSteps: 40 },
  test: { estimator: 'points', points: 50 },
  axes: { 'training.eta': [1e-3, 1e-2, 1e6], 'data.mu': [1, 3, 5] },
  runs: 2,
};

interface Unit {
  readonly data?: { readonly values: readonly Readonly<Record<string, unknown>>[] };
  readonly mark?: { readonly type?: string; readonly clip?: boolean };
  readonly encoding?: Readonly<Record<string, Channel>>;
}
interface Channel {
  readonly field?: string;
  readonly scale?: { readonly domain?: readonly unknown[] };
}

/** Marks that are not clipped and lie outside their panel's scale, each as `type channel = value, not in [low, high]`. */
export function beyondScale(figure: Figure): string[] {
  const found: string[] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { data, mark, encoding } = node as Unit;
    if (data && mark && encoding && !mark.clip) found.push(...outside(data.values, mark, encoding));
    else Object.values(node).forEach(walk);
  };
  walk(figure.spec);
  return found;
}

function outside(
  values: readonly Readonly<Record<string, unknown>>[],
  { type }: NonNullable<Unit['mark']>,
  encoding: NonNullable<Unit['encoding']>,
): string[] {
  return (['x', 'y'] as const).flatMap((name) => {
    const [low, high] = encoding[name]?.scale?.domain ?? [];
    if (typeof low !== 'number' || typeof high !== 'number') return [];
    const fields = [name, `${name}2`].flatMap((one) => encoding[one]?.field ?? []);
    // Six digits, as every picture rounds its numbers.
    const slack = 1e-5 * Math.max(Math.abs(low), Math.abs(high));
    return values.flatMap((row) =>
      fields
        .map((field) => row[field])
        .filter((value) => typeof value === 'number' && !(value >= low - slack && value <= high + slack))
        .map((value) => `${type} ${name} = ${String(value)}, not in [${low}, ${high}]`),
    );
  });
}

/** The SVG; fails on any warning, on any number that is none, and on a mark outside its scale that is not clipped. */
export async function drawn(figure: Figure): Promise<string> {
  assert.deepEqual(beyondScale(figure), []);
  const warnings: string[] = [];
  const svg = await renderSvg(figure, (sentence) => warnings.push(sentence));
  assert.deepEqual(warnings, []);
  assert.doesNotMatch(svg, /NaN|Infinity|undefined|null/);
  return svg;
}

/** The words of an SVG, one a text element or line of one. */
export const words = (svg: string): string[] =>
  [...svg.matchAll(/>([^<>]+)<\/(?:text|tspan)>/g)].map(([, text]) => text!);

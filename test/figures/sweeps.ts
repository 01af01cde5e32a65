/** Small computed sweeps for the figures, and a renderer that lets no complaint of Vega pass. */
import assert from 'node:assert/strict';
import { runCell } from '../../src/experiments/run.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import type { Spec, SpecInput } from '../../src/experiments/spec.ts';
import { Results, type Table } from '../../src/experiments/table.ts';
import type { Figure } from '../../src/figures/figure.ts';
import { renderSvg } from '../../src/figures/render.ts';

export interface Sweep {
  readonly spec: Spec;
  readonly table: Table;
}

/** Runs the sweep; cells for which `skip` says so stay without a run. */
export function sweep(input: SpecInput, skip: (cell: number) => boolean = () => false): Sweep {
  const spec = specFrom(input, 'test');
  const results = new Results(spec);
  for (const [at, cell] of results.cells.entries()) {
    for (let replicate = 0; replicate < spec.runs && !skip(at); replicate++)
      results.add(runCell(cell, spec.seed, replicate, spec.record));
  }
  return { spec, table: results.table() };
}

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

/** The SVG; fails on any warning and on any number that is none. */
export async function drawn(figure: Figure): Promise<string> {
  const warnings: string[] = [];
  const svg = await renderSvg(figure, (sentence) => warnings.push(sentence));
  assert.deepEqual(warnings, []);
  assert.doesNotMatch(svg, /NaN|Infinity|undefined|null/);
  return svg;
}

/** The words of an SVG, one a text element or line of one. */
export const words = (svg: string): string[] =>
  [...svg.matchAll(/>([^<>]+)<\/(?:text|tspan)>/g)].map(([, text]) => text!);

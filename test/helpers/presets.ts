/** Quick presets, run in process. */
import type { Frame } from '../../src/experiments/frame.ts';
import { presetSpec } from '../../src/reproduction/preset.ts';
import { runCell } from '../../src/experiments/run.ts';
import { Results } from '../../src/experiments/results.ts';
import type { Paper, PaperFigure, Variant } from '../../src/papers/paper.ts';
import { reproduction, type Reproduction } from '../../src/reproduction/reproduce.ts';

const figureOf = (paper: Paper, id: string): PaperFigure => paper.figures.find((one) => one.id === id)!;

export const variantOf = (paper: Paper, figure: string, id: string): Variant =>
  figureOf(paper, figure).variants.find((one) => one.id === id)!;

const made = new Map<Variant, { frame: Frame; made: Reproduction }>();

/** The quick preset with its verdict; each is run once. */
export function quick(paper: Paper, figure: string, id: string): { frame: Frame; made: Reproduction } {
  const variant = variantOf(paper, figure, id);
  let known = made.get(variant);
  if (!known) {
    const spec = presetSpec({ paper, figure: figureOf(paper, figure), variant }, { quick: true });
    const results = new Results(spec);
    for (const cell of results.cells)
      for (let replicate = 0; replicate < spec.runs; replicate++)
        results.add(runCell(cell, spec.seed, replicate, spec.record));
    const frame = results.frame();
    made.set(variant, (known = { frame, made: reproduction(figureOf(paper, figure), variant, frame) }));
  }
  return known;
}

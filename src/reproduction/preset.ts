/** From PAPER[/FIGURE] and --variant to a preset. */
import { messages, UserError } from '../errors.ts';
import { changeSpec, specFrom } from '../experiments/spec-text.ts';
import type { Spec } from '../experiments/spec.ts';
import { PAPERS } from '../papers/index.ts';
import type { Paper, PaperFigure, Variant } from '../papers/paper.ts';
import { findPaper } from './find-paper.ts';

/** What is reproduced: a variant of a figure of a paper. */
export interface Preset {
  readonly paper: Paper;
  /** one of the paper's */
  readonly figure: PaperFigure;
  /** one of the figure's */
  readonly variant: Variant;
}

/** @throws UserError for a name that is not on the shelf */
export function findPreset(name: string, variantId: string | undefined): Preset {
  const [paperId = '', figureId, ...more] = name.split('/');
  const paper = findPaper(paperId);
  const figure = figureId === undefined ? paper.figures[0]! : paper.figures.find((one) => one.id === figureId);
  if (!figure || more.length > 0)
    throw new UserError(
      messages.unknownFigure(
        paper.id,
        name.slice(paperId.length + 1),
        paper.figures.map((one) => one.id),
      ),
    );
  const variant = variantId === undefined ? figure.variants[0]! : figure.variants.find((one) => one.id === variantId);
  if (!variant)
    throw new UserError(
      messages.unknownVariant(
        `${paper.id}/${figure.id}`,
        variantId!,
        figure.variants.map((one) => one.id),
      ),
    );
  return { paper, figure, variant };
}

/** The preset whose spec has this name, so that the figures of an unfinished reproduction are known too. */
export function presetNamed(name: string): Preset | undefined {
  return PAPERS.flatMap((paper) =>
    paper.figures.flatMap((figure) => figure.variants.map((variant) => ({ paper, figure, variant }))),
  ).find(({ variant }) => variant.spec['name'] === name);
}

/**
 * The preset's spec, coarse or whole, with the flags' changes.
 *
 * @param options.content of its data set, where the preset does not know it
 */
export function presetSpec(
  { variant }: Preset,
  options: { quick?: boolean; runs?: number; seed?: number; content?: string },
): Spec {
  const spec = specFrom(
    options.quick ? { ...variant.spec, axes: variant.quickAxes, runs: variant.quickRuns } : variant.spec,
    variant.id,
  );
  const changes = {
    ...(options.runs !== undefined && { runs: options.runs }),
    ...(options.seed !== undefined && { seed: options.seed }),
    ...(options.content !== undefined && { 'data.content': options.content }),
  };
  return Object.keys(changes).length > 0 ? changeSpec(spec, changes, variant.id) : spec;
}

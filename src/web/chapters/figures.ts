/** A figure of a chapter from its paper's entry: all its variants, with what is checked and where they depart. */
import { typeset } from '../../figures/text.ts';
import { specFrom } from '../../experiments/spec-text.ts';
import type { Variant } from '../../papers/paper.ts';
import type { Preset } from '../../reproduction/preset.ts';
import { STATEMENTS } from '../../theory/index.ts';
import { writeHash } from '../state/hash.ts';
import type { PageState } from '../state/page-state.ts';
import { describe, mapSpec } from '../worker/spec-of.ts';
import type { ChapterVariant, FigureView } from './chapter.ts';
import { canJudge } from './costs.ts';
import { liveHash, presetName, stateOf } from './live.ts';
import { marksOf } from './marks.ts';

/** @param more of the state, as an address has it: a text wants it */
export function variantOf(preset: Preset, view: FigureView, more = ''): ChapterVariant {
  const { variant } = preset;
  const name = presetName(preset);
  const base = {
    preset: name,
    id: variant.id,
    says: typeset(variant.says),
    command: `npx benign reproduce ${preset.paper.id}/${preset.figure.id} --variant ${variant.id}`,
    deviations: variant.deviations.map(typeset),
    checks: variant.checks.map(({ says }) => typeset(says)),
    leaves: leavesOf(preset),
    // A text that names the runs has made them cheap.
    judged: canJudge(name) || /(^|&)runs=/.test(more),
  };
  const live = liveHash(preset, view !== 'run');
  if ('why' in live) return { ...base, why: live.why, size: wholeSize(preset), marks: [] };
  const state = stateOf(live.hash, more);
  const described = describe(state);
  return {
    ...base,
    hash: writeHash(state),
    size: `${view === 'run' ? '' : drawnSize(state)} ${wholeSize(preset)}`.trim(),
    marks: view === 'run' ? [] : marksOf(variant.checks, state, described),
  };
}

/** What a text says of a figure's first variant, as far as it goes for another one too. */
export function sharedBy(other: Variant, one: Variant, more: string): string {
  const axes = ({ spec }: Variant): string => JSON.stringify(spec['axes']);
  const same = axes(other) === axes(one);
  return more
    .split('&')
    .filter((piece) => /^(show|colours|time)=/.test(piece) || (same && /^[a-z]+\.[\w]+=/i.test(piece)))
    .join('&');
}

const count = (n: number, one: string): string => `${n.toLocaleString('en')} ${one}${n === 1 ? '' : 's'}`;

function drawnSize(state: PageState): string {
  const { x, y } = mapSpec(state);
  return `Drawn here: a coarse map of ${y.values.length} × ${x.values.length} cells, ${count(state.mapRuns, 'run')} each.`;
}

function wholeSize({ variant }: Preset): string {
  const { axes, runs } = specFrom(variant.spec, variant.id);
  const cells = axes.reduce((product, { values }) => product * values.length, 1);
  return `The preset: ${count(cells, 'cell')}, ${count(runs, 'run')} each.`;
}

const rounded = (factor: number): string =>
  !Number.isFinite(factor)
    ? 'any size (a side is zero)'
    : factor >= 1000
      ? typeset(`10^{${Math.floor(Math.log10(factor))}} or more`)
      : String(factor);

function leavesOf({ variant }: Preset): string[] {
  return Object.entries(variant.leaves ?? {}).map(([id, factor]) => {
    const [paper, statement, condition] = id.split('/');
    const found = STATEMENTS.find((one) => one.id === `${paper}/${statement}`);
    const formula = found?.conditions.find((one) => one.id === condition)?.formula;
    return typeset(
      `${found ? `${found.source}: ` : ''}${formula ?? id}, ${factor <= 1 ? 'just missed' : `by a factor of ${rounded(factor)}`}`,
    );
  });
}

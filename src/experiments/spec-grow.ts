/**
 * A spec that takes the place of another one whose runs are there: all its cells must stay, with the records that they
 * have.
 */
import { CELL_PARAMETERS, PARAMETERS } from '../notation.ts';
import { cellId, type Value } from './cell.ts';
import { compactAxis } from './spec-axis.ts';
import { cells, type Axis, type Spec } from './spec.ts';

/** Where two specs differ so that records would be others, both in words. */
export interface Difference {
  readonly path: string;
  readonly there: string;
  readonly here: string;
}

/** What a folder is to hold. */
export interface Growth {
  readonly spec: Spec;
  /** cells that it has and that it had before */
  readonly cells: number;
  readonly before: number;
  /** in which the folder holds more than is asked for, in words: it keeps them */
  readonly more: readonly string[];
}

/** Cells up to which ids are compared where a parameter differs that may have no effect. */
const FEW = 20_000;

/**
 * The spec for a folder that holds `held` and is asked for `asked`: the larger of the two, where one has every cell of
 * the other. A fixed parameter counts as an axis with one value.
 */
export function grow(held: Spec, asked: Spec): Growth | readonly Difference[] {
  const differences = others(held, asked);
  const paths = new Set([...asked.axes, ...held.axes].map(({ path }) => path));
  const covers = (a: Spec, b: Spec): boolean =>
    [...paths].every((path) => isWithin(valuesOf(b, path), valuesOf(a, path)));
  const larger = covers(asked, held) ? asked : covers(held, asked) ? held : undefined;
  if (!larger)
    for (const path of paths) {
      const [there, here] = [valuesOf(held, path), valuesOf(asked, path)];
      if (!isWithin(there, here))
        differences.push({ path: axisPath(held, asked, path), there: words(held, path), here: words(asked, path) });
    }
  const fixed = [...CELL_PARAMETERS.keys()].filter((path) => !paths.has(path));
  const differing = fixed.filter((path) => valuesOf(held, path)[0] !== valuesOf(asked, path)[0]);
  if (differing.length > 0 && !(larger && differences.length === 0 && sameCells(held, asked, larger)))
    for (const path of differing) differences.push({ path, there: words(held, path), here: words(asked, path) });
  if (differences.length > 0 || !larger) return differences;
  const runs = Math.max(held.runs, asked.runs);
  return {
    spec: { ...larger, name: asked.name, runs },
    cells: count(larger),
    before: count(held),
    more:
      larger === held ? [...paths].filter((path) => valuesOf(held, path).length > valuesOf(asked, path).length) : [],
  };
}

const count = ({ axes }: Spec): number => axes.reduce((product, { values }) => product * values.length, 1);

/** What is neither a parameter of a cell nor the number of runs. */
function others(held: Spec, asked: Spec): Difference[] {
  const parts = ({ seed, scale, precision, record }: Spec): [string, unknown][] => [
    ['seed', seed],
    ['scale', [...scale]],
    ...['of', 'halfWidth', 'confidence', 'minRuns'].map((key): [string, unknown] => [
      `precision.${key}`,
      (precision as Readonly<Record<string, unknown>> | undefined)?.[key],
    ]),
    ['record.series', record.series],
    ['record.values', record.values],
    ['record.every', record.series.length > 0 ? record.every : undefined],
    ['record.arrays', record.arrays?.names],
    ['record.arraysEvery', record.arrays?.every],
  ];
  const here = new Map(parts(asked));
  return parts(held).flatMap(([path, there]) => {
    const [a, b] = [JSON.stringify(there), JSON.stringify(here.get(path))];
    return a === b ? [] : [{ path, there: a ?? 'absent', here: b ?? 'absent' }];
  });
}

const axisOf = ({ axes }: Spec, path: string): Axis | undefined => axes.find((one) => one.path === path);

/** Those of an axis, or the one of a fixed parameter; none where it has neither value nor default. */
function valuesOf(spec: Spec, path: string): readonly Value[] {
  const axis = axisOf(spec, path);
  if (axis) return axis.values;
  const value = spec.values.get(path) ?? PARAMETERS.get(path)!.entry.default;
  return value === undefined ? [] : [value];
}

function isWithin(few: readonly Value[], many: readonly Value[]): boolean {
  const all = new Set(many);
  return few.length > 0 && few.every((value) => all.has(value));
}

const axisPath = (held: Spec, asked: Spec, path: string): string =>
  axisOf(held, path) && axisOf(asked, path) ? `axes.${path}` : path;

function words(spec: Spec, path: string): string {
  const axis = axisOf(spec, path);
  const text = axis ? JSON.stringify(compactAxis(axis.values)) : JSON.stringify(valuesOf(spec, path)[0]);
  if (text === undefined) return 'absent';
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}

/** Whether every cell of both is one of the larger: a parameter without effect changes no cell. */
function sameCells(held: Spec, asked: Spec, larger: Spec): boolean {
  if (count(larger) > FEW) return false;
  const all = new Set([...cells(larger)].map(cellId));
  const smaller = larger === held ? asked : held;
  return [...cells(smaller)].every((cell) => all.has(cellId(cell)));
}

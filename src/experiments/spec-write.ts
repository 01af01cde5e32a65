/** A spec as plain data: what a result folder keeps. */
import { PARAMETERS } from '../notation.ts';
import { pointsAtFirst } from './cell.ts';
import { MODELS, type ModelId } from './models.ts';
import { compactAxis } from './spec-axis.ts';
import type { Spec, SpecInput } from './spec.ts';

/** The spec as nested plain data with sorted rooms and defaults omitted; reading it gives the same spec. */
export function writeSpec(spec: Spec): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  if (spec.name) out['name'] = spec.name;
  for (const [path, { entry }] of PARAMETERS) {
    const value = spec.values.get(path);
    // With Student noise and at depth the estimator's default is another one, and the engine's with given points.
    const written = (path === 'test.estimator' && mayBePointsAtFirst(spec)) || (path === 'engine' && mayBeGiven(spec));
    if (value === undefined || (!written && value === entry.default)) continue;
    const [room, key] = path.split('.') as [string, string | undefined];
    if (key === undefined) out[room] = value;
    else ((out[room] ??= {}) as Record<string, unknown>)[key] = value;
  }
  if (spec.axes.length > 0)
    out['axes'] = Object.fromEntries(spec.axes.map(({ path, values }) => [path, compactAxis(values)]));
  if (spec.scale.size > 0) out['scale'] = Object.fromEntries(spec.scale);
  out['runs'] = spec.runs;
  if (spec.precision)
    out['precision'] = Object.fromEntries(
      Object.entries(spec.precision).filter(
        ([key, value]) => value !== PARAMETERS.get(`precision.${key}`)!.entry.default,
      ),
    );
  out['seed'] = spec.seed;
  const { series, values: kept, every, arrays } = spec.record;
  if (series.length > 0 || kept.length > 0 || arrays)
    out['record'] = {
      ...(series.length > 0 && { series }),
      ...(kept.length > 0 && { values: kept }),
      ...(series.length > 0 && { every }),
      ...(arrays && { arrays: arrays.names }),
      ...(arrays && arrays.every > 0 && { arraysEvery: arrays.every }),
    };
  return out;
}

/** The same with what no run depends on: the views. */
export const writeWhole = (spec: Spec): Record<string, unknown> => ({
  ...writeSpec(spec),
  ...(spec.figures && { figures: spec.figures }),
  ...(spec.files && { files: spec.files }),
});

const mayBePointsAtFirst = ({ values, axes }: Spec): boolean =>
  pointsAtFirst(values) ||
  axes.some(
    ({ path, values: all }) =>
      ['data.noise', 'network.depth', 'data.flipLaw'].includes(path) &&
      all.some((value) => pointsAtFirst(new Map([[path, value]]))),
  );

const mayBeGiven = ({ values, axes }: Spec): boolean =>
  [values.get('data.model'), ...axes.flatMap(({ path, values: all }) => (path === 'data.model' ? all : []))].some(
    (model) => MODELS[model as ModelId]?.given === true,
  );

/** The spec with some values set or axes fixed: `--set`, `--runs`, `--seed`. */
export function withValues(spec: Spec, changes: Readonly<Record<string, unknown>>): SpecInput {
  const written = structuredClone(writeWhole(spec)) as Record<string, Record<string, unknown>>;
  for (const [path, value] of Object.entries(changes)) {
    delete written['axes']?.[path];
    const [room, key] = path.split('.') as [string, string | undefined];
    if (key === undefined) (written as Record<string, unknown>)[room] = value;
    else (written[room] ??= {})[key] = value;
  }
  if (written['axes'] && Object.keys(written['axes']).length === 0) delete written['axes'];
  return written;
}

/**
 * A cell as a point in parameter space: every number that it uses, units carried out. This is all that theory sees of
 * it.
 */
import { isCounted, meanFlip } from '../core/flip-laws.ts';
import { CELL_PARAMETERS, ofNotation, PARAMETERS, type Setting, type SymbolId } from '../notation.ts';
import { CONDITIONAL, signalAndNoise, valueAt, type Cell } from './cell.ts';
import { DERIVED, type DerivedId } from './derived.ts';
import { modelOf, noisesOf } from './models.ts';
import { initialOutputWeight, initialScale, stepSize } from './units.ts';

/**
 * Conditional parameters that theory reads all the same: epsilon is the loss that it asks the time for, whatever the
 * stop rule.
 */
const ALWAYS = new Set(['training.epsilon']);

/** Parameters whose 0 stands for nothing of the kind. */
const OFF_AT_ZERO = new Set(['training.batch', 'training.weightDecay', 'data.sigmaY']);

/** Numbers of data, network and training, and where each has a meaning; everywhere unless said. */
const numbers = ofNotation(() =>
  [...PARAMETERS].flatMap(([path, { id, entry }]) => {
    if (entry.kind !== 'number' || !/^(data|network|training)\./.test(path) || !CELL_PARAMETERS.has(path)) return [];
    const used = ALWAYS.has(path) ? undefined : CONDITIONAL.find((one) => one.path === path)?.used;
    return [{ path, id, used }];
  }),
);

/**
 * n, d, m, ... as they stand; mu and sigmaP whatever the model calls them; eta, sigma0 (of a PyTorch initialisation
 * 1/√(3d)) and v0 as plain numbers; flips the number of wrong training labels, its mean (np, where no class is more
 * likely) where the flip law fixes none; noisyPatches those of a point. Numbers without effect in this cell are left out,
 * and so are those of test, runs and seed.
 */
export function settingOf(cell: Cell): Setting {
  const setting: Partial<Record<SymbolId, number>> = {};
  for (const { path, id, used } of numbers()) {
    if (used && !used(cell)) continue;
    const value = valueAt(cell, path);
    if (typeof value === 'number' && !(value === 0 && OFF_AT_ZERO.has(path))) setting[id] = value;
  }
  const { data, network } = cell;
  const { mu, sigmaP } = signalAndNoise(cell);
  return {
    ...setting,
    // A data model of one's own need not have both.
    ...(!Number.isNaN(mu) && { mu }),
    ...(!Number.isNaN(sigmaP) && { sigmaP }),
    flip: meanFlip(data),
    flips: isCounted(data.flipLaw) ? data.flips : data.n * meanFlip(data),
    ...(modelOf(data).reads.includes('patches') && { noisyPatches: noisesOf(data) }),
    sigma0: network.init === 'gaussian' ? initialScale(cell) : 1 / Math.sqrt(3 * data.d),
    v0: initialOutputWeight(cell),
    eta: stepSize(cell),
  };
}

/** With what follows from them and has a name of its own: control parameters, and what they are made of. */
export function controlSettingOf(cell: Cell): Setting {
  const derived = (Object.keys(DERIVED) as DerivedId[]).flatMap((id) => {
    const value = DERIVED[id](cell);
    return value === null ? [] : [[id, value] as const];
  });
  return { ...settingOf(cell), ...Object.fromEntries(derived) };
}

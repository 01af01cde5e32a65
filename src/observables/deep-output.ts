/** The output of a deep network on a fresh point, as far as lines need it: a Gaussian vector, and layers above it. */
import { arrayTimesPower2, exponentOf, largestOf, timesPower2 } from '../core/scale.ts';
import type { FreshLaw } from '../data/sample.ts';
import type { Problem, StackView, TwoLayerView } from '../dynamics/engine.ts';
import { freshOutput, type FreshOutput } from './fresh-output.ts';

/** From the units of one layer, noisy patch after noisy patch, to what stands above them. */
export interface Rise {
  /** units of a patch below */
  readonly below: number;
  /** units above: of a patch, or of the point where the patches are pooled in between; 1 for the output */
  readonly units: number;
  /** what unit u of a patch gives to the units above, below x units */
  readonly weights: Float64Array;
  /** whether all patches go into the same units */
  readonly pools: boolean;
}

/** A deep network above the heights of its filters, leaky ReLUs all. */
export interface DeepOutput {
  /**
   * the law of the heights. Its output weights are those of the network with every unit active, of which lines take
   * their direction; its atoms' `fixed` has no meaning
   */
  readonly heights: FreshOutput;
  /** slope of an activation below 0 */
  readonly leak: number;
  /** from layer l + 1 to the next one, the last to the output */
  readonly rises: readonly Rise[];
  /** of each atom: what each rise adds to, the biases and all that the patches without noise give */
  readonly bases: readonly (readonly Float64Array[])[];
}

/** The first layer as a two-layer network that hears every filter: what the law of its products is taken from. */
export function asFilters({ layers, products }: StackView): TwoLayerView {
  const { weights, bias, preactivations } = layers[0]!;
  const rows = weights();
  return {
    outputs: new Float64Array(0),
    outputsAt: () => new Float64Array(0),
    preactivations,
    outputWeights: new Float64Array(bias.length).fill(1),
    bias,
    weights: () => ({ rows, columns: rows.length / bias.length }),
    products,
  };
}

/**
 * In units of its own, layer by layer: the largest weight of each lies in [1, 2), the heights are those of `heights`.
 * The activation is homogeneous, so that no sign of f depends on them.
 *
 * @throws RangeError for an activation that is not piecewise linear
 */
export function deepOutput(stack: StackView, { network, sample }: Problem, fresh: FreshLaw): DeepOutput {
  const { activation, hidden } = network;
  if (activation.kind !== 'piecewise-linear')
    throw new RangeError('line sampling of a deep network needs a piecewise-linear activation');
  const { leak } = activation;
  const { widths, pool, share } = hidden!;
  const heights = freshOutput(asFilters(stack), activation, sample.anchors, fresh);
  const patches = fresh.noisy.length;
  const rises: Rise[] = [];
  const biases: Float64Array[] = [];
  let unit = heights.units!.heights;
  widths.forEach((below, at) => {
    const last = at === widths.length - 1;
    const pools = at === (pool === 'first' ? 0 : widths.length - 1);
    const layer = stack.layers[at + 1];
    const rows = layer ? layer.weights() : stack.outputWeights;
    const own = exponentOf(largestOf(rows));
    unit += own;
    const units = last ? 1 : widths[at + 1]!;
    const weights = new Float64Array(rows.length);
    for (let u = 0; u < below; u++)
      for (let j = 0; j < units; j++)
        weights[u * units + j] = (pools ? share : 1) * timesPower2(rows[j * below + u]!, -own);
    rises.push({ below, units, weights, pools });
    biases.push(layer ? arrayTimesPower2(layer.bias, -unit) : new Float64Array(1));
  });
  const quiet = quietHeights(stack, sample.anchors, fresh, heights.units!.heights);
  const bases = quiet.map((ofPatches) => basesOf(ofPatches, { rises, biases, leak, patches }));
  return { heights: { ...heights, outputWeights: linearPart(rises, patches) }, leak, rises, bases };
}

/** Derivatives of the output by what the filters give, with every unit active. */
function linearPart(rises: readonly Rise[], patches: number): Float64Array {
  let above = Float64Array.of(1);
  let pooled = true;
  for (const { below, units, weights, pools } of [...rises].reverse()) {
    if (pools) pooled = false;
    const here = new Float64Array(pooled ? below : patches * below);
    for (let u = 0; u < here.length; u++) {
      const inPatch = u % below;
      const from = pools || pooled ? 0 : ((u - inPatch) / below) * units;
      for (let j = 0; j < units; j++) here[u]! += weights[inPatch * units + j]! * above[from + j]!;
    }
    above = here;
  }
  return above;
}

/** Of each atom: the heights of the filters in each of its patches without noise. */
function quietHeights({ layers, products }: StackView, K: number, { atoms, noisy }: FreshLaw, unit: number) {
  const { bias } = layers[0]!;
  const all = products();
  const isNoisy = new Set(noisy.map(({ patch }) => patch));
  return atoms.map((atom) =>
    atom.patches
      .filter((_, s) => !isNoisy.has(s))
      .map((terms) =>
        bias.map((b, r) =>
          timesPower2(
            terms.reduce((sum, [k, c]) => sum + c * all[r * K + k]!, b),
            -unit,
          ),
        ),
      ),
  );
}

interface Above {
  readonly rises: readonly Rise[];
  readonly biases: readonly Float64Array[];
  readonly leak: number;
  readonly patches: number;
}

/** The biases once a noisy patch, until the patches are pooled; where they are, what those without noise give. */
function basesOf(quiet: readonly Float64Array[], { rises, biases, leak, patches }: Above): Float64Array[] {
  let values = quiet.map((h) => h.map((x) => (x > 0 ? x : leak * x)));
  let pooled = false;
  return rises.map((rise, at) => {
    const bias = biases[at]!;
    if (pooled) return bias;
    if (rise.pools) {
      pooled = true;
      return values.reduce((sum, x) => withRise(sum, rise, x), bias);
    }
    values = values.map((x) => withRise(bias, rise, x).map((h) => (h > 0 ? h : leak * h)));
    const tiled = new Float64Array(patches * bias.length);
    for (let p = 0; p < patches; p++) tiled.set(bias, p * bias.length);
    return tiled;
  });
}

/** base plus what the values x of one patch give. */
function withRise(base: Float64Array, { units, weights }: Rise, x: Float64Array): Float64Array {
  const out = base.slice();
  for (let u = 0; u < x.length; u++)
    if (x[u] !== 0) for (let j = 0; j < units; j++) out[j]! += x[u]! * weights[u * units + j]!;
  return out;
}

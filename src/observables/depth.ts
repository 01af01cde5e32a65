/**
 * The layers of a network against each other, two or more: how large each is, how far it has moved, and how much of it
 * is active. Layer 1 is the filters, layer L the output, by its v (a = +-unit * v).
 *
 * Every layer is homogeneous of degree 1 in its weights where there is no bias and the activation is a (leaky) ReLU. So
 * |W_l|^2 - |W_(l+1)|^2 between trained layers moves in a step of descent by eta^2 (|G_l|^2 - |G_(l+1)|^2), G the
 * gradients, whatever the loss, batch or labels: gradient flow keeps it (Du, Hu, Lee 2018).
 */
import { dotRows } from '../core/linear-algebra.ts';
import type { LayeredView, Problem, TwoLayerView } from '../dynamics/engine.ts';
import {
  needOfLayer,
  observable,
  oncePerRun,
  oncePerState,
  type LayerNumber,
  type Observable,
  type RunContext,
  type State,
} from './observable.ts';

/** The layers of one state. */
export interface Layers {
  /** weights of layers 1, ..., L without biases; of the output v */
  readonly weights: readonly Float64Array[];
  /** pre-activations of layers 1, ..., L-1 on the training sample */
  readonly preactivations: readonly Float64Array[];
}

/** W_1, ..., W_L as they are trained. */
export function layersShown(view: LayeredView, problem: Problem): Layers {
  if (view.stack) {
    const { layers, outputWeights } = view.stack;
    return {
      weights: [...layers.map(({ weights }) => weights()), outputOf(outputWeights, problem)],
      preactivations: layers.map(({ preactivations }) => preactivations),
    };
  }
  const { weights, outputWeights, preactivations } = view as TwoLayerView;
  return { weights: [weights.call(view).rows, outputOf(outputWeights, problem)], preactivations: [preactivations] };
}

const outputOf = (outputWeights: Float64Array, { network: { outputUnit } }: Problem): Float64Array =>
  outputWeights.map((a) => a / outputUnit);

const startOf = oncePerRun(({ problem }: RunContext): readonly Float64Array[] => {
  const { init, network } = problem;
  return [init.rows, ...(init.hidden ?? []).map(({ weights }) => weights), outputOf(network.outputWeights, problem)];
});

const squareOf = (x: Float64Array): number => dotRows(x, 0, x, 0, x.length);
const shown = oncePerState(({ view, run }: State<LayeredView>) => layersShown(view, run.problem));
const squares = oncePerState((state: State<LayeredView>) => shown(state).weights.map(squareOf));

function change(state: State<LayeredView>, layer: number): number {
  const now = shown(state).weights[layer - 1]!;
  const start = startOf(state.run)[layer - 1]!;
  let moved = 0;
  for (let k = 0; k < now.length; k++) moved += (now[k]! - start[k]!) ** 2;
  return moved === 0 ? 0 : Math.sqrt(moved / squareOf(start));
}

function active(state: State<LayeredView>, layer: number): number {
  const h = shown(state).preactivations[layer - 1]!;
  let above = 0;
  for (const x of h) if (x > 0) above++;
  return above / h.length;
}

const ALL = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const satisfies readonly LayerNumber[];
type Below = Exclude<LayerNumber, 10>;
const BELOW = ALL.slice(0, -1) as readonly Below[];
const after = (layer: Below): LayerNumber => (layer + 1) as LayerNumber;

/** One observable a layer. @param last the highest layer that it reads */
const each = <Name extends string, Layer extends LayerNumber>(
  name: Name,
  layers: readonly Layer[],
  last: (layer: Layer) => LayerNumber,
  of: (state: State<LayeredView>, layer: Layer) => number,
): Readonly<Record<`${Name}${Layer}`, Observable>> =>
  Object.fromEntries(
    layers.map((layer) => [
      `${name}${layer}`,
      observable(['layers', ...needOfLayer(last(layer))], (state) => of(state as State<LayeredView>, layer)),
    ]),
  ) as Record<`${Name}${Layer}`, Observable>;

export const DEPTH = {
  ...each(
    'layerNorm',
    ALL,
    (layer) => layer,
    (state, layer) => Math.sqrt(squares(state)[layer - 1]!),
  ),
  ...each('layerGap', BELOW, after, (state, layer) => squares(state)[layer - 1]! - squares(state)[layer]!),
  ...each('layerChange', ALL, (layer) => layer, change),
  ...each('layerActive', BELOW, after, active),
} as const;

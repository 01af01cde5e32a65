/**
 * Does a step keep what homogeneous layers keep? Where every layer is homogeneous of degree 1 in its weights, <W_l, G_l>
 * is the same number for every layer (Euler), so that a step of descent moves |W_l|^2 - |W_(l+1)|^2 by exactly
 * eta^2 (|G_l|^2 - |G_(l+1)|^2), that is by |dW_l|^2 - |dW_(l+1)|^2 (derived in docs/model.md).
 */
import type { LayeredView } from '../dynamics/engine.ts';
import { layersShown } from './depth.ts';
import { fieldsOfWatch, type RunContext, type Watcher } from './observable.ts';

interface LayerSteps {
  /**
   * largest, over the steps and the pairs of neighbouring trained layers, of the distance between both sides over
   * |W_l|^2 + |W_(l+1)|^2; NaN before a step, and where no two neighbours are trained
   */
  readonly layerIdentity: number;
}

function layerSteps({ problem }: RunContext): Watcher<LayerSteps, LayeredView> {
  const { network } = problem;
  const depth = (network.hidden?.widths.length ?? 1) + 1;
  const trained = (layer: number): boolean =>
    layer === depth ? network.trainsOutput : !(network.hidden?.frozen.includes(layer) ?? false);
  const lower = Array.from({ length: depth - 1 }, (_, at) => at).filter((at) => trained(at + 1) && trained(at + 2));
  let before: readonly Float64Array[] | undefined;
  let worst: number | undefined;
  return {
    see(_, view) {
      if (lower.length === 0) return;
      const { weights } = layersShown(view, problem);
      if (before) {
        const old = before;
        // (|W'|^2 - |W|^2) - |W' - W|^2 = 2 <W, W' - W>
        const turns = weights.map((now, at) => {
          let sum = 0;
          for (let k = 0; k < now.length; k++) sum += old[at]![k]! * (now[k]! - old[at]![k]!);
          return 2 * sum;
        });
        const squares = weights.map((now) => now.reduce((sum, w) => sum + w * w, 0));
        for (const at of lower) {
          const off = Math.abs(turns[at]! - turns[at + 1]!) / (squares[at]! + squares[at + 1]!);
          worst = worst === undefined ? off : Math.max(worst, off);
        }
      }
      before = weights.map((now) => now.slice());
    },
    take: () => ({ layerIdentity: worst ?? NaN }),
  };
}

export const LAYER_STEPS = fieldsOfWatch(['layerIdentity'], ['layers'], layerSteps);

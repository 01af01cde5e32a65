/**
 * The engine `gram-frozen` in WebAssembly: the algorithm of frozen.ts with the same order of arithmetic, so the same
 * bits.
 */
import { codes, constants, layout, sizes } from '../core/kernel.layout.ts';
import { LARGEST, type Kernel } from '../core/kernel.ts';
import { product, productTransposed } from '../core/kernel-algebra.ts';
import { checkProblem } from './check.ts';
import type { Engine, Problem } from './engine.ts';
import {
  denseWork,
  frozen,
  LONGEST_PAUSE,
  PAUSE,
  WINDOW,
  WORTH,
  type FrozenCounters,
  type FrozenRun,
} from './frozen.ts';
import { KernelLoop } from './kernel-loop.ts';
import { PatchSpace, type PatchState, type PatchView } from './patch-space.ts';
import { AT_START } from './sign-watch.ts';

interface FrozenKernelEngine extends Engine {
  start(problem: Problem): FrozenRun;
}

/** Takes the reference for problems larger than linear memory. */
export const frozenKernel: FrozenKernelEngine = {
  id: 'gram-frozen',
  refuses: frozen.refuses,
  start(problem) {
    checkProblem(problem, frozen);
    const { sample, network } = problem;
    const D = sample.n * sample.patches.perSample; // at most
    if ((D + 8) * (2 * D + 13 * network.filters + 50) > LARGEST) return frozen.start(problem);
    return new FrozenKernelRun(problem, new PatchSpace(problem, { product, productTransposed }));
  },
};

const { Frozen } = layout;

class FrozenKernelRun extends KernelLoop implements FrozenRun {
  readonly view: PatchView;
  private readonly space: PatchSpace;
  /** length of a row over the patches, padded */
  private readonly stride: number;

  constructor(problem: Problem, space: PatchSpace) {
    const D = space.patches.count;
    super(problem, 2 * D * D + 60 * D);
    this.space = space;
    this.stride = Math.ceil(D / constants.PANEL) * constants.PANEL;
    this.load();
    this.view = space.view(() => this.read());
  }

  get counters(): FrozenCounters {
    this.host();
    const { header } = this;
    return {
      frozen: header.get(Frozen.frozen),
      plain: header.get(Frozen.plain),
      phases: header.get(Frozen.phases),
      flips: header.get(Frozen.flips),
      sets: header.get(Frozen.sets),
      looks: header.get(Frozen.looks),
    };
  }

  protected given(): { readonly at: number; readonly length: number } {
    return this.range(this.header.array(Frozen.gamma), this.space.patches.count * this.stride);
  }

  private read(): PatchState {
    const host = this.host();
    host.exports.thawFrozen(host.base);
    const { f64 } = host;
    const { network } = this.problem;
    const D = this.space.patches.count;
    const R = network.filters;
    const preactivations = new Float64Array(R * D);
    const moved = new Float64Array(R * D);
    const [present, shifts, slopes, sums] = [
      this.header.array(Frozen.present),
      this.header.array(Frozen.shifts),
      this.header.array(Frozen.slopes),
      this.header.array(Frozen.sums),
    ];
    for (let r = 0; r < R; r++) {
      const a = network.outputWeights[r]!;
      for (let p = 0, at = r * this.stride; p < D; p++, at++) {
        preactivations[r * D + p] = f64[present + at]!;
        moved[r * D + p] = a * (f64[shifts + at]! + f64[slopes + at]! * f64[sums + p]!);
      }
    }
    return { outputs: this.outputs(), preactivations, moved };
  }

  private load(): void {
    const { patches, gamma, atStart } = this.space;
    const { count: D } = patches;
    const { filters: R, activation } = this.problem.network;
    const worth = WORTH * denseWork(R, D, (activation as { leak: number }).leak);
    const host = this.claim(codes.Form.FROZEN, sizes.Frozen, [
      [Frozen.D, D],
      [Frozen.window, WINDOW],
      [Frozen.nextPause, PAUSE],
      [Frozen.firstPause, PAUSE],
      [Frozen.worth, worth],
      [Frozen.longestPause, LONGEST_PAUSE],
      [Frozen.spread, AT_START],
    ]);
    host.i32.set(patches.of, 2 * this.header.array(Frozen.patchOf));
    host.i32.set(patches.start, 2 * this.header.array(Frozen.holderStart));
    host.i32.set(patches.holder, 2 * this.header.array(Frozen.holder));
    this.spread(host, gamma, D, this.header.array(Frozen.gamma));
    this.spread(host, atStart, R, this.header.array(Frozen.atStart));
    host.exports.beginFrozen(host.base);
  }

  /** Copies rows over the patches to padded ones; without a call for each, which costs more than a short row. */
  private spread({ f64 }: Kernel, from: Float64Array, rows: number, to: number): void {
    const D = this.space.patches.count;
    for (let row = 0, at = 0; row < rows; row++, to += this.stride)
      for (let p = 0; p < D; p++) f64[to + p] = from[at++]!;
  }
}

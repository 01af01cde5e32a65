/**
 * The engine `gram-incremental` in WebAssembly: the algorithm of incremental.ts with the same order of arithmetic, so
 * the same bits.
 */
import { codes, constants, layout, sizes } from '../core/kernel.layout.ts';
import { LARGEST } from '../core/kernel.ts';
import { product, productTransposed } from '../core/kernel-algebra.ts';
import { checkProblem } from './check.ts';
import type { Engine, Problem } from './engine.ts';
import { incremental, REFRESH, type IncrementalCounters, type IncrementalRun } from './incremental.ts';
import { KernelLoop } from './kernel-loop.ts';
import { PatchSpace, type PatchState, type PatchView } from './patch-space.ts';

interface IncrementalKernelEngine extends Engine {
  start(problem: Problem): IncrementalRun;
}

/** Takes the reference for problems larger than linear memory. */
export const incrementalKernel: IncrementalKernelEngine = {
  id: 'gram-incremental',
  refuses: incremental.refuses,
  start(problem) {
    checkProblem(problem, incremental);
    const { sample, network } = problem;
    const D = sample.n * sample.patches.perSample; // at most
    if ((D + 8) * (D + 8 * network.filters) > LARGEST) return incremental.start(problem);
    return new IncrementalKernelRun(problem, new PatchSpace(problem, { product, productTransposed }));
  },
};

const { Increments } = layout;
/** columns of a panel */
const WIDTH = constants.PANEL;

class IncrementalKernelRun extends KernelLoop implements IncrementalRun {
  readonly view: PatchView;
  private readonly space: PatchSpace;

  constructor(problem: Problem, space: PatchSpace) {
    super(problem, 16 * problem.network.filters * (space.patches.count + WIDTH));
    this.space = space;
    this.load();
    this.view = space.view(() => this.read());
  }

  get counters(): IncrementalCounters {
    this.host();
    return {
      steps: this.time(),
      touched: this.header.get(Increments.touched),
      rows: this.header.get(Increments.rows),
      scratch: this.header.get(Increments.scratch),
    };
  }

  protected given(): { readonly at: number; readonly length: number } {
    const D = this.space.patches.count;
    return this.range(this.header.array(Increments.gamma), Math.ceil(D / WIDTH) * WIDTH * D);
  }

  /** What the kernel keeps by panels and patches, by filters. */
  private read(): PatchState {
    const { f64 } = this.host();
    const R = this.problem.network.filters;
    const D = this.space.patches.count;
    const preactivations = new Float64Array(R * D);
    const moved = new Float64Array(R * D);
    const [state, z, sums, updated] = [
      this.header.array(Increments.state),
      this.header.array(Increments.z),
      this.header.array(Increments.sums),
      this.header.array(Increments.updated),
    ];
    const t = this.time();
    for (let p = 0; p < D; p++) {
      const h = state + Math.floor(p / WIDTH) * R * 2 * WIDTH + (p % WIDTH);
      for (let r = 0; r < R; r++) {
        preactivations[r * D + p] = f64[h + r * 2 * WIDTH]!;
        moved[r * D + p] = f64[sums + p * R + r]! + f64[z + p * R + r]! * (t - f64[updated + p * R + r]!);
      }
    }
    return { outputs: this.outputs(), preactivations, moved };
  }

  private load(): void {
    const { patches, gamma, atStart } = this.space;
    const { count: D } = patches;
    const R = this.problem.network.filters;
    const host = this.claim(codes.Form.INCREMENTAL, sizes.Increments, [
      [Increments.D, D],
      [Increments.refresh, REFRESH],
    ]);
    host.i32.set(patches.of, 2 * this.header.array(Increments.patchOf));
    host.i32.set(patches.start, 2 * this.header.array(Increments.holderStart));
    host.i32.set(patches.holder, 2 * this.header.array(Increments.holder));
    const [toGamma, toState] = [this.header.array(Increments.gamma), this.header.array(Increments.state)];
    for (let first = 0; first < D; first += WIDTH) {
      const panel = first / WIDTH;
      const last = Math.min(D, first + WIDTH);
      for (let q = 0; q < D; q++)
        host.f64.set(gamma.subarray(q * D + first, q * D + last), toGamma + (panel * D + q) * WIDTH);
      for (let r = 0; r < R; r++)
        host.f64.set(atStart.subarray(r * D + first, r * D + last), toState + (panel * R + r) * 2 * WIDTH);
    }
    host.exports.beginIncrements(host.base);
  }
}

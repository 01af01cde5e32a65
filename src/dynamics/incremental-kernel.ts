/**
 * The engine `gram-incremental` in WebAssembly: the algorithm of incremental.ts with the same order of arithmetic, so the
 * same bits. The whole training loop with its stop rules runs inside the kernel, in chunks of a few milliseconds.
 */
import { kernel, LARGEST, type Kernel, type Owner } from '../core/kernel.ts';
import { product, productTransposed } from '../core/kernel-algebra.ts';
import type { Engine, Problem } from './engine.ts';
import { incremental, REFRESH, refuse, type IncrementalCounters, type IncrementalRun } from './incremental.ts';
import { PatchSpace, type PatchState, type PatchView } from './patch-space.ts';
import { DIVERGENCE_FACTOR, type Halt, type StopParameters } from './stop.ts';

interface IncrementalKernelEngine extends Engine {
  start(problem: Problem): IncrementalRun;
}

/** Takes the reference for problems larger than linear memory. */
export const incrementalKernel: IncrementalKernelEngine = {
  id: 'gram-incremental',
  start(problem) {
    refuse(problem);
    const { sample, network } = problem;
    const D = sample.n * sample.patches.perSample; // at most
    if ((D + 8) * (D + 8 * network.filters) > LARGEST) return incremental.start(problem);
    return new IncrementalKernelRun(problem);
  },
};

/** Slots of the two headers, see Training and Increments in assembly/: 32-bit words, f64, and the addresses of the arrays. */
const WORD = { n: 0, perSample: 1, filters: 2, loss: 6, rule: 7, begun: 9, wrong: 10, D: 64, refresh: 66 } as const;
const NUMBER = { leak: 8, stepPerSample: 9, epsilon: 10, maxSteps: 11, divergenceFactor: 12, t: 13, blownUpSince: 15, touched: 36, rows: 37, scratch: 38 } as const;
const ADDRESS = {
  labels: 32, outputs: 33, weights: 36,
  gamma: 80, state: 81, z: 82, sums: 83, updated: 84, patchOf: 85, holderStart: 86, holder: 87,
} as const;
const HEADERS = 512;
/** columns of a panel */
const WIDTH = 8;

const RULES: readonly StopParameters['stop'][] = ['steps', 'loss', 'zero-error', 'zero-loss'];
const WHY: readonly Halt['why'][] = ['time', 'not-finite', 'met', 'step-limit', 'still'];

/** Multiplications and additions in one call of the kernel: a few milliseconds. */
const CHUNK = 1e7;

class IncrementalKernelRun implements IncrementalRun {
  readonly view: PatchView;
  private readonly owner: Owner = {};
  private readonly problem: Problem;
  private readonly space: PatchSpace;
  private readonly chunk: number;
  private rule: StopParameters | undefined;

  constructor(problem: Problem) {
    this.problem = problem;
    this.space = new PatchSpace(problem, { product, productTransposed });
    this.chunk = Math.max(1, Math.floor(CHUNK / (16 * problem.network.filters * (this.space.patches.count + WIDTH))));
    this.load(kernel());
    this.view = this.space.view(() => this.read());
  }

  /** Single steps are for the loop in train.ts; this engine has its own. */
  forward(): never {
    throw new RangeError('the kernel advances by itself');
  }

  update(): never {
    throw new RangeError('the kernel advances by itself');
  }

  get counters(): IncrementalCounters {
    kernel().hold(this.owner);
    return { steps: this.number('t'), touched: this.number('touched'), rows: this.number('rows'), scratch: this.number('scratch') };
  }

  advance(rule: StopParameters, until: number): Halt {
    const host = kernel();
    host.hold(this.owner);
    if (!this.rule) {
      this.rule = rule;
      host.i32[host.base / 4 + WORD.rule] = RULES.indexOf(rule.stop);
      this.setNumber('epsilon', rule.epsilon);
      this.setNumber('maxSteps', rule.maxSteps);
    }
    let code: number;
    do code = host.exports.advanceIncrements(host.base, Math.min(until, this.number('t') + this.chunk));
    while (code === 0 && this.number('t') < until);
    this.view.moved();
    return { why: WHY[code]!, t: this.number('t'), wrong: host.i32[host.base / 4 + WORD.wrong]!, blownUpSince: this.number('blownUpSince') };
  }

  private number(name: keyof typeof NUMBER): number {
    const host = kernel();
    return host.f64[host.base / 8 + NUMBER[name]]!;
  }

  private setNumber(name: keyof typeof NUMBER, value: number): void {
    const host = kernel();
    host.f64[host.base / 8 + NUMBER[name]] = value;
  }

  /** Where an array lies, as an index into the kernel's f64. */
  private at(name: keyof typeof ADDRESS): number {
    const host = kernel();
    return host.i32[host.base / 4 + ADDRESS[name]]! / 8;
  }

  /** What the kernel keeps by panels and patches, by filters. */
  private read(): PatchState {
    const host = kernel();
    host.hold(this.owner);
    const { f64 } = host;
    const { n } = this.problem.sample;
    const R = this.problem.network.filters;
    const D = this.space.patches.count;
    const outputs = f64.slice(this.at('outputs'), this.at('outputs') + n);
    const preactivations = new Float64Array(R * D);
    const moved = new Float64Array(R * D);
    const [state, z, sums, updated] = [this.at('state'), this.at('z'), this.at('sums'), this.at('updated')];
    const t = this.number('t');
    for (let p = 0; p < D; p++) {
      const h = state + Math.floor(p / WIDTH) * R * 2 * WIDTH + (p % WIDTH);
      for (let r = 0; r < R; r++) {
        preactivations[r * D + p] = f64[h + r * 2 * WIDTH]!;
        moved[r * D + p] = f64[sums + p * R + r]! + f64[z + p * R + r]! * (t - f64[updated + p * R + r]!);
      }
    }
    return { outputs, preactivations, moved };
  }

  private load(host: Kernel): void {
    const { sample, network, stepPerSample } = this.problem;
    const { patches, gamma, atStart } = this.space;
    const { count: D } = patches;
    const R = network.filters;
    host.claim(this.owner, HEADERS);
    const base = host.base / 4;
    host.i32.fill(0, base, base + HEADERS / 4);
    const words = { n: sample.n, perSample: sample.patches.perSample, filters: R, loss: 1, D, refresh: REFRESH };
    for (const [name, value] of Object.entries(words)) host.i32[base + WORD[name as keyof typeof WORD]] = value;
    const end = host.exports.layOutIncrements(host.base);
    host.extend(this.owner, end - host.base);
    host.freeScratch();
    host.f64.fill(0, (host.base + HEADERS) / 8, Math.ceil(end / 8));
    const { leak } = network.activation as { leak: number };
    const numbers = { leak, stepPerSample, divergenceFactor: DIVERGENCE_FACTOR, blownUpSince: -1 };
    for (const [name, value] of Object.entries(numbers)) this.setNumber(name as keyof typeof NUMBER, value);
    host.f64.set(sample.labels, this.at('labels'));
    host.f64.set(network.outputWeights, this.at('weights'));
    host.i32.set(patches.of, 2 * this.at('patchOf'));
    host.i32.set(patches.start, 2 * this.at('holderStart'));
    host.i32.set(patches.holder, 2 * this.at('holder'));
    const [toGamma, toState] = [this.at('gamma'), this.at('state')];
    for (let first = 0; first < D; first += WIDTH) {
      const panel = first / WIDTH;
      const last = Math.min(D, first + WIDTH);
      for (let q = 0; q < D; q++) host.f64.set(gamma.subarray(q * D + first, q * D + last), toGamma + (panel * D + q) * WIDTH);
      for (let r = 0; r < R; r++) host.f64.set(atStart.subarray(r * D + first, r * D + last), toState + (panel * R + r) * 2 * WIDTH);
    }
    host.exports.beginIncrements(host.base);
  }
}

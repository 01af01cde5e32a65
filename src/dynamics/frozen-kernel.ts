/**
 * The engine `gram-frozen` in WebAssembly: the algorithm of frozen.ts with the same order of arithmetic, so the same bits.
 * The whole training loop with its stop rules runs inside the kernel, in chunks of a few milliseconds.
 */
import { kernel, LARGEST, type Kernel, type Owner } from '../core/kernel.ts';
import { product, productTransposed } from '../core/kernel-algebra.ts';
import type { Engine, Problem } from './engine.ts';
import { denseWork, frozen, LONGEST_PAUSE, PAUSE, refuse, WINDOW, WORTH, type FrozenCounters, type FrozenRun } from './frozen.ts';
import { PatchSpace, type PatchState, type PatchView } from './patch-space.ts';
import { AT_START } from './sign-watch.ts';
import { DIVERGENCE_FACTOR, type Halt, type StopParameters } from './stop.ts';

interface FrozenKernelEngine extends Engine {
  start(problem: Problem): FrozenRun;
}

/** Takes the reference for problems larger than linear memory. */
export const frozenKernel: FrozenKernelEngine = {
  id: 'gram-frozen',
  start(problem) {
    refuse(problem);
    const { sample, network } = problem;
    const D = sample.n * sample.patches.perSample; // at most
    if ((D + 8) * (2 * D + 13 * network.filters + 50) > LARGEST) return frozen.start(problem);
    return new FrozenKernelRun(problem);
  },
};

/** Slots of the two headers, see Training and Frozen in assembly/: 32-bit words, f64, and the addresses of the arrays. */
const WORD = { n: 0, perSample: 1, filters: 2, rule: 7, wrong: 10, D: 64, window: 66, inPhase: 67, nextPause: 69, firstPause: 71 } as const;
const NUMBER = {
  leak: 8, stepPerSample: 9, epsilon: 10, maxSteps: 11, divergenceFactor: 12, t: 13, blownUpSince: 15,
  worth: 36, longestPause: 39, spread: 43, frozen: 46, plain: 47, phases: 48, flips: 49, sets: 50, looks: 51,
} as const;
const ADDRESS = { labels: 32, outputs: 33, weights: 36, gamma: 104, atStart: 106, present: 107, slopes: 108, shifts: 109, sums: 110, patchOf: 114, holderStart: 115, holder: 116 } as const;
const HEADERS = 768;

const RULES: readonly StopParameters['stop'][] = ['steps', 'loss', 'zero-error', 'zero-loss'];
const WHY: readonly Halt['why'][] = ['time', 'not-finite', 'met', 'step-limit', 'still'];

/** Multiplications and additions in one call of the kernel: a few milliseconds. */
const CHUNK = 1e7;

class FrozenKernelRun implements FrozenRun {
  readonly view: PatchView;
  private readonly owner: Owner = {};
  private readonly problem: Problem;
  private readonly space: PatchSpace;
  private readonly chunk: number;
  /** length of a row over the patches, padded */
  private readonly stride: number;
  private rule: StopParameters | undefined;

  constructor(problem: Problem) {
    this.problem = problem;
    this.space = new PatchSpace(problem, { product, productTransposed });
    const D = this.space.patches.count;
    this.stride = (D + 7) & ~7;
    this.chunk = Math.max(1, Math.floor(CHUNK / (2 * D * D + 60 * D)));
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

  get counters(): FrozenCounters {
    kernel().hold(this.owner);
    const { frozen, plain, phases, flips, sets, looks } = Object.fromEntries(Object.keys(NUMBER).map((name) => [name, this.number(name as keyof typeof NUMBER)])) as Record<keyof typeof NUMBER, number>;
    return { frozen, plain, phases, flips, sets, looks };
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
    do code = host.exports.advanceFrozen(host.base, Math.min(until, this.number('t') + this.chunk));
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

  private read(): PatchState {
    const host = kernel();
    host.hold(this.owner);
    host.exports.thawFrozen(host.base);
    const { f64 } = host;
    const { network, sample } = this.problem;
    const D = this.space.patches.count;
    const R = network.filters;
    const outputs = f64.slice(this.at('outputs'), this.at('outputs') + sample.n);
    const preactivations = new Float64Array(R * D);
    const moved = new Float64Array(R * D);
    const [present, shifts, slopes, sums] = [this.at('present'), this.at('shifts'), this.at('slopes'), this.at('sums')];
    for (let r = 0; r < R; r++) {
      const a = network.outputWeights[r]!;
      for (let p = 0, at = r * this.stride; p < D; p++, at++) {
        preactivations[r * D + p] = f64[present + at]!;
        moved[r * D + p] = a * (f64[shifts + at]! + f64[slopes + at]! * f64[sums + p]!);
      }
    }
    return { outputs, preactivations, moved };
  }

  /** Copies rows over the patches to padded ones; without a call for each, which costs more than a short row. */
  private spread(from: Float64Array, rows: number, to: number): void {
    const { f64 } = kernel();
    const D = this.space.patches.count;
    for (let row = 0, at = 0; row < rows; row++, to += this.stride) for (let p = 0; p < D; p++) f64[to + p] = from[at++]!;
  }

  private load(host: Kernel): void {
    const { sample, network, stepPerSample } = this.problem;
    const { patches, gamma, atStart } = this.space;
    const { count: D } = patches;
    const R = network.filters;
    const { leak } = network.activation as { leak: number };
    host.claim(this.owner, HEADERS);
    const base = host.base / 4;
    host.i32.fill(0, base, base + HEADERS / 4);
    const words = { n: sample.n, perSample: sample.patches.perSample, filters: R, D, window: WINDOW, nextPause: PAUSE, firstPause: PAUSE };
    for (const [name, value] of Object.entries(words)) host.i32[base + WORD[name as keyof typeof WORD]] = value;
    const end = host.exports.layOutFrozen(host.base);
    host.extend(this.owner, end - host.base);
    host.freeScratch();
    host.f64.fill(0, (host.base + HEADERS) / 8, Math.ceil(end / 8));
    const numbers = { leak, stepPerSample, divergenceFactor: DIVERGENCE_FACTOR, blownUpSince: -1, worth: WORTH * denseWork(R, D, leak), longestPause: LONGEST_PAUSE, spread: AT_START };
    for (const [name, value] of Object.entries(numbers)) this.setNumber(name as keyof typeof NUMBER, value);
    host.f64.set(sample.labels, this.at('labels'));
    host.f64.set(network.outputWeights, this.at('weights'));
    host.i32.set(patches.of, 2 * this.at('patchOf'));
    host.i32.set(patches.start, 2 * this.at('holderStart'));
    host.i32.set(patches.holder, 2 * this.at('holder'));
    this.spread(gamma, D, this.at('gamma'));
    this.spread(atStart, R, this.at('atStart'));
    host.exports.beginFrozen(host.base);
  }
}

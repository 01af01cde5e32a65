/**
 * What the runs share whose whole training loop, stop rules included, is inside the kernel: their header in linear memory, and
 * chunks of a few milliseconds. V8 does not replace a running WebAssembly frame: one long call would stay in the baseline compiler.
 */
import { kernel, type Kernel, type Owner } from '../core/kernel.ts';
import type { Problem } from './engine.ts';
import type { PatchView } from './patch-space.ts';
import { DIVERGENCE_FACTOR, type Halt, type StopParameters } from './stop.ts';

/** Slots of the header in assembly/training.ts: 32-bit words, f64, and the addresses of arrays. */
const WORD = { n: 0, perSample: 1, filters: 2, loss: 6, rule: 7, wrong: 10 } as const;
const NUMBER = { leak: 8, stepPerSample: 9, epsilon: 10, maxSteps: 11, divergenceFactor: 12, t: 13, blownUpSince: 15 } as const;
const ADDRESS = { labels: 32, outputs: 33, weights: 36 } as const;

const RULES: readonly StopParameters['stop'][] = ['steps', 'loss', 'zero-error', 'zero-loss'];
const WHY: readonly Halt['why'][] = ['time', 'not-finite', 'met', 'step-limit', 'still'];

/** Multiplications and additions in one call of the kernel: a few milliseconds. */
const CHUNK = 1e7;

export abstract class KernelLoop {
  abstract readonly view: PatchView;
  private readonly owner: Owner = {};
  private readonly chunk: number;
  private rule: StopParameters | undefined;

  /** @param work multiply-adds of a step, roughly */
  constructor(work: number) {
    this.chunk = Math.max(1, Math.floor(CHUNK / work));
  }

  /** Trains in the kernel until step `until` or the end; returns why it stopped. */
  protected abstract run(host: Kernel, until: number): number;

  /** Single steps are for the loop in train.ts; these engines have their own. */
  forward(): never {
    throw new RangeError('the kernel advances by itself');
  }

  update(): never {
    throw new RangeError('the kernel advances by itself');
  }

  advance(rule: StopParameters, until: number): Halt {
    const host = this.host();
    if (!this.rule) {
      this.rule = rule;
      this.setWord(WORD.rule, RULES.indexOf(rule.stop));
      this.setNumber(NUMBER.epsilon, rule.epsilon);
      this.setNumber(NUMBER.maxSteps, rule.maxSteps);
    }
    let code: number;
    do code = this.run(host, Math.min(until, this.time() + this.chunk));
    while (code === 0 && this.time() < until);
    this.view.moved();
    return { why: WHY[code]!, t: this.time(), wrong: host.i32[host.base / 4 + WORD.wrong]!, blownUpSince: this.number(NUMBER.blownUpSince) };
  }

  /** The kernel, with this run in its memory. */
  protected host(): Kernel {
    const host = kernel();
    host.hold(this.owner);
    return host;
  }

  /** Claims memory: headers with these words, then arrays, all 0, where `layOut` says, and in them the labels and output weights. */
  protected claim({ sample, network, loss, stepPerSample }: Problem, headers: number, words: readonly (readonly [number, number])[], layOut: (host: Kernel) => number): Kernel {
    const host = kernel();
    host.claim(this.owner, headers);
    host.i32.fill(0, host.base / 4, (host.base + headers) / 4);
    this.setWord(WORD.n, sample.n);
    this.setWord(WORD.perSample, sample.patches.perSample);
    this.setWord(WORD.filters, network.filters);
    this.setWord(WORD.loss, loss === 'hinge' ? 1 : 0);
    for (const [slot, value] of words) this.setWord(slot, value);
    const end = layOut(host);
    host.extend(this.owner, end - host.base);
    host.freeScratch();
    host.f64.fill(0, (host.base + headers) / 8, Math.ceil(end / 8));
    this.setNumber(NUMBER.leak, (network.activation as { leak: number }).leak);
    this.setNumber(NUMBER.stepPerSample, stepPerSample);
    this.setNumber(NUMBER.divergenceFactor, DIVERGENCE_FACTOR);
    this.setNumber(NUMBER.blownUpSince, -1);
    host.f64.set(sample.labels, this.at(ADDRESS.labels));
    host.f64.set(network.outputWeights, this.at(ADDRESS.weights));
    return host;
  }

  /** Gradient steps made. */
  protected time(): number {
    return this.number(NUMBER.t);
  }

  protected outputs(n: number): Float64Array {
    const at = this.at(ADDRESS.outputs);
    return kernel().f64.slice(at, at + n);
  }

  protected number(slot: number): number {
    const host = kernel();
    return host.f64[host.base / 8 + slot]!;
  }

  protected setNumber(slot: number, value: number): void {
    const host = kernel();
    host.f64[host.base / 8 + slot] = value;
  }

  protected setWord(slot: number, value: number): void {
    const host = kernel();
    host.i32[host.base / 4 + slot] = value;
  }

  /** Where an array lies, as an index into the kernel's f64. */
  protected at(slot: number): number {
    const host = kernel();
    return host.i32[host.base / 4 + slot]! / 8;
  }
}

/**
 * What the runs share whose whole training loop, stop rules included, is inside the kernel (assembly/train.ts): their
 * header in linear memory, and chunks of a few milliseconds. V8 does not replace a running WebAssembly frame: one long
 * call would stay in the baseline compiler.
 */
import { beat } from '../core/heartbeat.ts';
import { kernel, type Kernel, type Owner } from '../core/kernel.ts';
import type { Problem, Run, SpanView } from './engine.ts';
import { DIVERGENCE_FACTOR, type Halt, type StopParameters } from './stop.ts';

/** Slots of the header in assembly/training.ts: 32-bit words, f64, and the addresses of arrays. */
const WORD = { n: 0, perSample: 1, filters: 2, loss: 6, rule: 7, wrong: 10, form: 13 } as const;
const NUMBER = {
  leak: 8,
  stepPerSample: 9,
  epsilon: 10,
  maxSteps: 11,
  divergenceFactor: 12,
  t: 13,
  blownUpSince: 15,
} as const;
const ADDRESS = { labels: 32, outputs: 33, weights: 36 } as const;

/** Which algorithm makes the steps, see assembly/training.ts. */
export const FORM = { plain: 0, masked: 1, bothLayers: 2, incremental: 3, frozen: 4 } as const;

const RULES: readonly StopParameters['stop'][] = ['steps', 'loss', 'zero-error', 'zero-loss'];
const WHY: readonly Halt['why'][] = ['time', 'not-finite', 'met', 'step-limit', 'still'];

/** Multiplications and additions in one call of the kernel: a few milliseconds. */
const CHUNK = 1e7;

type Slots = readonly (readonly [slot: number, value: number])[];

export abstract class KernelLoop implements Run {
  abstract readonly view: SpanView & { moved(): void };
  protected readonly problem: Problem;
  private readonly owner: Owner = {};
  private readonly chunk: number;
  private rule: StopParameters | undefined;

  /** @param work multiply-adds of a step, roughly */
  constructor(problem: Problem, work: number) {
    this.problem = problem;
    this.chunk = Math.max(1, Math.floor(CHUNK / work));
  }

  /** Single steps are for the loop in train.ts; most of these engines have only their own. */
  forward(): void {
    throw new RangeError('the kernel advances by itself');
  }

  update(): boolean {
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
    do {
      code = host.exports.advance(host.base, Math.min(until, this.time() + this.chunk));
      beat(this.time());
    } while (code === 0 && this.time() < until);
    this.view.moved();
    return {
      why: WHY[code]!,
      t: this.time(),
      wrong: this.word(WORD.wrong),
      blownUpSince: this.number(NUMBER.blownUpSince),
    };
  }

  end(): void {
    kernel().release(this.owner);
  }

  /** The kernel, with this run in its memory. */
  protected host(): Kernel {
    const host = kernel();
    host.hold(this.owner);
    return host;
  }

  /**
   * Claims memory: `headers` bytes with these words and numbers, then arrays where the kernel says; all 0 but for
   * labels and fixed output weights.
   */
  protected claim(form: number, headers: number, words: Slots, numbers: Slots): Kernel {
    const { sample, network, loss, stepPerSample } = this.problem;
    const host = kernel();
    host.claim(this.owner, headers);
    host.i32.fill(0, host.base / 4, (host.base + headers) / 4);
    this.setWord(WORD.form, form);
    this.setWord(WORD.n, sample.n);
    this.setWord(WORD.perSample, sample.patches.perSample);
    this.setWord(WORD.filters, network.filters);
    this.setWord(WORD.loss, Number(loss === 'hinge'));
    for (const [slot, value] of words) this.setWord(slot, value);
    const end = host.exports.layOut(host.base);
    host.extend(this.owner, end - host.base);
    host.freeScratch();
    host.f64.fill(0, (host.base + headers) / 8, Math.ceil(end / 8));
    this.setNumber(NUMBER.leak, network.activation.kind === 'piecewise-linear' ? network.activation.leak : 0);
    this.setNumber(NUMBER.stepPerSample, stepPerSample);
    this.setNumber(NUMBER.divergenceFactor, DIVERGENCE_FACTOR);
    this.setNumber(NUMBER.blownUpSince, -1);
    for (const [slot, value] of numbers) this.setNumber(slot, value);
    host.f64.set(sample.labels, this.at(ADDRESS.labels));
    if (!network.trainsOutput) host.f64.set(network.outputWeights, this.at(ADDRESS.weights));
    return host;
  }

  /** Gradient steps made. */
  protected time(): number {
    return this.number(NUMBER.t);
  }

  protected outputs(): Float64Array {
    const at = this.at(ADDRESS.outputs);
    return kernel().f64.slice(at, at + this.problem.sample.n);
  }

  protected number(slot: number): number {
    const host = kernel();
    return host.f64[host.base / 8 + slot]!;
  }

  protected setNumber(slot: number, value: number): void {
    const host = kernel();
    host.f64[host.base / 8 + slot] = value;
  }

  protected word(slot: number): number {
    const host = kernel();
    return host.i32[host.base / 4 + slot]!;
  }

  protected setWord(slot: number, value: number): void {
    const host = kernel();
    host.i32[host.base / 4 + slot] = value;
  }

  /** Where an array lies, as an index into the kernel's f64. */
  protected at(slot: number): number {
    return this.word(slot) / 8;
  }
}

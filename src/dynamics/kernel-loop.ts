/**
 * What the runs share whose whole training loop, stop rules included, is inside the kernel (assembly/train.ts): their
 * header in linear memory, and chunks of a few milliseconds. V8 does not replace a running WebAssembly frame: one long
 * call would stay in the baseline compiler.
 */
import { beat } from '../core/heartbeat.ts';
import { codes, layout } from '../core/kernel.layout.ts';
import { kernel, type Kernel, type Owner } from '../core/kernel.ts';
import { Struct, type Pointer, type Scalar } from '../core/kernel-struct.ts';
import type { EngineState } from './checkpoint.ts';
import type { Problem, Run, SpanView, View } from './engine.ts';
import { DIVERGENCE_FACTOR, type Halt, type StopParameters } from './stop.ts';

const { Training } = layout;
const { Ending, Loss, StopRule } = codes;

/** Codes of the stop rules. */
export const STOP_RULES: Readonly<Record<StopParameters['stop'], number>> = {
  steps: StopRule.STEPS,
  loss: StopRule.LOSS,
  'zero-error': StopRule.ZERO_ERROR,
  'zero-loss': StopRule.ZERO_LOSS,
};
const WHY: Readonly<Record<(typeof Ending)[keyof typeof Ending], Halt['why']>> = {
  [Ending.GOING]: 'time',
  [Ending.NOT_FINITE]: 'not-finite',
  [Ending.MET]: 'met',
  [Ending.STEP_LIMIT]: 'step-limit',
  [Ending.STILL]: 'still',
};

/** Multiplications and additions in one call of the kernel: a few milliseconds. */
const CHUNK = 1e7;

export abstract class KernelLoop<V extends View = SpanView> implements Run<V> {
  abstract readonly view: V & { moved(): void };
  protected readonly problem: Problem;
  /** the header of the run whose turn it is: see `host` */
  protected readonly header = new Struct(kernel().base);
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

  advance(rule: StopParameters, until: number, due?: () => boolean): Halt {
    const host = this.host();
    if (!this.rule) {
      this.rule = rule;
      this.header.set(Training.rule, STOP_RULES[rule.stop]);
      this.header.set(Training.epsilon, rule.epsilon);
      this.header.set(Training.maxSteps, rule.maxSteps);
    }
    let ending: keyof typeof WHY;
    for (;;) {
      ending = host.exports.advance(
        host.base,
        Math.min(until, this.time() + this.chunk, this.reach()),
      ) as keyof typeof WHY;
      beat(this.time());
      if (ending !== Ending.GOING || this.time() >= until || due?.()) break;
    }
    this.view.moved();
    return {
      why: WHY[ending],
      t: this.time(),
      wrong: this.header.get(Training.wrong),
      blownUpSince: this.header.get(Training.blownUpSince),
    };
  }

  end(): void {
    kernel().release(this.owner);
  }

  /** All of its memory but for the largest array, which the problem gives again. */
  state(): EngineState {
    const { at, length } = this.given();
    const block = this.host().block(this.owner);
    return [block.slice(0, at), block.slice(at + length)];
  }

  resume(state: EngineState, _t: number): void {
    const { at, length } = this.given();
    const [head, rest] = state as [Uint8Array, Uint8Array];
    const block = this.host().block(this.owner);
    if (head.length !== at || rest.length !== block.length - at - length)
      throw new RangeError('a state of another problem');
    block.set(head);
    block.set(rest, at + length);
    this.view.moved();
  }

  /** The step up to which the kernel can go by itself. */
  protected reach(): number {
    return Infinity;
  }

  /** Where in the block the largest array lies that never changes, in bytes. */
  protected abstract given(): { readonly at: number; readonly length: number };

  /** The same, of `numbers` f64 from an index in linear memory. */
  protected range(index: number, numbers: number): { readonly at: number; readonly length: number } {
    return { at: 8 * index - kernel().base, length: 8 * numbers };
  }

  /** The kernel, with this run in its memory. */
  protected host(): Kernel {
    const host = kernel();
    host.hold(this.owner);
    return host;
  }

  /**
   * Claims memory: a header of `size` bytes with these numbers, then arrays where the kernel says; all 0 but for labels
   * and fixed output weights.
   *
   * @param wanted arrays that the kernel makes on demand
   */
  protected claim(
    form: number,
    size: number,
    numbers: readonly (readonly [Scalar, number])[],
    wanted: readonly Pointer[] = [],
  ): Kernel {
    const { sample, network, loss, stepPerSample } = this.problem;
    const { header } = this;
    const host = kernel();
    host.claim(this.owner, size);
    host.i32.fill(0, host.base / 4, (host.base + size) / 4);
    header.set(Training.form, form);
    header.set(Training.n, sample.n);
    header.set(Training.perSample, sample.patches.perSample);
    header.set(Training.filters, network.filters);
    header.set(Training.loss, loss === 'hinge' ? Loss.HINGE : Loss.LOGISTIC);
    header.set(Training.leak, network.activation.kind === 'piecewise-linear' ? network.activation.leak : 0);
    header.set(Training.stepPerSample, stepPerSample);
    header.set(Training.divergenceFactor, DIVERGENCE_FACTOR);
    header.set(Training.blownUpSince, -1);
    for (const [field, value] of numbers) header.set(field, value);
    for (const field of wanted) header.point(field, 1);
    const end = host.exports.layOut(host.base);
    host.extend(this.owner, end - host.base);
    host.freeScratch();
    host.f64.fill(0, Math.ceil((host.base + size) / 8), Math.ceil(end / 8));
    host.f64.set(sample.labels, header.array(Training.labels));
    if (!network.trainsOutput) host.f64.set(network.outputWeights, header.array(Training.weights));
    return host;
  }

  /** Gradient steps made. */
  protected time(): number {
    return this.header.get(Training.t);
  }

  protected outputs(): Float64Array {
    const at = this.header.array(Training.outputs);
    return kernel().f64.slice(at, at + this.problem.sample.n);
  }
}

/**
 * The engine `gram-frozen` with its phases in WebAssembly: the order of arithmetic of frozen-phase.ts and sign-watch.ts,
 * so the same bits. Phases begin and end, and plain steps are made, in the reference (frozen.ts).
 */
import { kernel, LARGEST, type Kernel, type Owner } from '../core/kernel.ts';
import type { Engine, Problem, View } from './engine.ts';
import { startFrozen, WINDOW, WORTH, type FrozenCounters, type FrozenRun, type OpenFrozenRun } from './frozen.ts';
import { DIVERGENCE_FACTOR, type Halt, type StopParameters } from './stop.ts';

interface FrozenKernelEngine extends Engine {
  start(problem: Problem): FrozenRun;
}

/** Takes the reference for problems larger than linear memory. */
export const frozenKernel: FrozenKernelEngine = {
  id: 'gram-frozen',
  start(problem) {
    const run = startFrozen(problem);
    const D = run.phase.patches.count;
    if (D * D + problem.sample.n ** 2 + 9 * problem.network.filters * D > LARGEST) return run;
    return new FrozenKernelRun(problem, run);
  },
};

/** Slots of the header, see Training and Frozen in assembly/: 32-bit words, f64, and the addresses of the arrays. */
const WORD = { n: 0, perSample: 1, filters: 2, loss: 6, rule: 7, wrong: 10, D: 80, stepsInWindow: 81, window: 82, summed: 83 } as const;
const NUMBER = {
  leak: 8, stepPerSample: 9, epsilon: 10, maxSteps: 11, divergenceFactor: 12, t: 13, threshold: 14, blownUpSince: 15,
  referenceSum: 26, clock: 27, next: 28, spread: 29, costOfSetting: 30, work: 31, workAtWindow: 32, worth: 33, inVain: 34, sets: 35, looks: 36, flips: 37, frozenSteps: 38, paid: 39,
} as const;
const ADDRESS = {
  labels: 32, outputs: 33, weights: 36,
  kernel: 84, gamma: 85, slopes: 86, shifts: 87, sums: 88, live: 90, patchOf: 91, holderStart: 92, holder: 93, atStart: 95, margin: 99, since: 100, speed: 101,
} as const;
const HEADER = 512;

const RULES: readonly StopParameters['stop'][] = ['steps', 'loss', 'zero-error', 'zero-loss'];
const WHY: readonly Halt['why'][] = ['time', 'not-finite', 'met', 'step-limit', 'still'];
const STILL = 4;
const PHASE_OVER = 5;

/** Multiplications and additions in one call of the kernel: a few milliseconds. */
const CHUNK = 1e7;

class FrozenKernelRun implements FrozenRun {
  readonly view: View;
  private readonly owner: Owner = {};
  private readonly problem: Problem;
  private readonly inner: OpenFrozenRun;
  private readonly chunk: number;
  private rule: StopParameters | undefined;
  /** the kernel is ahead of the inner run */
  private ahead = false;

  constructor(problem: Problem, inner: OpenFrozenRun) {
    this.problem = problem;
    this.inner = inner;
    this.chunk = Math.max(1, Math.floor(CHUNK / (problem.sample.n ** 2 + 40 * problem.sample.n)));
    this.load(kernel());
    this.view = new Synchronous(problem.network.outputWeights, () => this.synchronous());
  }

  get counters(): FrozenCounters {
    this.synchronous();
    return this.inner.counters;
  }

  /** Single steps are for the loop in train.ts; this engine has its own. */
  forward(): never {
    throw new RangeError('the kernel advances by itself');
  }

  update(): never {
    throw new RangeError('the kernel advances by itself');
  }

  advance(rule: StopParameters, until: number): Halt {
    const host = kernel();
    host.hold(this.owner);
    const { inner } = this;
    let code = this.rule ? 0 : this.first(host, rule);
    while (code === 0 && this.number('t') < until) {
      if (!inner.inPhase && inner.pause > 0) {
        if (!inner.update()) code = STILL;
        else {
          this.setNumber('t', this.number('t') + 1);
          inner.forward();
          code = this.check(host);
        }
        continue;
      }
      if (!inner.inPhase) this.enter(inner.begin(false));
      code = host.exports.advanceFrozen(host.base, Math.min(until, this.number('t') + this.chunk));
      this.ahead = true;
      if (code === PHASE_OVER) {
        this.synchronous();
        inner.giveUp(this.number('paid') === 1);
        code = this.check(host);
      }
    }
    return { why: WHY[code]!, t: this.number('t'), wrong: host.i32[host.base / 4 + WORD.wrong]!, blownUpSince: this.number('blownUpSince') };
  }

  private first(host: Kernel, rule: StopParameters): number {
    this.rule = rule;
    host.i32[host.base / 4 + WORD.rule] = RULES.indexOf(rule.stop);
    this.setNumber('epsilon', rule.epsilon);
    this.setNumber('maxSteps', rule.maxSteps);
    this.inner.forward();
    return this.check(host);
  }

  /** The stop rule at the inner run's outputs. */
  private check(host: Kernel): number {
    host.f64.set(this.inner.phase.outputs, this.at('outputs'));
    return host.exports.checkFrozen(host.base);
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

  /** What does not change during a run. */
  private load(host: Kernel): void {
    const { problem, inner } = this;
    const { n, patches, labels } = problem.sample;
    const { patches: distinct, gamma } = inner.phase;
    host.claim(this.owner, HEADER);
    const base = host.base / 4;
    host.i32.fill(0, base, base + HEADER / 4);
    const words = { n, perSample: patches.perSample, filters: problem.network.filters, loss: 0, D: distinct.count, window: WINDOW };
    for (const [name, value] of Object.entries(words)) host.i32[base + WORD[name as keyof typeof WORD]] = value;
    const end = host.exports.layOutFrozen(host.base);
    host.extend(this.owner, end - host.base);
    host.freeScratch();
    host.f64.fill(0, (host.base + HEADER) / 8, Math.ceil(end / 8));
    const { leak } = problem.network.activation as { leak: number };
    const numbers = { leak, stepPerSample: problem.stepPerSample, divergenceFactor: DIVERGENCE_FACTOR, t: 0, blownUpSince: -1, worth: WORTH * WINDOW * inner.plainWork };
    for (const [name, value] of Object.entries(numbers)) this.setNumber(name as keyof typeof NUMBER, value);
    host.f64.set(labels, this.at('labels'));
    host.f64.set(problem.network.outputWeights, this.at('weights'));
    host.f64.set(gamma, this.at('gamma'));
    host.i32.set(distinct.of, 2 * this.at('patchOf'));
    host.i32.set(distinct.start, 2 * this.at('holderStart'));
    host.i32.set(distinct.holder, 2 * this.at('holder'));
  }

  /** A phase has begun in the inner run. */
  private enter(workBefore: number): void {
    const host = kernel();
    const { phase, watch } = this.inner;
    const { f64, i32 } = host;
    const { n } = this.problem.sample;
    const size = phase.slopes.length;
    const stride = n + (n & 1);
    for (let i = 0; i < n; i++) f64.set(phase.kernel.subarray(i * n, (i + 1) * n), this.at('kernel') + i * stride);
    f64.set(phase.slopes, this.at('slopes'));
    f64.set(phase.atStart, this.at('atStart'));
    f64.set(phase.outputs, this.at('outputs'));
    f64.set(phase.atStart.map((h) => (h > 0 ? h : -h)), this.at('margin'));
    for (const name of ['shifts', 'since', 'speed'] as const) f64.fill(0, this.at(name), this.at(name) + size);
    f64.fill(0, this.at('sums'), this.at('sums') + n);
    i32.set(phase.live, 2 * this.at('live'));
    i32[host.base / 4 + WORD.stepsInWindow] = 0;
    i32[host.base / 4 + WORD.summed] = 0;
    const { spread, costOfSetting, inVain, sets, looks } = watch;
    const { flips, frozen } = this.inner.counters;
    const numbers = { referenceSum: NaN, clock: 0, next: 0, spread, costOfSetting, inVain, sets, looks, flips, frozenSteps: frozen, paid: 0, work: phase.work + watch.work, workAtWindow: workBefore };
    for (const [name, value] of Object.entries(numbers)) this.setNumber(name as keyof typeof NUMBER, value);
  }

  /** The inner run's view, brought up to the kernel. */
  private synchronous(): View {
    const { inner } = this;
    if (!this.ahead) return inner.view;
    this.ahead = false;
    const host = kernel();
    host.hold(this.owner);
    const { phase, watch, counters } = inner;
    const array = (name: keyof typeof ADDRESS, length: number): Float64Array => host.f64.subarray(this.at(name), this.at(name) + length);
    const size = phase.slopes.length;
    const { n } = this.problem.sample;
    phase.restore(array('slopes', size), array('shifts', size), array('sums', n), array('outputs', n));
    for (const name of ['spread', 'costOfSetting', 'inVain', 'sets', 'looks'] as const) watch[name] = this.number(name);
    watch.work = this.number('work') - phase.work;
    counters.frozen = this.number('frozenSteps');
    counters.flips = this.number('flips');
    counters.sets = watch.sets;
    counters.looks = watch.looks;
    inner.stepped();
    return inner.view;
  }
}

/** A view that is brought up to date when something is read. */
class Synchronous implements View {
  readonly outputWeights: Float64Array;
  private readonly now: () => View;

  constructor(outputWeights: Float64Array, now: () => View) {
    this.outputWeights = outputWeights;
    this.now = now;
  }

  get outputs(): Float64Array {
    return this.now().outputs;
  }

  get preactivations(): Float64Array {
    return this.now().preactivations;
  }

  get coefficients(): Float64Array {
    return this.now().coefficients;
  }

  get bias(): Float64Array {
    return this.now().bias;
  }

  products(): Float64Array {
    return this.now().products();
  }

  weights(): { rows: Float64Array; columns: number } {
    return this.now().weights();
  }
}

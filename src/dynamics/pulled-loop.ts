/**
 * Kernel runs that ask who pulls in a step (steps/puller.ts) and for a schedule's factor: the next steps' answers lie in
 * tables of the run, drawn anew where it has come to their end. They also make single steps.
 */
import { layout } from '../core/kernel.layout.ts';
import { kernel, type Kernel } from '../core/kernel.ts';
import type { Scalar } from '../core/kernel-struct.ts';
import type { EngineState } from './checkpoint.ts';
import type { Problem, SpanView, View } from './engine.ts';
import { KernelLoop } from './kernel-loop.ts';
import { allSamples, type Pull } from './steps/puller.ts';

/** Steps whose pulls are drawn at a time. */
const TABLE_ROWS = 128;

const { Training } = layout;

export abstract class PulledLoop<V extends View = SpanView> extends KernelLoop<V> {
  private readonly nextPull: () => Pull;
  /** step up to which pulls were drawn; undefined where all steps are alike */
  private drawn: number | undefined;

  constructor(problem: Problem, work: number) {
    super(problem, work);
    const { sample, puller = allSamples, schedule } = problem;
    this.nextPull = puller.start(sample.labels);
    if (puller !== allSamples || schedule) this.drawn = 0;
  }

  override forward(): void {
    const host = this.host();
    host.exports.forward(host.base);
    this.view.moved();
  }

  override update(): boolean {
    const host = this.host();
    this.reach();
    const moved = host.exports.update(host.base) !== 0;
    this.header.set(Training.t, this.time() + 1);
    this.view.moved();
    return moved;
  }

  override resume(state: EngineState, t: number): void {
    super.resume(state, t);
    if (this.drawn === undefined) return;
    this.drawn = this.header.get(Training.tableFrom) + TABLE_ROWS;
    for (let step = 0; step < this.drawn; step++) this.nextPull();
  }

  /** The step up to which the kernel knows who pulls: where it has come there, the next ones are drawn. */
  protected override reach(): number {
    if (this.drawn === undefined) return Infinity;
    const t = this.time();
    if (t < this.drawn) return this.drawn;
    const { header } = this;
    const { f64 } = kernel();
    const { schedule } = this.problem;
    const stride = (this.problem.sample.n + 3) & ~3;
    const [toLabels, toWeights] = [header.array(Training.tableLabels), header.array(Training.tableWeights)];
    const toFactors = header.array(Training.tableFactors);
    for (let row = 0; row < TABLE_ROWS; row++) {
      const { labels, weights } = this.nextPull();
      if (toLabels > 0) f64.set(labels, toLabels + row * stride);
      if (toWeights > 0) f64.set(weights!, toWeights + row * stride);
      if (toFactors > 0) f64[toFactors + row] = schedule!(t + row);
    }
    header.set(Training.tableFrom, t);
    return (this.drawn = t + TABLE_ROWS);
  }

  /** As `claim`, with the tables that the problem asks for. */
  protected claimWithTables(form: number, size: number, numbers: readonly (readonly [Scalar, number])[]): Kernel {
    const { puller = allSamples, schedule } = this.problem;
    return this.claim(
      form,
      size,
      [...numbers, [Training.redraws, Number(puller.redraws)], [Training.tableRows, TABLE_ROWS]],
      [
        ...(puller.turned === 0 ? [] : [Training.tableLabels]),
        ...(puller.weighs ? [Training.tableWeights] : []),
        ...(schedule ? [Training.tableFactors] : []),
      ],
    );
  }
}

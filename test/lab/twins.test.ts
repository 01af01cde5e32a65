/** Parts of one's own that say what a standard part says give its numbers; others are held against what they mean. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalCell, cellId, type Cell } from '../../src/experiments/cell.ts';
import { cellOfRecord } from '../../src/experiments/record-cell.ts';
import { drawProblem, runCell, streamKey } from '../../src/experiments/run.ts';
import { cells, type RecordPlan, type SpecInput } from '../../src/experiments/spec.ts';
import { direct } from '../../src/dynamics/direct.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { meanLoss } from '../../src/dynamics/train.ts';
import { dataModel, lab } from '../../src/index.ts';
import twins from '../helpers/own-parts.ts';
import { ENGINES_AGREE, SLOPE } from '../tolerances.ts';

const BASE = {
  data: { n: 12, d: 60, mu: 1.5, flip: 0.1 },
  network: { m: 4 },
  training: { eta: 0.05, maxSteps: 40, stop: 'steps' },
  test: { estimator: 'points', points: 500 },
} satisfies SpecInput;

type Change = Readonly<Record<'data' | 'network' | 'training', Readonly<Record<string, unknown>>>> & {
  readonly engine: string;
};

const cellOf = ({ engine, ...rooms }: Partial<Change> = {}): Cell => {
  const input: Record<string, unknown> = { ...BASE, ...(engine && { engine }) };
  for (const [room, inner] of Object.entries(rooms)) input[room] = { ...BASE[room as 'data'], ...inner };
  return [...cells(twins.spec(input))][0]!;
};

const PLAN: RecordPlan = {
  series: ['trainLoss', 'gamma', 'marginMin'],
  values: ['rhoBar', 'decompositionResidual'],
  every: 7,
};

/** What a run came to, without what names its cell. */
function made(cell: Cell, key = streamKey(cell, 1, 0)): unknown {
  const { outcome, steps, values, series } = runCell(cell, 1, 0, PLAN, key);
  return { outcome, steps, values, series };
}

/** Both on the draws of the standard one, over engines and settings. */
function same(standard: Partial<Change>, own: Partial<Change>): void {
  const key = streamKey(cellOf(standard), 1, 0);
  assert.notEqual(cellId(cellOf(standard)), cellId(cellOf(own)));
  assert.deepEqual(made(cellOf(own), key), made(cellOf(standard), key));
}

/** Settings that take other ways through the engines: fewer filters so that some points are silent, both layers. */
const SETTINGS: readonly Partial<Change>[] = [
  {},
  { engine: 'direct' },
  { data: { flip: 0.3, mu: 0.2 }, network: { m: 1 } },
  { network: { output: 'trained' } },
  { network: { output: 'trained-per-patch', bias: true, init: 'pytorch' }, data: { draw: 'explicit' } },
  { training: { labelNoise: 0.1 } },
];
/** One patch and one filter of each sign: some points hear none. */
const SILENT: Partial<Change> = { data: { model: 'mixture', mu: 0.5, d: 20 }, network: { m: 1 } };

const both = (a: Partial<Change>, b: Partial<Change>): Partial<Change> => ({
  ...a,
  ...b,
  data: { ...a.data, ...b.data },
  network: { ...a.network, ...b.network },
  training: { ...a.training, ...b.training },
});

test('an activation that is the ReLU gives its bits, in every engine that takes it, silent points too', () => {
  assert.ok(runCell(cellOf(SILENT), 1, 0).values.zeroOutput! > 0);
  for (const one of [...SETTINGS, SILENT]) same(one, both(one, { network: { activation: 'twin/relu' } }));
});

test('a loss that is the logistic one gives its bits', () => {
  for (const one of SETTINGS) same(one, both(one, { training: { loss: 'twin/logistic' } }));
  const stop = { training: { stop: 'loss', epsilon: 0.3, maxSteps: 400, eta: 0.1 } };
  same(stop, both(stop, { training: { loss: 'twin/logistic' } }));
});

test('a rule that is heavy ball gives the bits of momentum', () => {
  for (const one of SETTINGS)
    for (const beta of [0.9, 0.5])
      same(
        both(one, { training: { rule: 'momentum', momentum: beta } }),
        both(one, { training: { rule: 'twin/heavy-ball', beta } }),
      );
});

test('an engine that wraps direct gives its bits', () => {
  for (const one of SETTINGS) same(both(one, { engine: 'direct' }), both(one, { engine: 'twin/direct' }));
});

test('a data model that draws as signal-noise does gives its bits under the same key', () => {
  for (const one of SETTINGS) same(one, both(one, { data: { model: 'twin/signal-noise', rho: 0.1 } }));
});

test('under common streams the draws are the same without a key', () => {
  const of = (model: string): unknown => {
    const [cell] = cells(twins.spec({ ...BASE, data: { ...BASE.data, model }, coupling: 'common' }));
    return made(cell!);
  };
  assert.deepEqual(of('twin/signal-noise'), of('signal-noise'));
});

test('own activations and losses: both engines agree, and the first step is minus the slope of the loss', () => {
  for (const change of [
    { network: { activation: 'mine/swollen', s: 0.7 } },
    { training: { loss: 'mine/bent' } },
    { network: { activation: 'mine/swollen' }, training: { loss: 'mine/bent', w: 3, rule: 'twin/heavy-ball' } },
  ]) {
    const cell = cellOf(change);
    const problem = drawProblem(cell, streamKey(cell, 1, 0));
    const runs = [direct.start(problem), gram.start(problem)] as const;
    for (let step = 0; step < 20; step++)
      for (const run of runs) {
        run.forward();
        run.update();
      }
    for (const run of runs) run.forward();
    const [a, b] = runs.map(({ view }) => view.outputs);
    a!.forEach((f, i) => assert.ok(Math.abs(f - b![i]!) <= ENGINES_AGREE * Math.max(1, Math.abs(f)), `${f} ${b![i]}`));

    // Central differences of the mean loss over the weights, against the movement of the first step.
    const first = direct.start(problem);
    first.forward();
    const before = first.view.weights().rows.slice();
    first.update();
    const moved = first.view.weights().rows.map((w, at) => w - before[at]!);
    const lossAt = (rows: Float64Array): number => {
      const run = direct.start({ ...problem, init: { ...problem.init, rows } });
      run.forward();
      return meanLoss(run.view, problem.sample, problem.loss);
    };
    const eta = problem.stepPerSample * problem.sample.n;
    for (let at = 0; at < before.length; at += 5) {
      const h = 1e-5;
      const [up, down] = [h, -h].map((by) => lossAt(before.map((w, k) => (k === at ? w + by : w))));
      const slope = (up! - down!) / (2 * h);
      assert.ok(Math.abs(moved[at]! + eta * slope) <= SLOPE * eta, `${moved[at]} ${-eta * slope}`);
    }
  }
});

test('a default is not in the id, another value is; a version is, and leads back to its part', () => {
  const standard = cellOf({ data: { model: 'twin/signal-noise' } });
  assert.equal(cellId(standard), cellId(cellOf({ data: { model: 'twin/signal-noise', rho: 0.5 } })));
  const other = cellOf({ data: { model: 'twin/signal-noise', rho: 0.25 } });
  assert.notEqual(cellId(standard), cellId(other));
  assert.ok(canonicalCell(other).includes('"model":"twin/signal-noise@1","mu":1.5,"n":12,"rho":0.25'));
  assert.ok(!canonicalCell(standard).includes('rho'));
  const record = runCell(other, 1, 0);
  assert.deepEqual(cellOfRecord(record), other);
  const ofRule = cellOf({ training: { rule: 'twin/heavy-ball' }, engine: 'twin/direct' });
  assert.ok(canonicalCell(ofRule).includes('"rule":"twin/heavy-ball@1"'), canonicalCell(ofRule));
  assert.equal(runCell(ofRule, 1, 0).engine, 'twin/direct@1');
  assert.deepEqual(cellOfRecord(runCell(ofRule, 1, 0)), ofRule);

  const draw = twins.parts.find(({ declaration: { id } }) => id === 'twin/signal-noise')!;
  const raised = dataModel({ id: 'twin/raised', version: 2, draw: draw.compute as never });
  const [second] = cells(lab.with(raised).spec({ ...BASE, data: { ...BASE.data, model: 'twin/raised' } }));
  assert.ok(canonicalCell(second!).includes('twin/raised@2'));
  const old = { ...runCell(second!, 1, 0), cell: { data: { ...BASE.data, model: 'twin/raised@1' } } };
  assert.equal(cellOfRecord(old as never), 'its cell has data.model: twin/raised@1, which this program does not know');
});

/** What cannot be a part, a lab or a spec of one is refused in one sentence. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawSignalNoise } from '../../src/data/signal-noise.ts';
import {
  activation,
  dataModel,
  engine,
  here,
  lab,
  loss,
  memory,
  observable,
  rule,
  Stream,
  sweep,
  UserError,
  type Lab,
  type Sample,
} from '../../src/index.ts';
import { key } from '../helpers/problems.ts';

/** Whatever a program without types may hand over. */
const any = (value: unknown): never => value as never;
const ones = { glyph: 'g', meaning: 'm', needs: [], of: () => 1 } as const;
const number = { glyph: 'k', meaning: 'm', range: [0, 1], default: 0.5 } as const;
const draw = drawSignalNoise;
const identity = { value: (h: number) => h, slope: () => 1 };
const falling = { value: (z: number) => Math.exp(-z), slope: (z: number) => Math.exp(-z) };

let count = 0;
const fresh = (): `mine/${string}` => `mine/part-${count++}`;

const refused = (work: () => unknown, sentence: RegExp | string): void => {
  assert.throws(work, (error) => {
    assert.ok(error instanceof UserError, String(error));
    if (typeof sentence === 'string') assert.equal(error.message, sentence);
    else assert.match(error.message, sentence);
    assert.ok(!error.message.includes('\n') && !error.message.includes('undefined ('), error.message);
    return true;
  });
};

test('the form of a part', () => {
  refused(
    () => observable({ ...ones, id: any('spread') }),
    'observable spread: id: must be a name with one slash, such as mine/spread, got "spread"',
  );
  for (const id of ['mine/', '/spread', 'a/b/c', 'mine/sp read', '1/x', undefined, 3])
    refused(() => observable({ ...ones, id: any(id) }), /: id: must be a name with one slash/);
  for (const version of [0, 1.5, '2'])
    refused(() => observable({ ...ones, id: 'mine/v', version: any(version) }), /version: must be an integer >= 1/);
  refused(() => observable(any({ ...ones, id: 'mine/v', glyph: undefined })), /glyph: must be a text, got undefined/);
  refused(() => observable(any({ ...ones, id: 'mine/v', needs: undefined })), /needs: must be a list, \[\] for none/);
  refused(() => observable(any({ ...ones, id: 'mine/v', needs: ['roles'] })), /needs: must be of .*, got "roles"$/);
  refused(() => observable(any({ ...ones, id: 'mine/v', of: 3 })), 'observable mine/v: of: must be a function, got 3');
  refused(() => observable({ ...ones, id: 'mine/v', range: [1, 0] }), /range: must be \[least, largest\], got \[1,0\]/);
  refused(() => observable(any({ ...ones, id: 'mine/v', parameters: { k: number } })), /parameters: must be absent/);
  refused(() => dataModel({ id: 'mine/v', draw, reads: any(['radius']) }), /reads: must be of mu, .*, got "radius"/);
  refused(() => dataModel({ id: 'mine/v', draw, lacks: any('roles') }), /lacks: must be a list/);
  refused(() => dataModel({ id: 'mine/v', draw, signals: any(3) }), /signals: must be 1 or 2, got 3/);
  refused(() => dataModel({ id: 'mine/v', draw, leastDimension: 0 }), /leastDimension: must be an integer >= 1/);
  refused(() => activation(any({ id: 'mine/v', value: identity.value })), /slope: must be a function/);
  refused(() => loss(any({ id: 'mine/v', slope: identity.slope })), /value: must be a function/);
  refused(() => rule(any({ id: 'mine/v' })), /start: must be a function/);
  refused(() => engine(any({ id: 'mine/v', start: () => 0 })), /refuses: must be a function/);
});

test('parameters: each has a glyph, a meaning, a range and a default within', () => {
  const refuses = (change: object, sentence: RegExp, name = 'k'): void =>
    refused(
      () => activation({ id: 'mine/p', ...identity, parameters: { [name]: any({ ...number, ...change }) } }),
      sentence,
    );
  refuses({ default: 2 }, /parameters\.k\.default: must be a number in \[0, 1\], got 2$/);
  refuses({ default: undefined }, /parameters\.k\.default: must be a number in \[0, 1\], got undefined$/);
  refuses({ default: '1' }, /default: must be a number/);
  refuses({ default: 0.5, integer: true }, /default: must be an integer in \[0, 1\], got 0\.5$/);
  refuses({ range: [0, Infinity], default: Infinity }, /default: must be a number in \[0, Infinity\], got Infinity/);
  refuses({ range: undefined }, /parameters\.k\.range: must be \[least, largest\], got undefined/);
  refuses({ range: ['0', 1] }, /range: must be \[least, largest\], got \["0",1\]/);
  refuses({ glyph: undefined }, /parameters\.k\.glyph: must be a text/);
  refuses({ meaning: '' }, /parameters\.k\.meaning: must be a text/);
  refuses({}, /parameters\.my key: must be a name of letters and digits/, 'my key');
});

test('ids and keys that are taken', () => {
  const id = fresh();
  const first = observable({ ...ones, id });
  assert.deepEqual(lab.with(first, first).with(first).parts, [first]);
  const taken = `${id}: another part has this id already in this program: choose another id, also for a new version of it`;
  refused(() => lab.with(observable({ ...ones, id, meaning: 'another' })), taken);
  refused(() => lab.with(observable({ ...ones, id, version: 2 })), taken);
  // The same words, and other numbers: an id computes one thing.
  refused(() => lab.with(observable({ ...ones, id, of: () => 2 })), taken);
  refused(() => lab.with(loss({ id, ...falling })), taken);
  for (const path of ['d', 'model', 'flip'])
    refused(
      () => lab.with(dataModel({ id: 'mine/keys', draw, parameters: { [path]: number } })),
      `mine/keys: there is a parameter data.${path} already: choose another key`,
    );
  // What was refused has left nothing behind.
  lab.with(dataModel({ id: 'mine/keys', draw, parameters: { kOfKeys: number } }));
  refused(() => lab.with(dataModel({ id: fresh(), draw, parameters: { kOfKeys: number } })), /data\.kOfKeys already/);
  lab.with(activation({ id: fresh(), ...identity, parameters: { kOfKeys: number } })); // of another room
  for (const [came, word] of [
    [undefined, 'undefined'],
    [() => 1, 'function'],
    [lab, 'a lab'],
  ] as const)
    refused(
      () => lab.with(any(came)),
      `lab.with: must get parts, made by dataModel, observable, activation, loss, rule or engine, got ${word}; those of another lab are in its .parts`,
    );
});

const BASE = { data: { n: 8, mu: 1, d: 20 }, network: { m: 2 }, training: { maxSteps: 5 }, runs: 1 };
const POINTS = { test: { estimator: 'points', points: 10 } };
const changed = (room: 'data' | 'network' | 'training', change: object): object => ({
  ...BASE,
  [room]: { ...BASE[room], ...change },
});

test('a spec may ask for what its lab has, and for what its other choices allow', () => {
  const [one, other, signed] = [fresh(), fresh(), fresh()];
  const mine = lab.with(observable({ ...ones, id: one }));
  const theirs = lab.with(observable({ ...ones, id: other }));
  const needy = lab.with(observable({ ...ones, id: signed, needs: ['signal-role', 'span', 'piecewise-linear'] }));
  const values = (...ids: string[]): object => ({ ...BASE, record: { values: ids } });
  assert.equal(mine.spec(any(values(one, one))).record.values.length, 2);
  refused(() => mine.spec(any(values(other))), `${other}: this lab has no such part (it has ${one})`);
  refused(() => lab.spec(any(values(other))), `${other}: this lab has no such part`);
  assert.equal(theirs.with(...mine.parts).parts.length, 2);
  refused(
    () => mine.spec(any(values('mine/unknown'))),
    /must be an observable, got "mine\/unknown".* needs its module: --lab FILE\)$/,
  );
  for (const [room, key] of [
    ['data', 'model'],
    ['network', 'activation'],
    ['training', 'loss'],
    ['training', 'rule'],
  ] as const)
    refused(
      () => mine.spec(any(changed(room, { [key]: 'mine/unknown' }))),
      /must be one of .*, got "mine\/unknown" \(a part of your own needs its module: --lab FILE\)$/,
    );
  refused(() => mine.spec({ ...BASE, engine: 'mine/unknown' }), /engine: must be one of/);

  const bare = fresh();
  const noRoles = lab.with(
    ...needy.parts,
    dataModel({
      id: bare,
      draw: any((...args: Parameters<typeof draw>) => ({ ...draw(...args), roles: undefined })),
      lacks: ['signal-role'],
    }),
  );
  refused(
    () => noRoles.spec(any({ ...changed('data', { model: bare }), record: { values: [signed] } })),
    new RegExp(`record: ${signed} needs signals and noises of the training points`),
  );
  refused(
    () => needy.spec(any({ ...changed('network', { activation: 'relu-power' }), record: { values: [signed] } })),
    new RegExp(`record: ${signed} needs a piecewise linear activation`),
  );

  const [model, bend] = [fresh(), fresh()];
  const chosen = lab.with(
    dataModel({ id: model, draw, reads: ['mu'], leastDimension: 30, parameters: { tilt: number } }),
    activation({ id: bend, ...identity }),
  );
  refused(
    () => chosen.spec(any(changed('data', { model }))),
    `the spec data.d: must be an integer >= 30 for the model ${model}, got 20`,
  );
  refused(() => chosen.spec(any(changed('data', { model, d: 40, sigmaP: 2 }))), /data\.sigmaP: has no effect here/);
  refused(
    () => chosen.spec(any(changed('data', { tilt: 0.2 }))),
    `the spec data.tilt: has no effect here, it needs data.model: ${model}; set that, or leave data.tilt out`,
  );
  refused(() => chosen.spec(any(changed('data', { model, d: 40, tilt: 2 }))), /data\.tilt: must be in \[0, 1\], got 2/);
  refused(
    () =>
      chosen.spec(
        any({ ...changed('data', { model, d: 40 }), network: { m: 2, sigma0: 1, sigma0Unit: '1/(sigmaP*sqrt(d))' } }),
      ),
    `the spec network.sigma0Unit: a unit with sigmaP needs a data.model that reads data.sigmaP, got ${model}; use absolute`,
  );
  refused(
    () => chosen.spec(any(changed('network', { activation: bend }))),
    `the spec test.estimator: lines needs relu, leaky-relu or relu-power; with ${bend} set test.estimator: points`,
  );
  refused(
    () => chosen.spec(any({ ...changed('network', { activation: bend }), ...POINTS, engine: 'gram-frozen' })),
    /engine: gram-frozen needs a piecewise-linear activation/,
  );
});

/** The sentence with which the runs of a spec fail. */
async function failing(mine: Lab, input: object): Promise<string> {
  try {
    await sweep(mine, mine.spec(any(input)), { pool: here(), store: memory() });
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return error.message.replace(/^run [0-9a-f]{16}-0 failed: /, '');
  }
  return 'none';
}

test('what a part computes must be possible', async () => {
  const observed = async (of: () => unknown, range?: readonly [number, number]): Promise<string> => {
    const id = fresh();
    const mine = lab.with(observable(any({ ...ones, id, of, ...(range && { range }) })));
    return (await failing(mine, { ...BASE, record: { values: [id] } })).replace(id, 'mine/x');
  };
  assert.equal(await observed(() => NaN), 'none');
  assert.equal(await observed(() => Infinity, [0, 1]), 'none');
  assert.equal(await observed(() => '3'), 'mine/x: must be a number (NaN where there is none), got "3"');
  assert.equal(await observed(() => {}), 'mine/x: must be a number (NaN where there is none), got undefined');
  assert.equal(await observed(() => 3n), 'mine/x: must be a number (NaN where there is none), got 3');
  assert.equal(await observed(() => 2, [0, 1]), 'mine/x: must be in [0, 1], got 2');
  assert.equal(
    await observed(() => ([] as number[][])[0]![0]),
    "mine/x: Cannot read properties of undefined (reading '0')",
  );

  const drawn = async (change: (sample: Sample) => unknown): Promise<string> => {
    const model = fresh();
    const mine = lab.with(
      dataModel({ id: model, draw: any((data: never, streams: never) => change(draw(data, streams))) }),
    );
    return (await failing(mine, changed('data', { model }))).replace(model, 'mine/x');
  };
  assert.equal(await drawn((sample) => sample), 'none');
  assert.match(await drawn(() => {}), /^mine\/x: draw: must be a function that returns a sample, got undefined$/);
  assert.match(
    await drawn((sample) => ({ ...sample, patches: undefined })),
    /^mine\/x: Cannot (read|destructure) propert/,
  );
  assert.equal(
    await drawn((sample) => ({ ...sample, labels: sample.labels.map(() => 0) })),
    'mine/x: sample.labels[0]: must be 1 or -1, got 0',
  );
  assert.equal(
    await drawn((sample) => ({ ...sample, frame: { ...sample.frame, ambient: 1000 } })),
    'mine/x: sample.frame.ambient: must be data.d = 20, got 1000',
  );
  const model = fresh();
  const half = lab.with(dataModel({ id: model, draw: (data, streams) => draw({ ...data, n: data.n / 2 }, streams) }));
  assert.equal(await failing(half, changed('data', { model })), `${model}: sample.n: must be data.n = 8, got 4`);

  const bends = async (value: (h: number) => number): Promise<string> => {
    const activated = fresh();
    const mine = lab.with(activation({ id: activated, value, slope: () => 1 }));
    return failing(mine, { ...changed('network', { activation: activated }), ...POINTS });
  };
  assert.equal(await bends((h) => h + 0.5), 'network.activation.value(0): must be 0, got 0.5');
  assert.equal(await bends(() => NaN), 'network.activation.value(0): must be 0, got NaN');
  const losing = async (change: Partial<typeof falling>): Promise<string> => {
    const id = fresh();
    return failing(lab.with(loss({ id, ...falling, ...change })), changed('training', { loss: id }));
  };
  assert.equal(await losing({}), 'none');
  assert.equal(await losing({ slope: (z) => -Math.exp(-z) }), 'loss.slope(0): must be a number >= 0, got -1');
  assert.equal(await losing({ value: () => NaN }), 'loss.value(0): must be a number >= 0, got NaN');
});

test('a rule stays in the span: signs, clipping, normalising, noise and forgotten answers do not pass, schedules do', async () => {
  const ruled = async (move: (pull: Float64Array, step: number) => unknown): Promise<string> => {
    const id = fresh();
    const start = (): object => {
      let step = 0;
      return { move: (pull: Float64Array) => move(pull, step++) };
    };
    return (await failing(lab.with(rule({ id, start: any(start) })), changed('training', { rule: id }))).replace(
      id,
      'mine/x',
    );
  };
  const moves = (pull: Float64Array, change: (x: number) => number): boolean => {
    pull.forEach((x, k) => (pull[k] = change(x)));
    return pull.some((x) => x !== 0);
  };
  const out =
    'rule: must be linear in the pulls, with the same factor for every number of a block, to stay in the span, got mine/x';
  assert.equal(await ruled((pull) => moves(pull, (x) => x)), 'none');
  assert.equal(await ruled((pull, step) => moves(pull, (x) => x / Math.sqrt(1 + step))), 'none');
  assert.equal(await ruled((pull) => moves(pull, Math.sign)), out);
  assert.equal(await ruled((pull) => moves(pull, (x) => Math.max(-1, Math.min(1, x)))), out);
  assert.equal(await ruled((pull) => moves(pull, (x) => Math.max(0, x))), out);
  assert.equal(
    await ruled((pull) => {
      const norm = Math.hypot(...pull);
      return moves(pull, (x) => (norm > 0 ? x / norm : 0));
    }),
    out,
  );
  let draws = 0;
  assert.equal(await ruled((pull) => moves(pull, (x) => (draws++ % 3 === 0 ? 0 : x))), out);
  const coordinate = (pull: Float64Array): boolean => {
    pull.forEach((x, k) => (pull[k] = k === 0 ? 2 * x : x));
    return true;
  };
  assert.equal(await ruled(coordinate), out);
  assert.equal(await ruled(() => {}), 'rule.move: must be answered by true or false, got undefined');
  assert.equal(await ruled(() => false), 'rule.move: must be answered by true where the block moves, got false');
});

test('streams of a data model have a purpose that there is', () => {
  assert.throws(
    () => new Stream(key(1), any('mine/points')),
    /^RangeError: purpose: must be one of data\/labels, .*data\/own, got mine\/points$/,
  );
  assert.notEqual(new Stream(key(1), 'data/own').uniform(), new Stream(key(1), 'data/noise').uniform());
});

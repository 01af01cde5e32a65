/** The page's state as an address: what is written is read back, and whatever is read, there is a state. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CELL_PARAMETERS, inRange, PARAMETERS, type Parameter } from '../../src/notation.ts';
import { readHash, valueOf, writeHash } from '../../src/web/state/hash.ts';
import { coarser, lattice } from '../../src/web/state/lattice.ts';
import {
  FIRST,
  PARTS,
  ROOMS,
  SHOWN,
  TIMES,
  WHOLE,
  type Changes,
  type MapAxis,
  type PageState,
  type Value,
} from '../../src/web/state/page-state.ts';

const entries: readonly (readonly [path: string, entry: Parameter])[] = [...CELL_PARAMETERS].map(
  ([path, { entry }]) => [path, entry] as const,
);
const numbers = entries.filter(([path, { kind }]) => kind === 'number' && path.includes('.'));

/** A number of a range, many orders of magnitude apart where it has room. */
const within = ({ range }: Extract<Parameter, { kind: 'number' }>): fc.Arbitrary<number> =>
  fc
    .oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ min: 0, max: 1 }),
      fc.integer({ min: 0, max: 1000 }),
      fc.constantFrom(range.min, range.max),
    )
    .map((value) => (range.integer ? Math.round(value) : value) + 0)
    .filter((value) => inRange(value, range));

const WORDS = ['0/1', '0,2/1,3', 'a.b/c+d', 'f'.repeat(64), '2', '1,3', '4x10,1x*'];
const valueFor = ([path, entry]: (typeof entries)[number]): fc.Arbitrary<Value> => {
  if (entry.kind === 'number') return within(entry);
  if (entry.kind === 'choice') return fc.constantFrom(...entry.choices);
  const fitting = WORDS.filter((word) => entry.pattern.test(word));
  assert.ok(fitting.length > 0, `no word for ${path}`);
  return fc.constantFrom(...fitting);
};
const changes: fc.Arbitrary<Changes> = fc
  .subarray([...entries], { maxLength: 6 })
  .chain((some) => fc.record(Object.fromEntries(some.map((one) => [one[0], valueFor(one)]))))
  .map((made) => ({ ...made }));

const axis: fc.Arbitrary<MapAxis> = fc.constantFrom(...numbers).chain(([path, entry]) =>
  fc
    .record({
      ends: fc.option(fc.tuple(within(entry as Extract<Parameter, { kind: 'number' }>), within(entry as never)), {
        nil: undefined,
      }),
      log: fc.option(fc.boolean(), { nil: undefined }),
    })
    .map(({ ends, log }) => {
      const [a, b] = ends ?? [0, 0];
      return {
        path,
        ...(a !== b && { from: Math.min(a, b), to: Math.max(a, b) }),
        ...(log !== undefined && { log }),
      };
    }),
);
const whole = (key: keyof typeof WHOLE): fc.Arbitrary<number> => fc.integer(WHOLE[key]);

const state: fc.Arbitrary<PageState> = fc
  .record(
    {
      room: fc.constantFrom(...ROOMS),
      paper: fc.constantFrom('', 'kou-2023', 'cao-2022'),
      preset: fc.constantFrom(FIRST.preset, 'kou-2023/heat-map/in-theory', 'cao-2022/dimension', 'a/b.c/d-e'),
      set: changes,
      show: fc.constantFrom(...SHOWN),
      log: fc.boolean(),
      grid: whole('grid'),
      mapRuns: whole('mapRuns'),
      runs: whole('runs'),
      replicate: whole('replicate'),
      time: fc.constantFrom(...TIMES),
      hide: fc.subarray([...PARTS]),
      other: changes,
      x: axis,
      y: axis,
      at: whole('at'),
      only: fc.constantFrom(...PARTS),
    },
    {
      requiredKeys: [
        'room',
        'paper',
        'preset',
        'set',
        'show',
        'log',
        'grid',
        'mapRuns',
        'runs',
        'replicate',
        'time',
        'hide',
      ],
    },
  )
  .map((made) => ({ ...made }) as PageState);

test('a state comes back from its address, as it was, with nothing to complain of', () => {
  fc.assert(
    fc.property(state, (one) => {
      const text = writeHash(one);
      assert.match(text, /^[\x21-\x7e]*$/, 'an address without spaces and letters that mail breaks');
      for (const hash of [text, `#${text}`]) assert.deepEqual(readHash(hash), { state: one, complaints: [] });
      assert.equal(writeHash(readHash(text).state), text);
    }),
    { seed: 3, numRuns: 500 },
  );
  assert.equal(writeHash(FIRST), '');
});

/** What may stand in an address: nonsense, names of what every object has, and pieces of what makes sense. */
const piece = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'vs.__proto__', 'data.', '.'),
  fc.constantFrom(...PARAMETERS.keys(), ...Object.keys(FIRST), 'x', 'y', 'at', 'vs', 'only', 'colours'),
  fc.constantFrom('1e999', '-1', 'NaN', '%', '%FF', '..', 'data.mu:5..1', 'data.mu:a..b:log', 'data.mu:..', ''),
);
const nonsense = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.tuple(piece, fc.constantFrom('=', '', '=='), piece))
    .map((pairs) => pairs.map((one) => one.join('')).join('&')),
);

test('whatever the text, there is a state that can be written, and what was left out is said', () => {
  fc.assert(
    fc.property(nonsense, (text) => {
      const { state: made, complaints } = readHash(text);
      assert.deepEqual(
        Object.keys(made).filter((key) => !(key in FIRST) && !['x', 'y', 'at', 'other', 'only'].includes(key)),
        [],
      );
      assert.deepEqual(readHash(writeHash(made)), { state: made, complaints: [] });
      assert.ok(complaints.join(' ').length < 2000);
      assert.ok(complaints.every((one) => one.length > 1));
    }),
    { seed: 4, numRuns: 2000 },
  );
});

test('what makes no sense is named, and the rest holds', () => {
  const said: readonly (readonly [text: string, sentence: RegExp])[] = [
    ['nosuch=1', /^#nosuch=1: is no parameter and no word of the page$/],
    ['toString=1', /^#toString=1: is no parameter and no word of the page$/],
    ['constructor=1', /^#constructor=1: is no parameter and no word of the page$/],
    ['__proto__=1', /^#__proto__=1: is no parameter and no word of the page$/],
    ['hasOwnProperty=1', /^#hasOwnProperty=1: is no parameter/],
    ['data.d=many', /^#data\.d=many: must be an integer in \[2, /],
    ['vs.data.mu=1e999', /^#vs\.data\.mu=1e999: must be >= 0$/],
    ['room=cellar', /^#room=cellar: must be one of lab, papers, data$/],
    ['grid=97', /^#grid=97: must be an integer in \[4, 96\]$/],
    ['x=data.mu:5..1', /^#x=data\.mu:5\.\.1: must go from a number to a larger one$/],
    ['x=data.model', /^#x=data\.model: data\.model is no number of a setting$/],
    ['hide=map,cellar', /^#hide=map,cellar: must be a list of controls, /],
    ['alone', /^#alone: must have the form key=value$/],
    ['a'.repeat(100_000), /^#a{59}…: must have the form key=value$/],
  ];
  for (const [text, sentence] of said) {
    const { state: made, complaints } = readHash(`${text}&data.mu=3`);
    assert.match(complaints.join('\n'), sentence, text.slice(0, 80));
    assert.deepEqual(made, { ...FIRST, set: { 'data.mu': 3 } });
  }
  const many = readHash('a&'.repeat(50_000)).complaints;
  assert.deepEqual([many.length, many.at(-1)], [6, 'And 49995 more.']);
  assert.ok('why' in valueOf('data.mu', ''));
});

test('the values along an axis: ascending, few digits, inside the range, and coarser maps are parts of finer ones', () => {
  const made = fc.constantFrom(...numbers).chain(([path, entry]) => {
    const one = within(entry as Extract<Parameter, { kind: 'number' }>);
    return fc.record({
      path: fc.constant(path),
      ends: fc.tuple(one, one).filter(([a, b]) => a !== b && Number.isFinite(b - a)),
      count: fc.integer({ min: 2, max: 96 }),
      log: fc.boolean(),
    });
  });
  fc.assert(
    fc.property(made, ({ path, ends, count, log }) => {
      const [from, to] = [Math.min(...ends), Math.max(...ends)];
      const { values, log: isLog } = lattice(path, from, to, count, { log });
      const entry = PARAMETERS.get(path)!.entry as Extract<Parameter, { kind: 'number' }>;
      assert.equal(isLog, log && from > 0);
      assert.ok(values.length <= count);
      assert.ok(values.every((value) => inRange(value, entry.range)));
      assert.ok(values.every((value, at) => at === 0 || value > values[at - 1]!));
      assert.ok(values.every((value) => Number(String(value)) === value && value.toPrecision(12).length < 24));
      for (const stride of [2, 8]) assert.ok(coarser(values, stride).every((value) => values.includes(value)));
    }),
    { seed: 5, numRuns: 1000 },
  );
  // An axis that is asked for as it usually is has as many values as asked, and its ends.
  const { values } = lattice('data.mu', 0.01, 100, 41, { log: true });
  assert.deepEqual([values.length, values[0], values[20], values[40]], [41, 0.01, 1, 100]);
  assert.deepEqual(lattice('data.n', 2, 9, 48, { log: false }).values, [2, 3, 4, 5, 6, 7, 8, 9]);
});

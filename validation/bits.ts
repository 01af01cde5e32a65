/**
 * A hundred small cells over everything that notation lets a spec choose, and the SHA-256 of their records: the same
 * number wherever the bits are the same. Runs in Node and in a page; new choices enter by themselves.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { Stream } from '../src/core/random.ts';
import { offer } from '../src/data/content.ts';
import type { LabelledPoints } from '../src/data/readers/labelled.ts';
import { UserError } from '../src/errors.ts';
import { buildCell, cellId, valueAt, type Cell, type Value } from '../src/experiments/cell.ts';
import { recordLine } from '../src/experiments/record.ts';
import { runCell } from '../src/experiments/run.ts';
import { observablesOf } from '../src/experiments/series.ts';
import { CELL_PARAMETERS } from '../src/notation.ts';

export const CELLS = 100;
const SEED = 17;
/** Draws without anything new before the search for uncovered choices ends. */
const PATIENCE = 10_000;

/** Small sizes, so that the whole takes seconds; a number that is not named here keeps its default. */
const NUMBERS: Readonly<Record<string, readonly number[]>> = {
  'data.n': [5, 8, 12],
  'data.d': [4, 40, 300],
  'data.mu': [0, 1.5, 3],
  'data.sigmaP': [0.5, 1],
  'data.share': [0.1, 0.5],
  'data.cosine': [0, 0.5],
  'data.flip': [0, 0.2],
  'data.flips': [2],
  'network.m': [1, 3, 4],
  'network.depth': [2, 2, 3, 4],
  'network.width': [0, 5],
  'network.leak': [0.1, 0.3],
  'network.power': [2, 3],
  'network.sigma0': [0.01, 0.3],
  'network.v0': [0.1, 1],
  'training.eta': [0.05, 0.5],
  'training.epsilon': [0.3],
  'training.batch': [0, 3],
  'training.weightDecay': [0, 0.05],
  'training.maxSteps': [30],
  'test.lines': [4],
  'test.shifts': [3],
  'test.points': [100],
  'test.precision': [0.5],
};

/** Choices of which every one is to be met with every data model. */
const WITH_MODEL = ['network.activation', 'training.loss', 'engine', 'test.estimator', 'data.draw'];

/** Images of 3 x 3 in three colours: whole numbers, so that they are the same everywhere. */
const IMAGES: LabelledPoints = {
  shape: [3, 3, 3],
  count: 60,
  dtype: 'u1',
  values: Uint8Array.from({ length: 60 * 27 }, (_, at) => (at * 7919) % 251),
  labels: Float64Array.from({ length: 60 }, (_, at) => at % 3),
};

/** What a cell of it has beside its choices. */
const ofDataSet = (): [string, Value][] => [
  ['data.content', offer(IMAGES)],
  ['data.classes', '0/1,2'],
  ['data.d', 27],
  ['data.divisor', 100],
  ['data.side', 3],
  ['data.border', 1],
  ['data.heldOut', 12],
];

/** What most engines do not take: every second cell leaves it as it is. */
const STEPS = new Set(['rule', 'labelNoiseLaw', 'schedule', 'batch', 'weightDecay'].map((key) => `training.${key}`));

/** What a cell shows: every choice it makes, alone and, for some, beside its data model. */
function shows(cell: Cell): string[] {
  const choices = [...CELL_PARAMETERS].filter(([, { entry }]) => entry.kind === 'choice').map(([path]) => path);
  const alone = choices.map((path) => `${path}: ${valueAt(cell, path)}`);
  return [
    ...alone,
    ...WITH_MODEL.map((path) => `data.model: ${valueAt(cell, 'data.model')}, ${path}: ${valueAt(cell, path)}`),
  ];
}

/**
 * The cells, all different; those that first show a choice come first. Combinations that a spec would be refused for
 * are passed over.
 */
export function bitCells(): Cell[] {
  const random = new Stream({ seed: SEED, cell: [0, 0], replicate: 0 }, 'test');
  const oneOf = <T>(values: readonly T[]): T => values[Math.floor(random.uniform() * values.length)]!;
  const draw = (): Cell | undefined => {
    const values = new Map<string, Value>();
    const plain = random.uniform() < 0.5;
    for (const [path, { entry }] of CELL_PARAMETERS) {
      if (plain && STEPS.has(path)) continue;
      if (entry.kind === 'choice') values.set(path, oneOf(entry.choices));
      else if (NUMBERS[path]) values.set(path, oneOf(NUMBERS[path]));
      else if (entry.kind === 'number' && entry.default === undefined)
        values.set(path, Math.max(entry.range.min, Math.min(entry.range.max, 2)));
    }
    if (values.get('data.spectrum') === 'list') values.set('data.eigenvalues', '4x2,0.5x*');
    if (values.get('data.model') === 'dataset') for (const [path, value] of ofDataSet()) values.set(path, value);
    try {
      return buildCell(values);
    } catch (error) {
      if (error instanceof UserError) return undefined;
      throw error;
    }
  };
  const cells = new Map<string, Cell>();
  const shown = new Set<string>();
  const others = new Map<string, Cell>();
  for (let idle = 0; idle < PATIENCE && cells.size < CELLS; idle++) {
    const cell = draw();
    if (!cell) continue;
    const fresh = shows(cell).filter((one) => !shown.has(one));
    if (fresh.length === 0) {
      others.set(cellId(cell), cell);
      continue;
    }
    fresh.forEach((one) => shown.add(one));
    cells.set(cellId(cell), cell);
    idle = 0;
  }
  for (const [id, cell] of others) if (cells.size < CELLS) cells.set(id, cell);
  return [...cells.values()];
}

/** The records of every `stride`-th cell; every third keeps all its series. */
export function bitRecords(stride = 1, seed = SEED): string[] {
  return bitCells().flatMap((cell, at) =>
    at % stride
      ? []
      : [
          recordLine(
            runCell(
              cell,
              seed,
              0,
              at % 3
                ? { series: [], values: [], every: 1 }
                : { series: observablesOf(cell), values: observablesOf(cell), every: 10 },
            ),
          ),
        ],
  );
}

export const sha256Of = (lines: readonly string[]): string => bytesToHex(sha256(utf8ToBytes(lines.join('\n'))));

/** A cell: every parameter of a run but its seed and replicate; its canonical form and its id. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { SignalNoiseParameters } from '../data/signal-noise.ts';
import { messages, UserError } from '../errors.ts';
import type { InitParameters, NetworkParameters } from '../network/two-layer.ts';
import type { Loss } from '../network/loss.ts';
import type { Engine } from '../dynamics/engine.ts';
import type { StopParameters } from '../dynamics/train.ts';
import type { TestErrorParameters } from '../observables/test-error.ts';
import { describeRange, PARAMETERS } from '../notation.ts';

export interface Cell {
  readonly data: { readonly model: 'signal-noise' } & SignalNoiseParameters;
  readonly network: NetworkParameters & {
    readonly init: InitParameters['law'];
    readonly sigma0: number;
    readonly sigma0Unit: 'absolute' | '1/(sigmaP*sqrt(d))';
  };
  readonly training: StopParameters & {
    readonly loss: Loss;
    readonly reduction: 'mean' | 'sum';
    readonly eta: number;
    readonly etaUnit: 'absolute' | 'n*m/(sigmaP^2*d)';
  };
  readonly test: TestErrorParameters;
  readonly engine: Engine['id'];
  readonly coupling: 'independent' | 'common';
}

export type Value = number | string | boolean;
/** Values by path, `data.d` and so on. */
export type Values = ReadonlyMap<string, Value>;

/** Parameters of a spec that are not part of a cell. */
const OUTSIDE = new Set(['runs', 'seed']);

/**
 * Parameters that only count beside another choice. A cell that does not use one holds its default, so that it changes neither id nor draws.
 * Where `needs` is said, a spec that sets one in vain is refused: its author surely means something else.
 */
export const CONDITIONAL: readonly { readonly path: string; readonly used: (cell: Cell) => boolean; readonly needs?: string }[] = [
  { path: 'data.flips', used: ({ data }) => data.flipLaw !== 'probability', needs: 'data.flipLaw: exact or adversarial' },
  { path: 'data.adversary', used: ({ data }) => data.flipLaw === 'adversarial', needs: 'data.flipLaw: adversarial' },
  { path: 'network.leak', used: ({ network }) => network.activation === 'leaky-relu', needs: 'network.activation: leaky-relu' },
  { path: 'network.power', used: ({ network }) => network.activation === 'relu-power', needs: 'network.activation: relu-power' },
  { path: 'network.sigma0', used: ({ network }) => network.init === 'gaussian' },
  { path: 'network.sigma0Unit', used: ({ network }) => network.init === 'gaussian' },
  { path: 'training.epsilon', used: ({ training }) => training.stop === 'loss', needs: 'training.stop: loss' },
  { path: 'test.lines', used: ({ test }) => test.estimator === 'lines' },
  { path: 'test.shifts', used: ({ test }) => test.estimator === 'lines' },
  { path: 'test.precision', used: ({ test }) => test.estimator === 'auto' },
  { path: 'test.points', used: ({ test }) => test.estimator === 'points' },
];

/**
 * The cell with the given values and defaults for the rest.
 *
 * @throws UserError when a value without default is missing or two values contradict each other
 */
export function buildCell(values: Values): Cell {
  const cell: Record<string, Value | Record<string, Value>> = {};
  for (const [path, { entry }] of PARAMETERS) {
    if (OUTSIDE.has(path)) continue;
    const value = values.get(path) ?? entry.default;
    if (value === undefined) throw new UserError(messages.missing(path, entry.meaning, entry.kind === 'number' ? describeRange(entry.range) : ''));
    const [room, key] = path.split('.') as [string, string | undefined];
    if (key === undefined) cell[room] = value;
    else ((cell[room] ??= {}) as Record<string, Value>)[key] = value;
  }
  const built = cell as unknown as Cell;
  checkCell(built);
  for (const { path, used } of CONDITIONAL) {
    if (used(built)) continue;
    const [room, key] = path.split('.') as [string, string];
    (cell[room] as Record<string, Value>)[key] = PARAMETERS.get(path)!.entry.default!;
  }
  return built;
}

function checkCell({ data, network, training, engine }: Cell): void {
  const refuse = (sentence: string): never => {
    throw new UserError(sentence);
  };
  if (data.flips > data.n) refuse(messages.flipsBeyondSample(data.flips, data.n));
  if (network.init === 'pytorch' && data.draw !== 'explicit') refuse(messages.uniformNeedsExplicit());
  if (engine.startsWith('gram-') && network.activation === 'relu-power') refuse(messages.engineNeedsPiecewise(engine));
  if (engine === 'gram-frozen' && training.loss !== 'logistic') refuse(messages.engineNeedsLoss(engine, 'logistic', 'gram-incremental'));
  if (engine === 'gram-incremental' && training.loss !== 'hinge') refuse(messages.engineNeedsLoss(engine, 'hinge', 'gram-frozen'));
  if (data.sigmaP === 0 && network.sigma0Unit !== 'absolute') refuse(messages.unitNeedsNoise('network.sigma0Unit'));
  if (data.sigmaP === 0 && training.etaUnit !== 'absolute') refuse(messages.unitNeedsNoise('training.etaUnit'));
  const width = data.draw === 'explicit' ? data.d : Math.min(data.d, 1 + data.n + 2 * network.m);
  const bytes = 8 * (1 + data.n + 2 * network.m) * (width + data.n);
  if (bytes > 4e9) refuse(messages.tooLarge('these vectors', bytes / 1e9));
}

/** JSON with sorted keys and defaults omitted: equal cells have equal text, whatever the spec spelled out. */
export function canonicalCell(cell: Cell): string {
  return JSON.stringify(withoutDefaults(cell));
}

/** Plain forms by cell, like the ids. */
const plain = new WeakMap<Cell, Readonly<Record<string, unknown>>>();

/** The cell as a plain object with sorted keys and defaults omitted. The same object every time: do not change it. */
export function withoutDefaults(cell: Cell): Readonly<Record<string, unknown>> {
  let form = plain.get(cell);
  if (!form) plain.set(cell, (form = omitDefaults(cell)));
  return form;
}

function omitDefaults(cell: Cell): Record<string, unknown> {
  const paths = [...PARAMETERS.keys()].filter((path) => !OUTSIDE.has(path)).sort();
  const out: Record<string, unknown> = {};
  for (const path of paths) {
    const value = valueAt(cell, path);
    if (value === PARAMETERS.get(path)!.entry.default) continue;
    const [room, key] = path.split('.') as [string, string | undefined];
    if (key === undefined) out[room] = value;
    else ((out[room] ??= {}) as Record<string, unknown>)[key] = value;
  }
  return Object.fromEntries(Object.entries(out).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The value at a path such as `data.d`. */
export function valueAt(cell: Cell, path: string): Value {
  const [room, key] = path.split('.') as [string, string | undefined];
  const inner = (cell as unknown as Record<string, unknown>)[room];
  return (key === undefined ? inner : (inner as Record<string, unknown>)[key]) as Value;
}

/** Ids by cell: the runs of a cell share the object, and a cell never changes. */
const ids = new WeakMap<Cell, string>();

/** First 16 hex digits of the SHA-256 of the canonical form. */
export function cellId(cell: Cell): string {
  let id = ids.get(cell);
  if (id === undefined) ids.set(cell, (id = bytesToHex(sha256(utf8ToBytes(canonicalCell(cell)))).slice(0, 16)));
  return id;
}

/** `<cell id>-<replicate>`. */
export const runId = (cell: string, replicate: number): string => `${cell}-${replicate}`;

/** The form of a declaration: what a program gives, and what a folder has kept. */
import { messages, UserError } from '../errors.ts';
import type { Declaration } from './own.ts';

/** Checks; typed as lists of all there is, so that none is forgotten. */
const KINDS = [
  'data-model',
  'observable',
  'activation',
  'loss',
  'rule',
  'engine',
] as const satisfies readonly Declaration['kind'][];
const NEEDS = [
  'fixed-output',
  'piecewise-linear',
  'one-signal',
  'gaussian-noise',
  'signal-role',
  'fresh-law',
  'one-noisy-patch',
  'layers',
  'two-layer',
  'span',
  'test-error',
] as const satisfies Declaration['needs'];
const LACKS = ['signal-role', 'fresh-law', 'one-noisy-patch'] as const satisfies Declaration['lacks'];
const READS = ['mu', 'sigmaP', 'share', 'cosine'] as const satisfies Declaration['reads'];

/** Keys of a room that are no parameters. */
const KEY = /^[a-z]\w*$/i;
export const OWN_ID = /^[a-z][\w-]*\/[a-z][\w-]*$/i;

type Plain = Readonly<Record<string, unknown>>;

/** @throws UserError with one sentence that names the place */
export function checkDeclaration(one: Declaration): void {
  const { kind, id, version, meaning, glyph, needs, range, parameters, reads, signals, lacks, leastDimension } = one;
  const refuse = (place: string, allowed: string, came: unknown): never => {
    throw new UserError(messages.partForm(`${String(kind)} ${String(id)}: ${place}`, allowed, came));
  };
  const text = (place: string, came: unknown): void => {
    if (typeof came !== 'string' || came === '') refuse(place, 'a text', came);
  };
  const among = (place: string, words: readonly string[], came: unknown): void => {
    if (came === undefined) return;
    if (!Array.isArray(came)) refuse(place, `a list of ${words.join(', ')}`, came);
    for (const word of came as unknown[])
      if (!words.includes(word as string)) refuse(place, `of ${words.join(', ')}`, word);
  };
  if (!(KINDS as readonly unknown[]).includes(kind)) refuse('kind', `one of ${KINDS.join(', ')}`, kind);
  if (typeof id !== 'string' || !OWN_ID.test(id)) refuse('id', 'a name with one slash, such as mine/spread', id);
  if (!(Number.isInteger(version) && version >= 1)) refuse('version', 'an integer >= 1', version);
  text('meaning', meaning);
  if (kind === 'observable') {
    text('glyph', glyph);
    if (needs === undefined) refuse('needs', 'a list, [] for none', needs);
  }
  among('needs', NEEDS, needs);
  if (range !== undefined) checkRange('range', range, refuse);
  among('reads', READS, reads);
  among('lacks', LACKS, lacks);
  if (signals !== undefined && signals !== 1 && signals !== 2) refuse('signals', '1 or 2', signals);
  if (leastDimension !== undefined && !(Number.isInteger(leastDimension) && leastDimension >= 1))
    refuse('leastDimension', 'an integer >= 1', leastDimension);
  if (parameters === undefined) return;
  if (kind === 'observable' || kind === 'engine') refuse('parameters', 'absent', Object.keys(parameters).join(', '));
  for (const [key, parameter] of Object.entries(parameters)) {
    const place = `parameters.${key}`;
    if (!KEY.test(key)) refuse(place, 'a name of letters and digits', key);
    const {
      glyph: sign,
      meaning: means,
      range: allowed,
      integer,
      default: standard,
    } = (parameter ?? {}) as unknown as Plain;
    text(`${place}.glyph`, sign);
    text(`${place}.meaning`, means);
    checkRange(`${place}.range`, allowed, refuse);
    const [least, largest] = allowed as [number, number];
    const words = `${integer ? 'an integer' : 'a number'} in [${least}, ${largest}]`;
    const number = integer ? Number.isInteger(standard) : Number.isFinite(standard);
    if (!(number && (standard as number) >= least && (standard as number) <= largest))
      refuse(`${place}.default`, words, standard);
  }
}

function checkRange(
  place: string,
  range: unknown,
  refuse: (place: string, allowed: string, came: unknown) => never,
): void {
  const [least, largest] = Array.isArray(range) && range.length === 2 ? (range as [unknown, unknown]) : [];
  if (!(typeof least === 'number' && typeof largest === 'number' && least <= largest))
    throw refuse(place, '[least, largest]', range);
}

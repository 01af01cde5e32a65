/** Options that several commands share, and their checks. */
import { availableParallelism } from 'node:os';
import { InvalidArgumentError, Option } from 'commander';
import { messages } from '../errors.ts';
import type { Replicates, Shard } from '../sweeps/plan.ts';
import { SCALED, type Scaled } from '../experiments/view.ts';
import { describeRange, inRange, PARAMETERS, type NumberParameter } from '../notation.ts';

/** A parser for an integer option within notation's range. */
export function integerOption(path: 'runs' | 'seed'): (text: string) => number {
  const { range } = PARAMETERS.get(path)!.entry as NumberParameter;
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !inRange(value, range))
      throw new InvalidArgumentError(`must be ${describeRange(range)}, got ${text}`);
    return value;
  };
}

export function pathOption(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('must be a path, got nothing');
  return text;
}

export function stepsOption(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError(`must be an integer >= 1, got ${text}`);
  return value;
}

export function workersOption(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 1024)
    throw new InvalidArgumentError(`must be an integer in [1, 1024], got ${text}`);
  return value;
}

export function portOption(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < 0 || value > 65_535)
    throw new InvalidArgumentError(`must be an integer in [0, 65535], got ${text}`);
  return value;
}

/** A parser for a number strictly between two bounds. */
export function numberOption(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value > min && value < max))
      throw new InvalidArgumentError(`must be in (${min}, ${max}), got ${text}`);
    return value;
  };
}

/** The same for an option that may be repeated. */
export const collectNumbers =
  (min: number, max: number) =>
  (text: string, before: number[]): number[] => [...before, numberOption(min, max)(text)];

/** Numbers, each with its own option. */
export function collectAnyNumber(text: string, before: number[] = []): number[] {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError(`must be a number, got ${text}`);
  return [...before, value];
}

/** Label noises in (0, 0.5), a comma between them. */
export const flipsOption = (text: string): number[] =>
  text.split(',').map((one) => {
    const value = Number(one);
    if (one.trim() === '' || !(value >= 0 && value < 0.5))
      throw new InvalidArgumentError(`must be numbers in [0, 0.5) such as 0.1,0.2, got ${text}`);
    return value;
  });

export function wordOption(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('must be a name or a formula, got nothing');
  return text;
}

export function fileNameOption(text: string): string {
  if (!/^[\w-]+$/.test(text)) throw new InvalidArgumentError(`must be letters, digits, - and _, got ${text}`);
  return text;
}

/** `x,y` */
export function scalesOption(text: string): Scaled[] {
  const scales = text.split(',').map((one) => one.trim());
  const wrong = scales.find((one) => !(SCALED as readonly string[]).includes(one));
  if (wrong !== undefined) throw new InvalidArgumentError(`must be a list of ${SCALED.join(', ')}, got ${text}`);
  return scales as Scaled[];
}

export function everyOption(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError(`must be an integer >= 1, got ${text}`);
  return value;
}

/** Seconds from `90s`, `30m`, `2h` or their sum, `1h30m`. */
export function durationOption(text: string): number {
  const [, hours, minutes, seconds] =
    /^(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?$/.exec(text) ?? [];
  const value = 3600 * Number(hours ?? 0) + 60 * Number(minutes ?? 0) + Number(seconds ?? 0);
  if (!(value > 0 && value < 1e9)) throw new InvalidArgumentError(messages.durationForm(text));
  return value;
}

/** Seconds between two states of a long run that are kept, unless told. */
export const KEEP_EVERY = 60;

/** Between two kept states of a long run; 0: none is kept. */
export const checkpointOption = (): Option =>
  new Option('--checkpoint <T>', 'keep the state of a long run so often, to go on from it; 0: never')
    .argParser((text) => (text === '0' ? 0 : durationOption(text)))
    .default(KEEP_EVERY, `${KEEP_EVERY}s`);

export const dataOption = (): Option =>
  new Option('--data <PATH>', 'a data set: its file, or a folder with it; may be repeated')
    .argParser((text: string, before: string[] = []) => [...before, pathOption(text)])
    .default([]);

/** Replicates FROM..TO, both included. */
export function replicatesOption(text: string): Replicates {
  const [, from, to] = /^(\d{1,9})\.\.(\d{1,9})$/.exec(text) ?? [];
  if (from === undefined || Number(to) < Number(from)) throw new InvalidArgumentError(messages.replicatesForm(text));
  return { from: Number(from), to: Number(to) + 1 };
}

/** Shard k/K, 1 <= k <= K. */
export function shardOption(text: string): Shard {
  const [, at, of] = /^(\d{1,7})\/(\d{1,7})$/.exec(text) ?? [];
  if (at === undefined || Number(at) < 1 || Number(at) > Number(of))
    throw new InvalidArgumentError(`must be k/K with 1 <= k <= K, as in 3/10, got ${text}`);
  return { at: Number(at) - 1, of: Number(of) };
}

export function leaseOption(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 86_400)
    throw new InvalidArgumentError(`must be an integer in [1, 86400], got ${text}`);
  return value;
}

export const defaultWorkers = (): number => availableParallelism();

export const collect = (text: string, before: string[] = []): string[] => [...before, text];

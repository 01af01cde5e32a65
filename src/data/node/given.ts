/** Data sets by their files: those that a user named, and those of presets. Nothing is fetched. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { messages, UserError } from '../../errors.ts';
import { offer, offered } from '../content.ts';
import type { LabelledPoints } from '../readers/labelled.ts';
import { openLabelled } from './open.ts';

/** What was named, by file. */
export interface Given {
  readonly path: string;
  readonly content: string;
  readonly points: LabelledPoints;
}

/** In memory that threads share: handed on without a copy. */
export function shared(points: LabelledPoints): LabelledPoints {
  const { values } = points;
  const buffer = new SharedArrayBuffer(values.byteLength);
  const held = values instanceof Uint8Array ? new Uint8Array(buffer) : new Float64Array(buffer);
  held.set(values);
  return { ...points, values: held };
}

const given: Given[] = [];

function give(path: string): void {
  const points = shared(openLabelled(path).points);
  given.push({ path: resolve(path), content: offer(points), points });
}

/**
 * Offers what a path names: a file (IDX labels are found beside their images), a folder with the batches of CIFAR-10, or
 * a folder of such files.
 *
 * @throws UserError for what is not there; and for a file that is no data
 */
export function giveData(path: string): void {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  if (!isFolder || readdirSync(path).some((name) => /^(data|test)_batch/.test(name))) return give(path);
  for (const name of readdirSync(path).sort())
    try {
      give(join(path, name));
    } catch (error) {
      // Other files may lie there: labels, which are read with their images, among them.
      if (!(error instanceof UserError)) throw error;
    }
}

const nameOf = (path: string): string => basename(path).replace(/\.gz$/, '');

/** What was named of that name, packed or not, or the only one. */
export const givenAs = (path: string): Given | undefined =>
  given.find((one) => nameOf(one.path) === nameOf(path)) ?? (given.length === 1 ? given[0] : undefined);

/** Folders in which packages of a system put data sets; the variable names another one. */
const PLACES = {
  'fashion-mnist': () => process.env['BENIGN_FASHION_MNIST'] ?? '/usr/share/datasets/fashion-mnist',
} as const;
export type Place = keyof typeof PLACES;

/** Whether a content is offered now that was looked for in those folders. @param name of its file, packed or not */
export function foundInPlace(name: string, content: string, places = Object.keys(PLACES) as readonly Place[]): boolean {
  for (const place of places)
    for (const path of [name, `${name}.gz`].map((one) => join(PLACES[place](), basename(one))))
      if (existsSync(path)) {
        const { points } = openLabelled(path);
        if (offer(shared(points)) === content) return true;
      }
  return false;
}

/** What a preset needs. */
export interface Needed {
  /** name of its file or folder */
  readonly points: string;
  /** what it is, in words */
  readonly says: string;
  /** absent where it is not known beforehand */
  readonly content?: string;
  /** of one point */
  readonly shape: readonly number[];
  readonly place?: Place;
}

/**
 * The content of a preset's data, offered: among what was given, or in its place. Where the content is not known
 * beforehand, points of the right shape that were given by that name, or alone.
 *
 * @param preset its name, for the sentence
 * @throws UserError where it is not at hand: not run, what is needed, and how it is named
 */
export function neededData(preset: string, needed: Needed): string {
  const { points, content, shape, place } = needed;
  if (content !== undefined && (offered().has(content) || (place && foundInPlace(points, content, [place]))))
    return content;
  const other = givenAs(points);
  if (content === undefined && other && other.points.shape.join() === shape.join()) return other.content;
  throw new UserError(messages.dataNeeded(preset, needed, other));
}

/** The result folder: one spec, its records, and what is made of them. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { messages, systemReason, UserError } from '../errors.ts';
import type { PassedOver } from '../experiments/passed-over.ts';
import { SCIENCE } from '../experiments/record.ts';
import { sciencesOf } from '../experiments/science.ts';
import { parseSpec, specToYaml } from '../experiments/spec-text.ts';
import { grow } from '../experiments/spec-grow.ts';
import { writeSpec } from '../experiments/spec-write.ts';
import type { Spec } from '../experiments/spec.ts';
import { Results } from '../experiments/results.ts';
import { compareCopies, hasRecords, readStored } from '../sweeps/node/store.ts';
import type { See } from '../sweeps/store.ts';
import { callOf, noteCall, refuseAnother, type Call } from './call.ts';
import { note } from './context.ts';
import { keepLab, readLab } from './lab.ts';
import { exclusively, isThere, makeFolder, readText, writeNew, writeWhole } from './files.ts';

export const SPEC_FILE = 'spec.yaml';

/** What a folder is to hold, where it is there. */
export interface Planned {
  readonly spec: Spec;
  /** the one that it holds; undefined for a new folder */
  readonly held: Spec | undefined;
  /** in words: what it holds beyond what is asked, and keeps */
  readonly keeps: readonly string[];
}

/**
 * What a folder would hold, without writing anything. Its runs a cell only grow; that of a sweep takes more values and
 * more axes too, where all its cells stay.
 *
 * @throws UserError when it holds another spec, or the answer to another kind of command
 */
export function planFolder(folder: string, spec: Spec, call: Call): Planned {
  const file = join(folder, SPEC_FILE);
  if (!existsSync(file)) return { spec, held: undefined, keeps: [] };
  refuseAnother(folder, call);
  const held = parseSpec(readText(file), file);
  const first = callOf(folder)?.command ?? 'sweep';
  const keeps = held.runs > spec.runs ? [messages.folderHoldsMore(folder, held.runs, spec.runs)] : [];
  if (call.command === 'sweep' && (first === 'sweep' || first === 'run')) {
    const grown = grow(held, spec);
    if (!('spec' in grown))
      throw new UserError(
        messages.folderHoldsAnother(
          folder,
          grown.map(({ path, there, here }) => `${path} is ${there} there and ${here} here`).join(', '),
          true,
        ),
      );
    if (grown.more.length > 0) keeps.push(messages.folderHoldsValues(folder, grown.more));
    return { spec: grown.spec, held, keeps };
  }
  const runs = Math.max(held.runs, spec.runs);
  const difference = specDifference({ ...held, runs }, { ...spec, runs });
  if (difference) throw new UserError(messages.folderHoldsAnother(folder, difference));
  return { spec: { ...spec, runs }, held, keeps };
}

/**
 * Makes the folder, or takes it up as `planFolder` says. Of several processes that start into one new folder one writes
 * the spec, and the others join it or are refused; of several that let it grow each one starts from what the one before
 * it has left, so that no growth is lost. No record depends on it.
 *
 * @returns the spec that the folder then holds
 * @throws UserError as `planFolder`, and when it holds something else
 */
export function prepareFolder(folder: string, asked: Spec, heading: string, call: Call): Spec {
  const file = join(folder, SPEC_FILE);
  if (!existsSync(file)) {
    makeFolder(folder);
    // What another process puts there comes after its spec: who finds no spec after that, found something else.
    const foreign = entries(folder).some((name) => !name.includes('.tmp-'));
    if (foreign && !existsSync(file)) throw new UserError(messages.folderNotOurs(folder));
    if (writeNew(file, specToYaml(asked, heading))) {
      keepLab(folder, asked);
      noteCall(folder, call);
      return asked;
    }
  }
  let planned = planFolder(folder, asked, call);
  keepLab(folder, planned.spec);
  if (grows(planned))
    exclusively(file, () => {
      planned = planFolder(folder, asked, call);
      if (grows(planned)) writeWhole(file, specToYaml(planned.spec, heading));
    });
  for (const one of planned.keeps) note(one);
  noteCall(folder, call);
  return planned.spec;
}

const grows = ({ spec, held }: Planned): boolean =>
  held !== undefined && specToYaml({ ...held, name: '' }, '') !== specToYaml({ ...spec, name: '' }, '');

/** Names in a folder that is to be written to. @throws UserError when it is none, or cannot be looked into */
function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(
      messages.unwritable(
        folder,
        code === 'ENOTDIR'
          ? 'it is a file'
          : code === 'ENOENT'
            ? 'it is a link that leads nowhere'
            : systemReason(error),
      ),
    );
  }
}

/** The parameters in which two specs differ, in words; '' when they ask for the same. */
function specDifference(a: Spec, b: Spec): string {
  const left = flatten(writeSpec({ ...a, name: '' }));
  const right = flatten(writeSpec({ ...b, name: '' }));
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((key) => left.get(key) !== right.get(key))
    .map((key) => `${key} is ${left.get(key) ?? 'absent'} there and ${right.get(key) ?? 'absent'} here`)
    .join(', ');
}

function flatten(value: unknown, path = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return new Map([[path, JSON.stringify(value)]]);
  return new Map(Object.entries(value).flatMap(([key, inner]) => [...flatten(inner, path ? `${path}.${key}` : key)]));
}

/** The spec of a result folder. @throws UserError */
export function openFolder(folder: string): Spec {
  const file = join(folder, SPEC_FILE);
  if (!isThere(file)) throw new UserError(messages.notAResult(folder));
  readLab(folder);
  return parseSpec(readText(file), file);
}

/** Measured on grids of 10⁵ and 4·10⁵ cells: what one takes in the results. */
const BYTES_A_CELL = 1600;
const SECONDS_A_CELL = 4e-5;
/** Cells above which a word comes first. */
const MANY_CELLS = 20_000;

/**
 * Empty results of a spec; says beforehand what a large grid takes.
 *
 * @throws UserError for a grid that Node's memory cannot hold
 */
export function layOut(spec: Spec): Results {
  const count = spec.axes.reduce((product, { values }) => product * values.length, 1);
  const gigabytes = (count * BYTES_A_CELL) / 1e9;
  const limit = getHeapStatistics().heap_size_limit / 1e9;
  if (gigabytes > limit) throw new UserError(messages.gridBeyondHeap(count, gigabytes, limit));
  if (count > MANY_CELLS) note(messages.largeGrid(count, Math.ceil(count * SECONDS_A_CELL), gigabytes));
  return new Results(spec);
}

/** The spec and all its finished runs. @throws UserError when there are none */
export function loadResults(folder: string): Results {
  const spec = openFolder(folder);
  // Before the grid, which may be large.
  if (!hasRecords(folder)) throw new UserError(messages.noRecords(folder));
  const results = layOut(spec);
  readFolder(folder, (record) => results.take(record));
  if (results.count === 0) throw new UserError(messages.noRecords(folder));
  return results;
}

const told = new Set<string>();

/** Says on stderr, in one line, which lines of a store were passed over; nothing when none was. */
export function sayPassed(folder: string, { lines, count, words: said }: PassedOver): void {
  if (count === 0) return;
  // A command may read a folder twice.
  const key = [folder, ...said].join('\n');
  if (told.has(key)) return;
  told.add(key);
  note(messages.passedOver(folder, lines, count, said));
}

/**
 * Reads a folder without adding to it; says on stderr what it passed over, and when it is of an older science version.
 * Returns the version.
 *
 * @throws UserError
 */
export function readFolder(folder: string, see: See): number {
  const twice = new Map<string, number>();
  const {
    passed,
    science = SCIENCE,
    today = science,
  } = readStored(folder, (record, where) => {
    const reason = see(record, where);
    if (reason === 'twice') twice.set(record.run, record.seed);
    return reason;
  });
  for (const seed of new Set(twice.values())) compareCopies(folder, new Set(twice.keys()), seed);
  sayPassed(folder, passed);
  if (science !== today) note(messages.scienceOlder(folder, science, today));
  return science;
}

/** Says on stderr that a folder lacks runs. @param missing the sentence; nothing when it lacks none */
export function noteMissing(folder: string, missing: string | undefined): void {
  if (missing !== undefined) note(messages.runsMissing(folder, missing));
}

/**
 * What a figure says about its records; nothing when they are of a science version that records of the spec have today.
 */
export const scienceRemark = (science: number, spec: Spec): string | undefined =>
  sciencesOf(spec).has(science) ? undefined : `science version ${science}`;

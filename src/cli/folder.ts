/** The result folder: one spec, its records, and what is made of them. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { messages, systemReason, UserError } from '../errors.ts';
import { REASONS, type PassedOver } from '../experiments/passed-over.ts';
import { SCIENCE } from '../experiments/record.ts';
import { parseSpec, specToYaml } from '../experiments/spec-text.ts';
import { writeSpec } from '../experiments/spec-write.ts';
import type { Spec } from '../experiments/spec.ts';
import { Results } from '../experiments/results.ts';
import { hasRecords, readStored } from '../sweeps/node/store.ts';
import type { See } from '../sweeps/store.ts';
import { noteCall, refuseAnother, type Call } from './call.ts';
import { note } from './context.ts';
import { keepLab, readLab } from './lab.ts';
import { isThere, makeFolder, readText, writeNew, writeWhole } from './files.ts';

export const SPEC_FILE = 'spec.yaml';

/**
 * Makes the folder, or takes it up when it holds the same spec. Of several processes that start into one new folder one
 * writes the spec, and the others join it or are refused. A folder's runs a cell only grow: asked for more it takes the
 * new number, asked for fewer it keeps its own. No record depends on it.
 *
 * @returns the spec that the folder then holds
 * @throws UserError when it holds another spec, the answer to another kind of command, or something else
 */
export function prepareFolder(folder: string, spec: Spec, heading: string, call: Call): Spec {
  const file = join(folder, SPEC_FILE);
  if (!existsSync(file)) {
    makeFolder(folder);
    // What another process puts there comes after its spec: who finds no spec after that, found something else.
    const foreign = entries(folder).some((name) => !name.includes('.tmp-'));
    if (foreign && !existsSync(file)) throw new UserError(messages.folderNotOurs(folder));
    if (writeNew(file, specToYaml(spec, heading))) {
      keepLab(folder, spec);
      noteCall(folder, call);
      return spec;
    }
  }
  refuseAnother(folder, call);
  const held = parseSpec(readText(file), file);
  const runs = Math.max(held.runs, spec.runs);
  const difference = specDifference({ ...held, runs }, { ...spec, runs });
  if (difference) throw new UserError(messages.folderHoldsAnother(folder, difference));
  keepLab(folder, spec);
  if (held.runs < spec.runs) writeWhole(file, specToYaml(spec, heading));
  else if (held.runs > spec.runs) note(messages.folderHoldsMore(folder, held.runs, spec.runs));
  noteCall(folder, call);
  return { ...spec, runs };
}

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

/** The first parameter in which two specs differ, in words; '' when they ask for the same. */
function specDifference(a: Spec, b: Spec): string {
  const left = flatten(writeSpec({ ...a, name: '' }));
  const right = flatten(writeSpec({ ...b, name: '' }));
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    if (left.get(key) !== right.get(key))
      return `${key} is ${left.get(key) ?? 'absent'} there and ${right.get(key) ?? 'absent'} here`;
  }
  return '';
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
export function sayPassed(folder: string, { lines, count, reasons }: PassedOver): void {
  if (count === 0) return;
  const said = reasons.map(
    (one) => `${one.count} ${REASONS[one.reason]} (${one.count > 1 ? 'the first ' : ''}${one.first})`,
  );
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
  const { passed, science = SCIENCE } = readStored(folder, see);
  sayPassed(folder, passed);
  if (science !== SCIENCE) note(messages.scienceOlder(folder, science, SCIENCE));
  return science;
}

/** Says on stderr that a folder lacks runs. @param missing the sentence; nothing when it lacks none */
export function noteMissing(folder: string, missing: string | undefined): void {
  if (missing !== undefined) note(messages.runsMissing(folder, missing));
}

/** What a figure says about its records; nothing when they are of this science version. */
export const scienceRemark = (science: number): string | undefined =>
  science === SCIENCE ? undefined : `science version ${science}`;

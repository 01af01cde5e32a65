/** The result folder: one spec, its records, and what is made of them. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { messages, UserError } from '../errors.ts';
import { SCIENCE, type RunRecord } from '../experiments/record.ts';
import { parseSpec, specToYaml } from '../experiments/spec-text.ts';
import { writeSpec } from '../experiments/spec-write.ts';
import type { Spec } from '../experiments/spec.ts';
import { Results } from '../experiments/table.ts';
import { readStored } from '../sweeps/node/store.ts';
import { note } from './context.ts';
import { makeFolder, readText, writeWhole } from './files.ts';

export const SPEC_FILE = 'spec.yaml';

/**
 * Makes the folder, or takes it up when it holds the same spec.
 *
 * @throws UserError when it holds another spec, or something else
 */
export function prepareFolder(folder: string, spec: Spec, heading: string): void {
  const file = join(folder, SPEC_FILE);
  if (existsSync(file)) {
    const difference = specDifference(parseSpec(readText(file), file), spec);
    if (difference) throw new UserError(messages.folderHoldsAnother(folder, difference));
    return;
  }
  makeFolder(folder);
  if (!statSync(folder).isDirectory()) throw new UserError(messages.unwritable(folder, 'it is a file'));
  if (readdirSync(folder).some((name) => !name.includes('.tmp-'))) throw new UserError(messages.folderNotOurs(folder));
  writeWhole(file, specToYaml(spec, heading));
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
  if (!existsSync(file)) throw new UserError(messages.notAResult(folder));
  return parseSpec(readText(file), file);
}

/** The spec and all its finished runs. @throws UserError when there are none */
export function loadResults(folder: string): Results {
  const results = new Results(openFolder(folder));
  readFolder(folder, (record) => void results.add(record));
  if (results.count === 0) throw new UserError(messages.noRecords(folder));
  return results;
}

/**
 * Reads a folder without adding to it; says on stderr when it is of an older science version. Returns the version.
 *
 * @throws UserError
 */
export function readFolder(folder: string, see: (record: RunRecord) => void): number {
  const science = readStored(folder, see) ?? SCIENCE;
  if (science !== SCIENCE) note(messages.scienceOlder(folder, science, SCIENCE));
  return science;
}

/** What a figure says about its records; nothing when they are of this science version. */
export const scienceRemark = (science: number): string | undefined =>
  science === SCIENCE ? undefined : `science version ${science}`;

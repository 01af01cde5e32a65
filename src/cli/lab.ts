/** `--lab FILE`: a module whose lab has parts of one's own, and what a folder keeps of it. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messages, UserError } from '../errors.ts';
import { checkDeclaration } from '../experiments/own-form.ts';
import { declarationOf, declare, partsOf, type Declaration } from '../experiments/own.ts';
import type { Spec } from '../experiments/spec.ts';
import type { Part } from '../lab/part.ts';
import { readJson, writeWhole } from './files.ts';

export const LAB_FILE = 'lab.json';

/** What a folder keeps: which module made its runs, and enough of its parts to read them without it. */
interface Kept {
  readonly v: 1;
  /** file name, without its folder */
  readonly module: string;
  /** of the module's own text: what it imports is not looked at */
  readonly sha256: string;
  readonly parts: readonly Declaration[];
}

/** The module of this command. */
let used: { readonly file: string; readonly url: URL; readonly sha256: string } | undefined;

/** Puts the parts of a module's lab on the shelves. @throws UserError when there is none, or it cannot be loaded */
export async function useLab(file: string): Promise<void> {
  if (!existsSync(file)) throw new UserError(messages.unreadable(file, 'there is no such file'));
  const path = realpathSync(resolve(file));
  const url = pathToFileURL(path);
  let made: unknown;
  try {
    made = ((await import(url.href)) as { readonly default?: unknown }).default;
  } catch (error) {
    throw new UserError(messages.labFailed(file, error instanceof Error ? error.message : String(error)));
  }
  const parts = (made as { readonly parts?: readonly Part[] } | undefined)?.parts;
  if (!Array.isArray(parts)) throw new UserError(messages.noLab(file));
  // A module that imports another copy of the program has put its parts on that copy's shelves.
  for (const one of parts as readonly Partial<Part>[])
    if (!one.declaration || !declarationOf(one.declaration.id)) throw new UserError(messages.otherCopy(file));
  used = { file, url, sha256: createHash('sha256').update(readFileSync(path)).digest('hex') };
}

/** For threads; undefined without `--lab`. */
export const labModule = (): URL | undefined => used?.url;

/** SHA-256 of its text; undefined without `--lab`. */
export const labHash = (): string | undefined => used?.sha256;

/**
 * Keeps in a folder what its runs' parts are, the first time.
 *
 * @throws UserError when another module made the folder's runs
 */
export function keepLab(folder: string, spec: Spec): void {
  const ids = partsOf(spec);
  if (ids.length === 0) return;
  if (!used) throw new UserError(messages.partWithoutModule(ids[0]!));
  const file = join(folder, LAB_FILE);
  if (existsSync(file)) {
    const held = kept(file);
    if (held.sha256 !== used.sha256)
      throw new UserError(
        messages.otherLab(folder, held.module, held.sha256.slice(0, 12), used.file, used.sha256.slice(0, 12)),
      );
    return;
  }
  const made: Kept = {
    v: 1,
    module: basename(used.file),
    sha256: used.sha256,
    parts: ids.map((id) => declarationOf(id)!),
  };
  writeWhole(file, `${JSON.stringify(made, null, 1)}\n`);
}

/** Puts the parts of a folder's runs on the shelves, without what they compute. @throws UserError */
export function readLab(folder: string): void {
  const file = join(folder, LAB_FILE);
  if (existsSync(file)) for (const one of kept(file).parts) declare(one);
}

/** What a folder holds. @throws UserError for a file that no sweep has left */
function kept(file: string): Kept {
  const held = readJson(file) as Partial<Kept> | null;
  if (held?.v !== 1 || typeof held.sha256 !== 'string' || typeof held.module !== 'string' || !Array.isArray(held.parts))
    throw new UserError(messages.notALabFile(file));
  const parts = (held.parts as readonly Declaration[]).map(opened);
  try {
    for (const one of parts) checkDeclaration(one);
  } catch (error) {
    throw error instanceof UserError ? new UserError(messages.notALabFile(file, error.message)) : error;
  }
  return { ...(held as Kept), parts };
}

/** JSON has no Infinity: an open end of a range is null there. */
function opened(one: Declaration): Declaration {
  const parameters = Object.entries(one?.parameters ?? {}).map(
    ([key, parameter]) => [key, withEnds(parameter)] as const,
  );
  return { ...withEnds(one), ...(one?.parameters && { parameters: Object.fromEntries(parameters) }) };
}

const withEnds = <T extends { readonly range?: readonly [number, number] }>(one: T): T =>
  Array.isArray(one?.range) ? { ...one, range: [one.range[0] ?? -Infinity, one.range[1] ?? Infinity] } : one;

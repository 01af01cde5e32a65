/** Specs as YAML or JSON text, with the line and column of whatever is wrong. */
import { isMap, isScalar, LineCounter, parseDocument, stringify, type Document, type Node } from 'yaml';
import { messages, printable, UserError } from '../errors.ts';
import type { Complaint } from './complaint.ts';
import { readSpec } from './spec-read.ts';
import { withValues, writeWhole } from './spec-write.ts';
import type { OpenFiles } from './spec-files.ts';
import type { Spec } from './spec.ts';

/**
 * Reads a spec; `changes` (by path) are laid over it first.
 *
 * @param file name for the sentences
 * @param open what opens the files of a data set; without it the spec must say content and dimension
 * @throws UserError naming every complaint, one a line: `kou.yaml:6:9 data.flip: must be in [0, 0.5), got 0.7`
 */
export function parseSpec(
  text: string,
  file: string,
  changes: Readonly<Record<string, unknown>> = {},
  open?: OpenFiles,
): Spec {
  const lines = new LineCounter();
  const document = parsed(text, file, lines);
  const [broken] = document.errors;
  if (broken) {
    const { line, col } = lines.linePos(broken.pos[0]);
    if (broken.message.includes('call stack')) throw new UserError(messages.tooDeep(`${file}:${line}:${col}`));
    const why = broken.code === 'MULTIPLE_DOCS' ? messages.manyDocuments() : broken.message;
    throw new UserError(messages.notYaml(`${file}:${line}:${col}`, why));
  }
  const input = plain(document, file);
  if (input === null || input === undefined) throw new UserError(messages.emptySpec(file));
  const offset = ({ path, atKey }: Complaint): number => positionOf(document, path, atKey === true);
  const where = (one: Complaint): string => {
    const { line, col } = lines.linePos(offset(one));
    return `${file}:${line}:${col}`;
  };
  const inOrder = (complaints: readonly Complaint[]): Complaint[] =>
    [...complaints].sort((a, b) => offset(a) - offset(b));
  // Changes come from flags: what is wrong with them is said without a place in the file. The file itself may be
  // incomplete as long as the flags complete it.
  if (Object.keys(changes).length > 0) {
    const overlaid = readSpec(overlay(input, changes), open);
    if ('spec' in overlaid) return overlaid.spec;
    const place = (one: Complaint): string => {
      const path = one.path.join('.');
      return path in changes ? `--set ${path}=${String(changes[path])}:` : where(one);
    };
    throw new UserError(
      inOrder(overlaid.complaints)
        .map((one) => `${place(one)} ${one.sentence}`)
        .join('\n'),
    );
  }
  const read = readSpec(input, open);
  if ('complaints' in read)
    throw new UserError(
      inOrder(read.complaints)
        .map((one) => `${where(one)} ${one.sentence}`)
        .join('\n'),
    );
  return read.spec;
}

/** Brackets in brackets that a spec may have: parsers and checks go down them by calls. */
const DEEPEST = 50;

/** @throws UserError for a text that goes down further than any spec */
function parsed(text: string, file: string, lines: LineCounter): Document {
  try {
    return parseDocument(text, { lineCounter: lines, prettyErrors: false, resolveKnownTags: false });
  } catch (error) {
    if (error instanceof RangeError) throw new UserError(messages.tooDeep(file));
    throw error;
  }
}

/** The document as plain data; an alias that leads nowhere, or to too much, shows only here. */
function plain(document: Document, file: string): unknown {
  let data: unknown;
  try {
    data = document.toJS();
  } catch (error) {
    if (error instanceof RangeError) throw new UserError(messages.tooDeep(file));
    const { message } = error as Error;
    throw new UserError(messages.notYaml(file, message.startsWith('Excessive') ? messages.manyAliases() : message));
  }
  for (let level = [data], depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) throw new UserError(messages.tooDeep(file));
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
  }
  return data;
}

/**
 * A spec from plain data, as the presets have it.
 *
 * @param name of the spec in the sentences
 * @throws UserError naming everything that is wrong with it, one sentence a line
 */
export function specFrom(input: unknown, name: string): Spec {
  const read = readSpec(input);
  if ('complaints' in read)
    throw new UserError(read.complaints.map(({ sentence }) => `${name} ${sentence}`).join('\n'));
  return read.spec;
}

/** The spec with changes by path; see `withValues`. @throws UserError */
export function changeSpec(spec: Spec, changes: Readonly<Record<string, unknown>>, name: string): Spec {
  return specFrom(withValues(spec, changes), name);
}

/** The YAML that a result folder keeps; reading it gives the same spec. */
export function specToYaml(spec: Spec, heading: string): string {
  return `# ${printable(heading.replace(/\s+/g, ' '))}\n${stringify(writeWhole(spec), { lineWidth: 0 })}`;
}

function overlay(input: unknown, changes: Readonly<Record<string, unknown>>): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  const out = structuredClone(input) as Record<string, unknown>;
  for (const [path, value] of Object.entries(changes)) {
    const axes = out['axes'];
    if (typeof axes === 'object' && axes !== null) delete (axes as Record<string, unknown>)[path];
    const [room, key] = path.split('.') as [string, string | undefined];
    if (key === undefined) out[room] = value;
    else {
      const inner = out[room];
      out[room] = { ...(typeof inner === 'object' && inner !== null ? inner : {}), [key]: value };
    }
  }
  return out;
}

/** Offset of the node at a path, of its key when asked for, or of the nearest parent that exists. */
function positionOf(document: Document, path: readonly string[], atKey: boolean): number {
  for (let depth = path.length; depth > 0; depth--) {
    const parent =
      depth === 1 ? document.contents : (document.getIn(path.slice(0, depth - 1), true) as Node | undefined);
    const last = path[depth - 1]!;
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === last);
      const node = (atKey && depth === path.length ? pair?.key : (pair?.value ?? pair?.key)) as Node | null | undefined;
      if (node?.range) return node.range[0];
    } else {
      const node = document.getIn(path.slice(0, depth), true) as Node | undefined;
      if (node?.range) return node.range[0];
    }
  }
  return 0;
}

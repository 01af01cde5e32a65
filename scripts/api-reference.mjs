// What src/index.ts exports, read from the declarations that the build makes of it (dist/src): sections, signatures,
// docstrings. The page and its test are made of it.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'comment-parser';
import { parseSync } from 'oxc-parser';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Where the package's declarations lie, and the sections of its index. */
export const PACKAGE = { index: join(root, 'src', 'index.ts'), declarations: join(root, 'dist', 'src') };

/** Tags that a docstring may have. */
const TAGS = new Set(['param', 'returns', 'throws']);

const named = (node) => node?.name ?? node?.value;

/** @returns {{ text: string, program: any, comments: any[], imports: any, exports: any }} */
function read(file) {
  const text = readFileSync(file, 'utf8');
  const { program, comments, module, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  return { text, program, comments, module };
}

/** The docstring right before a place: its words, and those of its tags. */
function docOf({ text, comments }, start) {
  const comment = comments.findLast(({ end }) => end <= start);
  if (!comment || comment.type !== 'Block' || !comment.value.startsWith('*')) return null;
  if (text.slice(comment.end, start).trim() !== '') return null;
  const [block] = parse(text.slice(comment.start, comment.end), { spacing: 'preserve' });
  if (!block) return null;
  for (const { tag } of block.tags)
    if (!TAGS.has(tag)) throw new Error(`@${tag}: a docstring has ${[...TAGS].map((one) => `@${one}`).join(', ')}`);
  const tagged = (tag) => block.tags.filter((one) => one.tag === tag);
  return {
    start: comment.start,
    says: paragraphs(block.description),
    params: tagged('param').map(({ name, description }) => ({ name, says: paragraphs(description) })),
    returns: tagged('returns').map(({ name, description }) => paragraphs(`${name} ${description}`))[0] ?? null,
    throws: tagged('throws').map(({ name, description }) => paragraphs(`${name} ${description}`)),
  };
}

/** Lines of one paragraph joined; empty lines, lists and their items kept. */
const paragraphs = (words) =>
  words
    .trim()
    .split(/\n\s*\n/)
    .map((one) => one.replace(/\s*\n\s*(?![*-] )/g, ' '))
    .join('\n\n');

/** Top-level statements that declare something, by name. */
function declarationsOf(file) {
  const source = read(file);
  const byName = new Map();
  for (const statement of source.program.body) {
    const node = statement.declaration ?? statement;
    const names =
      node.type === 'VariableDeclaration'
        ? node.declarations.map(({ id }) => id.name)
        : [node.id?.name].filter(Boolean);
    for (const name of names) byName.set(name, { statement, node, doc: docOf(source, statement.start) });
  }
  const imports = new Map();
  for (const { moduleRequest, entries } of source.module.staticImports)
    if (moduleRequest.value.startsWith('.'))
      for (const { importName, localName } of entries)
        imports.set(localName.value, { name: importName.name, from: moduleRequest.value });
  return { ...source, byName, imports };
}

const memo = (of) => {
  const known = new Map();
  return (key) => {
    if (!known.has(key)) known.set(key, of(key));
    return known.get(key);
  };
};

/** Names of types that a node asks for. */
function typesIn(node, into = new Set()) {
  if (Array.isArray(node)) for (const one of node) typesIn(one, into);
  else if (node && typeof node === 'object') {
    if (node.type === 'TSTypeReference' && node.typeName.type === 'Identifier') into.add(node.typeName.name);
    if (node.type === 'TSInterfaceHeritage' && node.expression.type === 'Identifier') into.add(node.expression.name);
    for (const [key, value] of Object.entries(node)) if (key !== 'parent') typesIn(value, into);
  }
  return into;
}

const isPrivate = (member) =>
  member.accessibility === 'private' ||
  member.accessibility === 'protected' ||
  member.key?.type === 'PrivateIdentifier';

/** Members that a reader meets, with their docstrings. */
function membersOf(source, node) {
  const body =
    node.type === 'TSInterfaceDeclaration' || node.type === 'ClassDeclaration'
      ? node.body.body
      : node.type === 'TSTypeAliasDeclaration' && node.typeAnnotation.type === 'TSTypeLiteral'
        ? node.typeAnnotation.members
        : [];
  return body
    .filter((member) => !isPrivate(member))
    .map((member) => ({ name: named(member.key) ?? 'constructor', node: member, doc: docOf(source, member.start) }));
}

/** Text of a declaration without its docstring, `export` and what is private. */
function signatureOf({ text, comments }, { statement, node }) {
  let out = '';
  let at = node.start;
  for (const member of node.type === 'ClassDeclaration' ? node.body.body.filter(isPrivate) : []) {
    const before = comments.findLast(({ end }) => end <= member.start);
    const from =
      before && before.start > at && text.slice(before.end, member.start).trim() === '' ? before.start : member.start;
    out += text.slice(at, from);
    at = member.end;
  }
  return (out + text.slice(at, statement.end)).replace(/^(export )?(declare )?/, '');
}

/** The index's sections: a comment `# Title`, sentences, and what is exported below it. */
export function sectionsOf(index) {
  const { text, program, comments } = read(index);
  const sections = [];
  const lines = comments.filter(({ type }) => type === 'Line');
  for (const [at, { value, start }] of lines.entries()) {
    const title = /^ # (.+)$/.exec(value)?.[1];
    if (title) sections.push({ title, says: [], start, names: [] });
    else if (at > 0 && sections.length > 0 && text.slice(lines[at - 1].end, start).trim() === '')
      sections.at(-1).says.push(value.trim());
  }
  for (const statement of program.body) {
    const section = sections.findLast(({ start }) => start < statement.start);
    if (!section) throw new Error(`${index}: an export before the first section`);
    for (const { local, exported } of statement.specifiers)
      section.names.push({ name: exported.name, local: local.name, from: statement.source.value });
  }
  return sections.map(({ title, says, names }) => ({ title, says: says.join(' '), names }));
}

/**
 * Every export with its docstring, and the types that they name without being exported.
 *
 * @param {{ index: string, declarations: string }} where
 */
export function reference({ index, declarations } = PACKAGE) {
  const files = memo(declarationsOf);
  const pathOf = (from, to) => join(dirname(from), to).replace(/(\.d)?\.ts$/, '.d.ts');
  const entry = (name, path) => {
    const source = files(path);
    const found = source.byName.get(name);
    if (!found) return null;
    return {
      name,
      file: path.slice(declarations.length + 1).replace(/\.d\.ts$/, '.ts'),
      kind: found.node.type,
      node: found.node,
      doc: found.doc,
      signature: signatureOf(source, found),
      members: membersOf(source, found.node),
      types: [...typesIn(found.node)].map((one) => {
        const { name: original, from } = source.imports.get(one) ?? { name: one };
        return { name: original, path: from ? pathOf(path, from) : path };
      }),
    };
  };
  const sections = sectionsOf(index).map(({ names, ...section }) => ({
    ...section,
    entries: names.map(({ name, local, from }) => {
      const path = pathOf(join(declarations, 'index.d.ts'), from);
      const found = entry(local, path);
      if (!found) throw new Error(`${path}: no declaration of ${local}`);
      return { ...found, name };
    }),
  }));
  const exported = sections.flatMap(({ entries }) => entries);
  const seen = new Map(exported.map((one) => [`${one.file}:${one.name}`, one]));
  const met = [];
  const queue = [...exported];
  for (const { types } of queue)
    for (const { name, path } of types) {
      if (!existsSync(path)) continue;
      const one = entry(name, path);
      if (!one || seen.has(`${one.file}:${one.name}`)) continue;
      seen.set(`${one.file}:${one.name}`, one);
      met.push(one);
      queue.push(one);
    }
  return { sections, met };
}

/**
 * Every export of the package has a docstring. What a program can see of it: that there is one; that numbers and arrays
 * among fields and parameters are named in it or are symbols of notation; that what throws says so (`@throws`), as far as
 * the `throw` stands in the function or in one of the same file that it calls. Whether the words are right it cannot see.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { parseSync } from 'oxc-parser';
import { SYMBOLS } from '../../src/notation.ts';
import { inFolder, root } from '../helpers/benign.ts';

interface Doc {
  readonly says: string;
  readonly params: readonly { readonly name: string; readonly says: string }[];
  readonly returns: string | null;
  readonly throws: readonly string[];
}
interface Member {
  readonly name: string;
  readonly node: Node;
  readonly doc: Doc | null;
}
interface Entry extends Member {
  readonly file: string;
  readonly members: readonly Member[];
}
interface Where {
  readonly index: string;
  readonly declarations: string;
}
/** A node of the parsed declaration. */
type Node = { readonly [key: string]: unknown; readonly type: string };

const { reference, PACKAGE } = (await import(pathToFileURL(join(root, 'scripts', 'api-reference.mjs')).href)) as {
  readonly reference: (where: Where) => { readonly sections: readonly { readonly entries: readonly Entry[] }[] };
  readonly PACKAGE: Where;
};

/** Names that notation explains: meaning, unit, range. */
const EXPLAINED = new Set(
  Object.entries(SYMBOLS).flatMap(([id, entry]) => [id, ...('path' in entry ? [entry.path.split('.').at(-1)!] : [])]),
);

/** A node and what lies in it, but not in nodes of the type `but`. */
function* nodesIn(value: unknown, but?: string): Generator<Node> {
  if (Array.isArray(value)) for (const one of value) yield* nodesIn(one, but);
  else if (typeof value === 'object' && value !== null && (value as Node).type !== but) {
    if ('type' in value) yield value as Node;
    for (const one of Object.values(value)) yield* nodesIn(one, but);
  }
}

const wordsOf = (doc: Doc | null): string =>
  doc === null ? '' : [doc.says, doc.returns ?? '', ...doc.params.flatMap(({ name, says }) => [name, says])].join(' ');
const names = (doc: Doc | null, word: string): boolean => new RegExp(`(?<!\\w)${word}(?!\\w)`).test(wordsOf(doc));

/** A type of which a reader asks for shape, unit or range. */
const isNumeric = (type: unknown): boolean =>
  [...nodesIn(type, 'TSFunctionType')].some(
    ({ type, typeName }) =>
      type === 'TSNumberKeyword' ||
      type === 'TSArrayType' ||
      /^(Float64|Int32|Uint32|Uint8|Int8)Array$/.test((typeName as { name?: string } | undefined)?.name ?? ''),
  );

/** `sample: Sample` says what it is. */
const saysItself = (name: string, type: unknown): boolean => {
  const called = [...nodesIn(type)].find(({ type }) => type === 'TSTypeReference')?.['typeName'] as
    | { readonly name?: string }
    | undefined;
  return called?.name?.toLowerCase() === name.toLowerCase();
};

/** The parameters of a function's declaration, by name. */
function parametersOf(node: Node): readonly { readonly name: string; readonly type: unknown }[] {
  const holder =
    node.type === 'VariableDeclaration' ? [...nodesIn(node)].find((n) => n.type === 'TSFunctionType') : node;
  const params = (holder?.['params'] ?? (holder?.['value'] as Node | undefined)?.['params'] ?? []) as readonly Node[];
  return params.map((one) => {
    const target = (one['argument'] ?? one) as Node;
    return { name: String(target['name']), type: target['typeAnnotation'] };
  });
}

/** What throws in a source file: `name` of a function, `Class.name` of a method. */
function throwersOf(file: string): ReadonlySet<string> {
  const { program } = parseSync(file, readFileSync(file, 'utf8'));
  const bodies = new Map<string, Node>();
  for (const statement of program.body as unknown as Node[]) {
    const node = (statement['declaration'] ?? statement) as Node;
    const id = (node['id'] as { name?: string } | undefined)?.name;
    if (node.type === 'FunctionDeclaration' && id) bodies.set(id, node);
    if (node.type === 'VariableDeclaration')
      for (const one of node['declarations'] as readonly { id: { name: string }; init: Node }[])
        if (/Function/.test(one.init?.type)) bodies.set(one.id.name, one.init);
    if (node.type === 'ClassDeclaration')
      for (const member of (node['body'] as { body: readonly Node[] }).body)
        bodies.set(`${id}.${(member['key'] as { name: string }).name}`, member);
  }
  const throwing = new Set<string>();
  for (let before = -1; before < throwing.size;) {
    before = throwing.size;
    for (const [name, body] of bodies)
      for (const node of nodesIn(body)) {
        const callee = node.type === 'CallExpression' ? (node['callee'] as Node) : undefined;
        const called =
          callee?.type === 'Identifier'
            ? String(callee['name'])
            : (callee?.['object'] as Node | undefined)?.type === 'ThisExpression'
              ? `${name.split('.')[0]}.${(callee!['property'] as { name: string }).name}`
              : '';
        if (node.type === 'ThrowStatement' || throwing.has(called)) throwing.add(name);
      }
  }
  return throwing;
}

/** What the docstrings leave open, one line each. */
function leftOpen(where: Where, sources: string): string[] {
  const open: string[] = [];
  const entries = reference(where).sections.flatMap(({ entries }) => entries);
  for (const { name, node, doc, file, members } of entries) {
    const say = (what: string): void => void open.push(`${file}: ${name}${what}`);
    const throwing = throwersOf(join(sources, file));
    if (!doc?.says) say(' has no docstring');
    if (throwing.has(name) && doc?.throws.length === 0) say(' throws: no @throws');
    for (const { name: parameter, type } of parametersOf(node))
      if (isNumeric(type) && !names(doc, parameter) && !EXPLAINED.has(parameter))
        say(`(${parameter}) is not explained`);
    for (const member of members) {
      const type = member.node['typeAnnotation'] ?? member.node['returnType'];
      const parameters = parametersOf(member.node);
      if (throwing.has(`${name}.${member.name}`) && !member.doc?.throws.length)
        say(`.${member.name} throws: no @throws`);
      if (member.doc) continue;
      const plain = names(doc, member.name) || EXPLAINED.has(member.name) || saysItself(member.name, type);
      if (member.name === 'constructor' ? parameters.some(({ name }) => !names(doc, name)) : !plain)
        say(`.${member.name} has no docstring`);
    }
  }
  return open;
}

test('every export says what it is, its numbers and arrays, and what it throws', () => {
  assert.deepEqual(leftOpen(PACKAGE, join(root, 'src')), []);
});

test('a missing docstring, a number without a word and a silent throw are found', async () => {
  await inFolder((folder) => {
    const found = (declared: string, source: string): string[] => {
      writeFileSync(join(folder, 'index.ts'), "// # Mine\nexport { f } from './part.ts';\n");
      writeFileSync(join(folder, 'part.d.ts'), declared);
      writeFileSync(join(folder, 'part.ts'), source);
      return leftOpen({ index: join(folder, 'index.ts'), declarations: folder }, folder);
    };
    const quiet = 'export function f(lengths) { return lengths; }';
    const throwing =
      'const no = () => { throw new RangeError(); };\nexport function f(lengths) { return lengths ?? no(); }';
    const declared = 'export declare function f(lengths: Float64Array): void;\n';
    const doc = (tags: string): string => `/**\n * Prints them.\n *\n * ${tags}\n */\n`;
    assert.deepEqual(found(declared, quiet), ['part.ts: f has no docstring', 'part.ts: f(lengths) is not explained']);
    assert.deepEqual(found(doc('') + declared, quiet), ['part.ts: f(lengths) is not explained']);
    assert.deepEqual(found(doc('@param lengths [n, d]') + declared, quiet), []);
    assert.deepEqual(found(doc('@param lengths [n, d]') + declared, throwing), ['part.ts: f throws: no @throws']);
    assert.deepEqual(
      found(doc('@param lengths [n, d]\n * @throws RangeError without lengths') + declared, throwing),
      [],
    );
    const fields = 'export interface f { n: number; /** [n] */ labels: number[]; rate: number; more(): void }\n';
    assert.deepEqual(found(`/** Two. */\n${fields}`, ''), [
      'part.ts: f.rate has no docstring',
      'part.ts: f.more has no docstring',
    ]);
    assert.deepEqual(found(`/** Two; rate in 1/s, more of it. */\n${fields}`, ''), []);
  });
});

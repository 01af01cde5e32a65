/** The house's import law: who may import whom, no circles, and no clock, disk or chance outside the doors. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';

const root = packageRoot();
const source = join(root, 'src');

/** Those who read what runs came to. */
const READERS = [
  'experiments/spec',
  'experiments/cell',
  'experiments/setting',
  'experiments/record',
  'experiments/frame',
  'theory',
  'notation',
  'core',
  'errors',
] as const;

/** Rooms and the rooms or files they may import from, besides themselves. `types:` marks type imports only. */
const LAW: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  core: ['errors'],
  notation: ['core', 'errors'],
  data: ['core', 'notation', 'errors'],
  network: ['core', 'notation', 'errors'],
  theory: ['core', 'notation'],
  dynamics: ['data/sample', 'network', 'core'],
  observables: ['dynamics/engine', 'data/sample', 'network', 'core'],
  experiments: ['observables', 'dynamics', 'network', 'data', 'core', 'notation', 'errors'],
  sweeps: ['experiments', 'data/content', 'data/readers', 'core', 'errors'],
  figures: [...READERS, 'experiments/view', 'experiments/view-check', 'experiments/differences'],
  verification: READERS,
  papers: ['notation', 'types:experiments/spec', 'types:figures', 'types:verification'],
  reproduction: [
    'papers',
    'figures',
    'verification',
    'theory',
    'sweeps/plan',
    'sweeps/boundary',
    'experiments',
    'notation',
    'core',
    'errors',
  ],
  diagnosis: ['theory', 'experiments', 'data', 'notation', 'core', 'errors'],
  lab: ['experiments', 'observables', 'dynamics', 'network', 'data', 'core', 'notation', 'errors'],
  answers: [
    'diagnosis',
    'reproduction',
    'figures',
    'verification',
    'theory',
    'sweeps/boundary',
    'experiments',
    'notation',
    'core',
    'errors',
  ],
  library: [
    'data',
    'diagnosis',
    'lab',
    'answers',
    'papers',
    'reproduction',
    'figures',
    'sweeps',
    'experiments',
    'errors',
    'types:verification',
    'types:theory',
    'types:notation',
  ],
  // A command reads, calls, writes and prints: what is judged and drawn comes from the rooms below it.
  cli: [
    'core',
    'data/content',
    'data/dataset',
    'data/node',
    'data/readers',
    'notation',
    'errors',
    'theory',
    'experiments',
    'sweeps',
    'types:figures',
    'figures/figure',
    'figures/node',
    'types:verification',
    'papers',
    'reproduction',
    'answers',
    'diagnosis',
    'lab',
  ],
  // The page: all but the command line, and of each room what no door of Node is.
  web: [
    'lab',
    'core',
    'notation',
    'errors',
    'data',
    'theory',
    'experiments',
    'sweeps',
    'figures',
    'verification',
    'papers',
    'reproduction',
    'answers',
    'diagnosis',
    'network',
    'dynamics',
    'observables',
  ],
  index: [
    'lab',
    'library',
    'core',
    'notation',
    'errors',
    'data',
    'network',
    'theory',
    'dynamics',
    'observables',
    'experiments',
    'sweeps',
    'figures',
    'verification',
    'papers',
    'reproduction',
    'answers',
    'diagnosis',
  ],
};

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!readdirSync(folder).includes('package.json')) folder = dirname(folder);
  return folder;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? sourceFiles(path) : /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

/**
 * Names of modules imported by a file: relative ones as paths from src/, without their ending; and what it hands on of
 * what it has from another module.
 */
function importsOf(file: string, text: string): { relative: Import[]; packages: string[]; handsOn: Import[] } {
  const { module } = parseSync(file, text);
  const name = (path: string): string =>
    relative(source, path)
      .split(sep)
      .join('/')
      .replace(/\.tsx?$/, '');
  const specifiers = [
    ...module.staticImports.map((one) => ({
      text: one.moduleRequest.value,
      typeOnly: one.entries.length > 0 && one.entries.every((entry) => entry.isType),
    })),
    ...module.staticExports.flatMap((one) =>
      one.entries.flatMap((entry) =>
        entry.moduleRequest ? [{ text: entry.moduleRequest.value, typeOnly: entry.isType }] : [],
      ),
    ),
    ...module.dynamicImports.map((one) => ({
      text: text.slice(one.moduleRequest.start + 1, one.moduleRequest.end - 1),
      typeOnly: false,
    })),
  ];
  const between = (all: typeof specifiers): Import[] =>
    all
      .filter((one) => one.text.startsWith('.'))
      .map((one) => ({ from: name(file), to: name(resolve(dirname(file), one.text)), typeOnly: one.typeOnly }));
  const homes = new Map(
    module.staticImports.flatMap(({ entries, moduleRequest }) =>
      entries.map(({ localName }) => [localName.value, moduleRequest.value] as const),
    ),
  );
  const handed = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest, localName, isType }) => {
      const home = moduleRequest?.value ?? homes.get(localName.name ?? '');
      return home === undefined ? [] : [{ text: home, typeOnly: isType }];
    }),
  );
  return {
    relative: between(specifiers),
    handsOn: between(handed),
    packages: specifiers.filter((one) => !one.text.startsWith('.')).map((one) => one.text),
  };
}

/** Where a file may touch the world: `node` (cli/ and any folder node/), `web` (any folder web/), or nowhere. */
function doorOf(path: string): 'node' | 'web' | undefined {
  const folders = path.split('/').slice(0, -1);
  if (folders.includes('web')) return 'web';
  return folders[0] === 'cli' || folders.includes('node') ? 'node' : undefined;
}

const roomOf = (path: string): string => path.split('/')[0]!;

/** '' when the law allows the import, else what is wrong. */
function judge({ from, to, typeOnly }: Import): string {
  const room = roomOf(from);
  const allowed = roomOf(to) === room ? [room] : LAW[room];
  if (!allowed) return `${from}: room ${room} is not in the law`;
  const matches = (rule: string): boolean => to === rule || to.startsWith(`${rule}/`);
  const ok = allowed.some((rule) => (rule.startsWith('types:') ? typeOnly && matches(rule.slice(6)) : matches(rule)));
  // The face of the library is for programs in Node, and hands them the caller's own thread too.
  const door = from === 'index' ? undefined : doorOf(to);
  return ok && (door === undefined || door === doorOf(from)) ? '' : `${from} imports ${to}`;
}

/** A chain of imports that comes back to its start; [] when there is none. */
function circle(imports: readonly Import[]): string[] {
  const graph = new Map<string, string[]>();
  for (const { from, to } of imports) graph.set(from, [...(graph.get(from) ?? []), to]);
  const done = new Set<string>();
  const visit = (node: string, path: string[]): string[] => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return [];
    for (const next of graph.get(node) ?? []) {
      const found = visit(next, [...path, node]);
      if (found.length > 0) return found;
    }
    done.add(node);
    return [];
  };
  for (const node of graph.keys()) {
    const found = visit(node, []);
    if (found.length > 0) return found;
  }
  return [];
}

const files = sourceFiles(source).map((file) => ({ file, text: readFileSync(file, 'utf8') }));
const parsed = files.map(({ file, text }) => ({
  file: relative(source, file).split(sep).join('/'),
  text,
  ...importsOf(file, text),
}));
const imports = parsed.flatMap((one) => one.relative);

test('every import obeys the law', () => {
  assert.ok(imports.length > 100, 'the parser saw the imports');
  assert.deepEqual(imports.map(judge).filter(Boolean), []);
});

test('only sweeps fill results: who reads them takes the frame', () => {
  const asking = imports.filter(({ to }) => to === 'experiments/results').map(({ from }) => roomOf(from));
  assert.deepEqual([...new Set(asking)].sort(), ['cli', 'index', 'library', 'sweeps', 'web']);
});

/**
 * What a room has of another one is asked for there: handed on, it walks around the law. Only the library's face may.
 */
const walks = (handsOn: readonly Import[]): string[] =>
  handsOn.flatMap(({ from, to }) =>
    roomOf(from) === roomOf(to) || from === 'index' ? [] : [`${from} hands on ${to}`],
  );

test('no room hands on what another one has', () => {
  assert.deepEqual(walks(parsed.flatMap(({ handsOn }) => handsOn)), []);
  const file = join(source, 'verification', 'made-up.ts');
  for (const text of [
    `export type { Powers } from '../theory/transition-laws.ts';`,
    `import { settingOf } from '../theory/transition-laws.ts';\nexport { settingOf };`,
  ])
    assert.deepEqual(walks(importsOf(file, text).handsOn), ['verification/made-up hands on theory/transition-laws']);
  assert.deepEqual(walks(importsOf(file, `export * from './check.ts';`).handsOn), []);
});

test('docs/architecture.md has the law as it is', () => {
  const page = readFileSync(join(root, 'docs', 'architecture.md'), 'utf8');
  const written = new Map(
    [...page.matchAll(/^\| `(\w+)` \| (nothing of ours|`.*) \|$/gm)].map(([, room, rules]) => [room!, rules!]),
  );
  for (const [room, rules] of Object.entries(LAW)) {
    if (room === 'index') continue;
    const plain = rules.filter((rule) => !rule.startsWith('types:')).map((rule) => `\`${rule}\``);
    const types = rules.filter((rule) => rule.startsWith('types:')).map((rule) => `\`${rule.slice(6)}\``);
    const words = [
      plain.join(', ') || 'nothing of ours',
      ...(types.length > 0 ? [`types of ${types.join(', ')}`] : []),
    ];
    assert.equal(written.get(room), words.join('; '), room);
  }
});

test('the law refuses what it should (negative control)', () => {
  assert.notEqual(judge({ from: 'core/random', to: 'data/sample', typeOnly: true }), '');
  assert.notEqual(judge({ from: 'dynamics/gram', to: 'data/signal-noise', typeOnly: false }), '');
  assert.notEqual(judge({ from: 'papers/kou-2023', to: 'verification/agreement', typeOnly: false }), '');
  assert.notEqual(judge({ from: 'reproduction/reproduce', to: 'figures/node/write', typeOnly: false }), '');
  assert.notEqual(judge({ from: 'verification/claims', to: 'experiments/results', typeOnly: true }), '');
  assert.notEqual(judge({ from: 'figures/heat-map', to: 'experiments/table', typeOnly: true }), '');
  assert.notEqual(judge({ from: 'sweeps/sweep', to: 'sweeps/web/here', typeOnly: true }), '');
  assert.notEqual(judge({ from: 'sweeps/web/workers', to: 'sweeps/node/store', typeOnly: false }), '');
  assert.notEqual(judge({ from: 'cli/sweep', to: 'sweeps/web/here', typeOnly: false }), '');
  assert.notEqual(judge({ from: 'experiments/run', to: 'theory/critical', typeOnly: false }), '');
  assert.notEqual(judge({ from: 'cli/run', to: 'verification/excess', typeOnly: false }), '');
  assert.notEqual(judge({ from: 'cli/run', to: 'figures/trajectories', typeOnly: false }), '');
  assert.notEqual(judge({ from: 'answers/run', to: 'sweeps/node/store', typeOnly: true }), '');
  assert.notEqual(judge({ from: 'reproduction/caption', to: 'answers/run', typeOnly: false }), '');
});

/** Lines of a file with a command; what is longer does something that belongs below. */
const MOST_LINES = 150;

test('commands are thin', () => {
  const main = parsed.find(({ file }) => file === 'cli/main.ts')!;
  const commands = new Set(main.relative.map(({ to }) => `${to}.ts`).filter((file) => file.startsWith('cli/')));
  const long = parsed.filter(({ file, text }) => commands.has(file) && text.split('\n').length > MOST_LINES);
  assert.ok(commands.size > 12, 'the parser saw the commands');
  assert.deepEqual(
    long.map(({ file }) => file),
    [],
  );
});

test('no circle, type imports included', () => {
  assert.deepEqual(circle(imports), []);
  assert.deepEqual(
    circle([
      { from: 'a', to: 'b', typeOnly: true },
      { from: 'b', to: 'a', typeOnly: false },
    ]),
    ['a', 'b', 'a'],
    'negative control',
  );
});

const NODE = /\bprocess\.|\bBuffer\b/;
const BROWSER =
  /\b(new Worker\(|postMessage\(|self\.|document\.(?:body|create|getElement|query)|window\.|navigator\.|localStorage|indexedDB|fetch\()/;
const EITHER = /\b(Math\.random|Date\.now|performance\.now|new Date\(|setTimeout|setInterval|globalThis)/;

test('only doors touch Node, the browser, the clock, the disk, argv and chance', () => {
  for (const { file, text, packages } of parsed) {
    const door = doorOf(file);
    if (door !== 'node') {
      const ofNode = packages.filter((name) => name.startsWith('node:') || name === 'piscina');
      assert.deepEqual(ofNode, [], `${file} imports Node`);
      assert.doesNotMatch(text, NODE, file);
    }
    if (door !== 'web') assert.doesNotMatch(text, BROWSER, file);
    if (door === undefined) assert.doesNotMatch(text, EITHER, file);
  }
  const doors = parsed.filter(({ file }) => doorOf(file) === 'web').map(({ text }) => text);
  assert.ok(doors.some((text) => BROWSER.test(text)) && doors.some((text) => EITHER.test(text)), 'there is a web door');
});

test('no result depends on Math.exp and its like', () => {
  const rooms = ['core', 'data', 'network', 'dynamics', 'observables', 'experiments', 'diagnosis'];
  for (const { file, text } of parsed) {
    if (rooms.includes(roomOf(file)))
      assert.doesNotMatch(
        text.replace(/`[^`]*`/g, ''),
        /Math\.(exp|log|log1p|expm1|pow|sin|cos|tan|tanh|cbrt|hypot|log2|log10)\(/,
        file,
      );
  }
});

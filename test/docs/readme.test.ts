/** What the README and the pages say is so: commands run, specs parse, links lead somewhere, claims hold. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import { beside } from '../../src/cli/open-data.ts';
import { EXIT } from '../../src/cli/context.ts';
import { runCell } from '../../src/experiments/run.ts';
import { parseSpec, specFrom } from '../../src/experiments/spec-text.ts';
import { cells } from '../../src/experiments/spec.ts';
import { PAPERS } from '../../src/papers/index.ts';
import { benign, root, started, type Answer } from '../helpers/benign.ts';
import { compareCollapse, compareQuickMap } from '../helpers/gallery.ts';
import { compiledExample } from '../helpers/own-lab.ts';
import { blocksOf as blocksIn, commandsOf, HELD, type Block, type Command } from '../helpers/pages.ts';
import { warm } from '../helpers/warm.ts';

const PAGES = [
  ...['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'].map((name) => join(root, name)),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => join(root, 'docs', name)),
];
const nameOf = (page: string): string => relative(root, page);
const read = (page: string): string => readFileSync(page, 'utf8');

const blocksOf = (page: string): Block[] => blocksIn(read(page));

// ---- commands ----

/** Where shortened reproductions go. */
const SHORT = join('out', 'short');

/** The command that the README starts with must decide every check: it is run as it stands. */
const FIRST = ['reproduce', 'kou-2023', '--quick'];

/** A long command, made short. What it says is then no longer what the page shows. */
function shortened({ args }: Pick<Command, 'args'>): readonly string[] | null {
  if (args[0] !== 'reproduce' || args.includes('--runs') || args.join() === FIRST.join()) return null;
  return [...args, ...(args.includes('--quick') ? [] : ['--quick']), '--runs', '1', '--out', SHORT];
}

/** Whether every line of the block is found in the output; `…` stands for anything. */
function shows(output: string, block: string): void {
  for (const line of block.trimEnd().split('\n')) {
    const pattern = line
      .split('…')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*');
    assert.match(output, new RegExp(pattern), `the output has no line ${line}`);
  }
}

/** One folder for all pages; a command that occurs on several of them runs once. */
const shared = mkdtempSync(join(tmpdir(), 'benign-docs-'));
cpSync(join(root, 'examples'), join(shared, 'examples'), { recursive: true });
mkdirSync(join(shared, 'out'));
// The example with parts of one's own, compiled; the specs of the pages may name its parts.
const ownLab = compiledExample(join(shared, 'examples', '10-own-lab'));
await import(pathToFileURL(ownLab).href);
after(() => rmSync(shared, { recursive: true, force: true }));
const answers = new Map<string, Answer>();
/** What these name leaves parts or data in a process, which a reader's next command would not have. */
const LEAVES = /two-noises|images|digits|cifar|mnist/;
function once(args: readonly string[]): Answer {
  const key = JSON.stringify(args);
  if (!answers.has(key)) answers.set(key, (LEAVES.test(key) ? benign : warm)(args, shared));
  return answers.get(key)!;
}

/** What a command answers that ends with Ctrl-C alone, which comes when it has said something. */
async function untilSaid(args: readonly string[]): Promise<Answer> {
  const { child, ended } = started(args);
  child.stdout!.once('data', () => child.kill('SIGINT'));
  return ended;
}

/** What `tutorial.test.ts` runs is not run here once more. */
const heldElsewhere = (page: string): boolean => HELD.some((name) => nameOf(page) === join('docs', `${name}.md`));

for (const page of PAGES.filter(
  (one) =>
    !heldElsewhere(one) &&
    blocksOf(one).some(({ text }) => text.split('\n').some((line) => commandsOf(line).length > 0)),
)) {
  test(`commands of ${nameOf(page)}`, async (context) => {
    let last: Answer | undefined;
    let count = 0;
    for (const { language, text } of blocksOf(page)) {
      const file = /^# (\S+\.yaml)\n/.exec(text)?.[1];
      if (language === 'yaml' && file) writeFileSync(join(shared, file), text);
      if (language === 'text' && last) shows(last.stdout + last.stderr, text);
      last = undefined;
      for (const command of text.split('\n').flatMap(commandsOf)) {
        count++;
        if (command.args.includes('--against')) {
          // The table belongs to its authors and does not lie here: the command must get as far as reading it.
          assert.match(once(command.args).stderr, /^benign: \S+\.csv: cannot be read/, command.line);
          continue;
        }
        if (command.args[0] === 'reproduce' && command.args.includes('--data')) {
          // Nor do the images: as far as looking for them.
          assert.match(once(command.args).stderr, /^benign: \S+: cannot be read/, command.line);
          continue;
        }
        const short = shortened(command);
        const answer = command.args[0] === 'lab' ? await untilSaid(command.args) : once(short ?? command.args);
        // with one run a cell checks are undecided
        const expected = short ? EXIT.undecided : command.exit;
        assert.equal(answer.code, expected, `${command.line}\n${answer.stdout}${answer.stderr}`);
        if (command.into) writeFileSync(join(shared, command.into), answer.stdout);
        last = short ? undefined : answer;
      }
    }
    context.diagnostic(`${count} commands`);
  });
}

test('the maps and the collapse of the gallery are what its commands have left, byte for byte', (context) => {
  once(FIRST);
  const seconds = compareQuickMap(join(shared, 'out', 'kou-2023-heat-map-as-plotted-quick'));
  context.diagnostic(`the quick map was computed in ${seconds} s`);
  const collapse = once(['reproduce', 'kou-2023/collapse', '--quick', '--runs', '20']);
  assert.equal(collapse.code, EXIT.undecided, collapse.stderr);
  const [folder] = readdirSync(join(shared, 'out')).filter((name) => name.startsWith('kou-2023-collapse-'));
  compareCollapse(join(shared, 'out', folder!));
});

// ---- specs and programs ----

test('every spec on the pages parses, except those that are shown to be broken', () => {
  let count = 0;
  for (const page of PAGES) {
    for (const { language, text } of blocksOf(page)) {
      // more.yaml needs more.ts: own-parts.test.ts has both.
      if (language !== 'yaml' || text.startsWith('# broken') || text.startsWith('# more.yaml')) continue;
      // Files of a data set are named as beside the example's spec.
      parseSpec(text, nameOf(page), {}, beside(join(root, 'examples', '12-images')));
      count++;
    }
  }
  assert.ok(count >= 5);
});

test('the program in the README runs', () => {
  assert.equal(benign(['doctor']).code, 0); // builds dist/, which the package's name leads to
  const programs = blocksOf(join(root, 'README.md')).filter(({ language }) => language === 'js');
  assert.equal(programs.length, 1);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', programs[0]!.text], {
    cwd: root,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  const [, error, se] = /^interpolated (\S+) \+- (\S+)$/m.exec(stdout)!.map(Number);
  assert.ok(error! >= 0.1 && error! < 0.3 && se! > 0, stdout);
});

// ---- links ----

/** GitHub's anchors of a page's headings: equal ones are numbered. */
function anchors(page: string): Set<string> {
  const text = read(page).replace(/^```[\s\S]*?^```$/gm, '');
  const seen = new Map<string, number>();
  return new Set(
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => {
      const plain = heading!
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-');
      const before = seen.get(plain) ?? 0;
      seen.set(plain, before + 1);
      return before === 0 ? plain : `${plain}-${before}`;
    }),
  );
}

test('every relative link and picture exists, anchors too', () => {
  let count = 0;
  for (const page of PAGES) {
    const text = read(page)
      .replace(/^```[\s\S]*?^```$/gm, '')
      .replace(/`[^`\n]*`/g, '');
    for (const [, target] of text.matchAll(/!?\[[^\]]*\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target!)) continue;
      count++;
      const [path, anchor] = target!.split('#') as [string, string?];
      const file = path === '' ? page : join(dirname(page), path);
      assert.ok(existsSync(file), `${nameOf(page)}: ${target} leads nowhere`);
      if (anchor !== undefined) assert.ok(anchors(file).has(anchor), `${nameOf(page)}: ${target}: no such heading`);
    }
  }
  assert.ok(count > 40);
});

test('every page of docs/ is reached from the README, and one in a folder of it from the page of that name', () => {
  const below = join(root, 'docs');
  for (const page of PAGES.filter((one) => one.startsWith(below))) {
    const folder = dirname(page);
    const from = folder === below ? join(root, 'README.md') : `${folder}.md`;
    const target = relative(dirname(from), page).replaceAll('\\', '/');
    assert.ok(read(from).includes(`(${target}`), `${nameOf(from)} does not lead to ${nameOf(page)}`);
  }
});

// ---- claims ----

test('the picture and the two commands come first', () => {
  const lines = read(join(root, 'README.md'))
    .split('\n')
    .filter((line) => line !== '');
  assert.match(lines[1]!, /^!\[.+\]\(docs\/gallery\/kou-2023-quick\.svg\)$/);
  assert.equal(blocksOf(join(root, 'README.md'))[0]!.text, 'npm ci && npx benign reproduce kou-2023 --quick\n');
  assert.equal(blocksOf(join(root, 'README.md'))[1]!.text, 'npm ci && npm test\n');
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { engines: { node: string } };
  assert.ok(read(join(root, 'README.md')).includes(`Node ${engines.node.replace('>=', '')} or newer`));
});

test('reproduce trains 100 x 100 cells, 10 runs each; --quick 32,000 networks', () => {
  const [variant] = PAPERS[0]!.figures[0]!.variants;
  const full = specFrom(variant!.spec, 'full');
  assert.deepEqual([...full.axes.map(({ values }) => values.length), full.runs], [100, 100, 10]);
  const quick = specFrom({ ...variant!.spec, axes: variant!.quickAxes, runs: variant!.quickRuns }, 'quick');
  assert.equal(
    quick.axes.reduce((product, { values }) => product * values.length, quick.runs),
    32000,
  );
});

const kou = {
  data: { n: 20, flip: 0.1, mu: 5 },
  network: { m: 10, sigma0: 0.01, sigma0Unit: '1/(sigmaP*sqrt(d))' },
  training: { eta: 1, etaUnit: 'n*m/(sigmaP^2*d)' },
};

test('a run in d = 10^9 costs what one in d = 100 costs, and d = 10^12 works', (context) => {
  const seconds = (d: number): number => {
    const [cell] = cells(specFrom({ ...kou, data: { ...kou.data, d } }, 'cost'));
    runCell(cell!, 1, 0);
    const times = Array.from({ length: 5 }, (_, round) => {
      const started = performance.now();
      for (let i = 0; i < 20; i++) runCell(cell!, 1, 20 * round + i);
      return performance.now() - started;
    });
    return Math.min(...times);
  };
  seconds(100); // warms the code up
  const ratio = seconds(1e9) / seconds(100);
  context.diagnostic(`time ratio ${ratio.toFixed(2)}`);
  assert.ok(ratio < 3, `${ratio}`);
  const [cell] = cells(specFrom({ ...kou, data: { ...kou.data, d: 1e12, mu: 3000 } }, 'far'));
  assert.equal(runCell(cell!, 1, 0).outcome, 'interpolated');
});

test('test errors far below what test points show have a standard error', () => {
  const [cell] = cells(
    specFrom(
      {
        data: { n: 20, d: 1000, mu: 8, flip: 0.1 },
        network: { m: 10 },
        training: { eta: 0.01 },
        test: { estimator: 'auto' },
      },
      'small errors',
    ),
  );
  const { values } = runCell(cell!, 1, 0);
  assert.ok(values.testErrorClean! > 1e-9 && values.testErrorClean! < 1e-7, `${values.testErrorClean}`);
  assert.ok(values.testErrorCleanSe! > 0 && values.testErrorCleanSe! <= 0.05 * values.testErrorClean!);
});

test('the published numbers on the page are those that the checks use', () => {
  const page = read(join(root, 'docs', 'kou-2023.md'));
  const rows = [...page.matchAll(/^\| \d+–\d+ \|(.+)\|$/gm)].map(([, row]) => row!.split('|').map(Number));
  const blocks = PAPERS[0]!.figures[0]!.variants[0]!.checks.flatMap((check) =>
    'blocks' in check ? check.blocks.values : [],
  );
  assert.deepEqual(rows, blocks);
  for (const { id, deviations } of PAPERS[0]!.figures[0]!.variants) {
    assert.ok(page.includes(`**${id}**`), id);
    assert.ok(deviations.length > 0);
  }
});

test('the keys of report.json and of --json are those that docs/formats.md describes', () => {
  const sections = read(join(root, 'docs', 'formats.md')).split(/^## /m);
  const described = (title: string): string[] =>
    [
      ...sections
        .find((one) => one.startsWith(`${title}\n`))!
        .split(/\nEach entry/)[0]!
        .matchAll(/^\| `(\w+)` \|/gm),
    ].map(([, key]) => key!);
  const keys = (text: string): string[] => Object.keys(JSON.parse(text) as object);
  assert.equal(once(FIRST).code, EXIT.ok);
  const folder = join('out', 'kou-2023-heat-map-as-plotted-quick');
  assert.deepEqual(
    keys(readFileSync(join(shared, folder, 'report.json'), 'utf8')),
    described('report.json of reproduce').filter((key) => key !== 'against'),
  );
  writeFileSync(join(shared, 'small.yaml'), 'data: {n: 5, d: 50, mu: 2}\nnetwork: {m: 2}\nruns: 1\n');
  assert.deepEqual(
    keys(once(['run', 'small.yaml', '--out', 'small-run', '--json']).stdout),
    described('report.json of run'),
  );
  assert.deepEqual(
    keys(once(['sweep', 'small.yaml', '--out', 'small-sweep', '--json']).stdout),
    described('JSON on stdout').filter((key) => key !== 'ended'),
  );
  assert.deepEqual(keys(once(['doctor', 'small-sweep', '--json']).stdout), described('doctor of a folder'));
  writeFileSync(
    join(shared, 'precise.yaml'),
    'data: {n: 5, d: 50, mu: 2}\nnetwork: {m: 2}\nruns: 30\nprecision: {halfWidth: 0.2, minRuns: 2}\n',
  );
  assert.deepEqual(
    keys(once(['sweep', 'precise.yaml', '--out', 'precise-sweep', '--json']).stdout),
    described('JSON on stdout'),
  );
  const made = [folder, 'small-run', 'small-sweep'].flatMap((name) => readdirSync(join(shared, name)));
  for (const name of new Set(made.filter((one) => !['records', 'figures', 'claims'].includes(one))))
    assert.ok(
      sections.some((one) => one.startsWith('The result folder\n') && one.includes(`\`${name}\``)),
      `${name} is not described`,
    );
});

test('CITATION.cff has what CFF 1.2.0 asks for, and the version of the package', () => {
  const citation = parse(readFileSync(join(root, 'CITATION.cff'), 'utf8')) as Record<string, unknown> & {
    references: Record<string, unknown>[];
  };
  assert.equal(citation['cff-version'], '1.2.0');
  assert.deepEqual(citation['authors'], [{ name: 'The benign-lab authors' }]);
  for (const key of ['message', 'title']) assert.equal(typeof citation[key], 'string');
  const { version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
    license: string;
  };
  assert.deepEqual([citation['version'], citation['license']], [version, license]);
  assert.equal(citation.references[0]!['title'], PAPERS[0]!.title);
});

test('the changelog starts with the numbers that changed, and names the science version', () => {
  const text = read(join(root, 'CHANGELOG.md'));
  assert.match(text, /^# Changelog\n\n(## Unreleased\n\n)?## [^\n]+\n\n### Numbers that changed\n/);
  const record = runCell([...cells(specFrom({ ...kou, data: { ...kou.data, d: 100 } }, 'version'))][0]!, 1, 0);
  assert.ok(text.includes(`Science version ${record.science}:`));
});

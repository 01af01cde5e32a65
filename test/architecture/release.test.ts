/** `npm run release` in a git repository of its own: every refusal, and what a release sets, tests and packs. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { inFolder, root } from '../helpers/benign.ts';

interface How {
  readonly version: string;
  readonly parts?: readonly string[];
  readonly dryRun?: boolean;
  readonly date: string;
  readonly say: (line: string) => void;
}
const SCRIPT = join(root, 'scripts', 'release.mjs');
const { release, lastTag } = (await import(pathToFileURL(SCRIPT).href)) as {
  release: (folder: string, how: How) => Promise<number>;
  lastTag: (folder: string) => string | undefined;
};

const DATE = '2026-12-01';
const GOLDEN = 'test/golden/records.jsonl';
const record = (run: string, trainLoss: number, science: number): string =>
  JSON.stringify({ run, seed: 7, science, values: { trainLoss } });

const FILES: Readonly<Record<string, string>> = {
  'package.json': `${JSON.stringify(
    {
      name: 'tiny',
      version: '0.1.0',
      // The tests of this repository pass unless a part is called fails; version 9 cannot be packed.
      scripts: {
        test: `node -e "process.exit(process.argv.includes('fails') ? 1 : 0)" --`,
        prepack: `node -e "process.exit(require('./package.json').version === '9.0.0' ? 1 : 0)"`,
      },
    },
    null,
    2,
  )}\n`,
  'package-lock.json': `${JSON.stringify({ version: '0.1.0', packages: { '': { version: '0.1.0' } } }, null, 2)}\n`,
  'CITATION.cff': 'cff-version: 1.2.0\nversion: 0.1.0\ntitle: tiny\nreferences:\n  - version: 9\n',
  '.zenodo.json': '{\n  "title": "tiny",\n  "version": "0.1.0"\n}\n',
  'CHANGELOG.md': '# Changelog\n\n## Unreleased (0.1.0)\n\n### Added\n\n* All.\n',
  [GOLDEN]: `${record('a-0', 0.5, 3)}\n${record('b-0', 0.25, 4)}\n`,
};

function git(folder: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync('git', args, { cwd: folder, encoding: 'utf8' });
  assert.equal(status, 0, `git ${args.join(' ')}: ${stderr}`);
}

const write = (folder: string, file: string, text: string): void => {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
};

function commit(folder: string, changes: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(changes)) write(folder, file, text);
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--allow-empty', '-m', 'A change');
}

/** A clean repository on main that could be released. */
function repository(folder: string): void {
  git(folder, 'init', '--quiet', '--initial-branch=main');
  for (const [name, value] of Object.entries({ 'user.name': 'Tester', 'user.email': 'tester@localhost' }))
    git(folder, 'config', name, value);
  git(folder, 'config', 'commit.gpgsign', 'false');
  commit(folder, FILES);
}

async function told(folder: string, how: Partial<How>): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = [];
  const code = await release(folder, { version: '0.1.0', date: DATE, say: (line) => lines.push(line), ...how });
  return { code, lines };
}

/** A repository whose release 0.1.0 is tagged and that has news since. */
function released(folder: string): void {
  repository(folder);
  git(folder, 'tag', 'v0.1.0');
}

test('a first release: no tag is asked for; a dry run writes nothing', async () => {
  await inFolder(async (folder) => {
    repository(folder);
    assert.equal(lastTag(folder), undefined);
    assert.deepEqual(await told(folder, { dryRun: true, parts: ['core'] }), {
      code: 0,
      lines: [
        `would set 0.1.0 (${DATE}) in package.json, package-lock.json, CITATION.cff, .zenodo.json, CHANGELOG.md`,
        'would run npm test core',
        'would pack',
      ],
    });
    for (const [file, text] of Object.entries(FILES)) assert.equal(readFileSync(join(folder, file), 'utf8'), text);
  });
});

test('each refusal is a sentence, and nothing is written', async () => {
  await inFolder(async (folder) => {
    released(folder);
    const refuses = async (version: string, ...sentences: readonly string[]): Promise<void> => {
      const lines = sentences.map((one) => `refused: ${one}`);
      assert.deepEqual(await told(folder, { version }), { code: 1, lines });
      assert.match(readFileSync(join(folder, 'package.json'), 'utf8'), /"version": "0\.1\.0"/);
    };
    await refuses('0.1.0', 'version 0.1.0 is not above that of the last tag, v0.1.0');
    await refuses('0.0.9', 'version 0.0.9 is not above that of the last tag, v0.1.0');
    for (const odd of ['v0.2.0', '0.2', 'next'])
      await refuses(odd, `a version is three numbers, such as 1.2.0, not ${odd}`);

    for (const file of ['one', 'two', 'three', 'four']) write(folder, file, '');
    write(folder, 'CITATION.cff', 'version: 0\n');
    await refuses('0.2.0', 'the tree is dirty: commit or put away CITATION.cff, four, one and 2 more');
    git(folder, 'clean', '--quiet', '--force');
    git(folder, 'checkout', '--quiet', '.');

    git(folder, 'switch', '--quiet', '--create', 'other');
    await refuses('0.2.0', 'a release is made on the branch main, this is other');
    git(folder, 'checkout', '--quiet', '--detach');
    await refuses('0.2.0', 'a release is made on the branch main, this is no branch');
    git(folder, 'switch', '--quiet', 'main');

    commit(folder, {
      'CHANGELOG.md': '# Changelog\n\n## Unreleased\n\n### Added\n\n## 0.1.0 (2026-11-30)\n\n* All.\n',
    });
    await refuses('0.2.0', 'CHANGELOG.md says nothing under Unreleased: what has changed since the last tag?');
    commit(folder, { 'CHANGELOG.md': '# Changelog\n\n## 0.1.0 (2026-11-30)\n\n* All.\n' });
    await refuses('0.2.0', 'CHANGELOG.md has no heading Unreleased');
    // All that is wrong is said at once.
    write(folder, 'one', '');
    await refuses(
      '0.1.0',
      'the tree is dirty: commit or put away one',
      'version 0.1.0 is not above that of the last tag, v0.1.0',
      'CHANGELOG.md has no heading Unreleased',
    );
  });
});

test('golden bits may move with the science version of their records only; records may be added or go', async () => {
  await inFolder(async (folder) => {
    released(folder);
    const bits = async (...lines: readonly string[]): Promise<string[]> => {
      commit(folder, { [GOLDEN]: `${lines.join('\n')}\n` });
      return (await told(folder, { version: '0.2.0', dryRun: true })).lines.filter((line) => /golden/.test(line));
    };
    const [a, b] = [record('a-0', 0.5, 3), record('b-0', 0.25, 4)];
    const moved = 0.5 + 2 ** -52;
    assert.deepEqual(await bits(b, a), [], 'another order');
    assert.deepEqual(await bits(a, b, record('c-0', 1, 3)), [], 'one more');
    assert.deepEqual(await bits(b), [], 'one less');
    assert.deepEqual(await bits(record('a-0', moved, 4), b), [], 'under a new version');
    const why = (of: string): string =>
      `refused: ${of} other bits than at v0.1.0 under the same science version, first a-0: ` +
      'raise it (CONTRIBUTING.md, Bits)';
    assert.deepEqual(await bits(record('a-0', moved, 3), b), [why('1 golden record has')]);
    assert.deepEqual(await bits(record('a-0', moved, 2), record('b-0', 0, 4)), [why('2 golden records have')]);
    // The newest tag counts, by its version and not by its name's order.
    git(folder, 'tag', 'v0.10.0');
    git(folder, 'tag', 'v0.9.0');
    git(folder, 'tag', 'vanity');
    assert.equal(lastTag(folder), 'v0.10.0');
  });
});

test('a release sets version and date, tests, packs and says the size; it commits and tags nothing', async () => {
  await inFolder(async (folder) => {
    released(folder);
    const failed = await told(folder, { version: '0.2.0', parts: ['fails'] });
    assert.deepEqual([failed.code, failed.lines.at(-1)], [1, 'refused: npm test failed; the files are as they were']);
    const unpacked = await told(folder, { version: '9.0.0', parts: ['core'] });
    assert.equal(unpacked.code, 1);
    assert.match(unpacked.lines.at(-1)!, /^refused: npm pack: [^]*; the files are as they were$/);
    for (const [file, text] of Object.entries(FILES)) assert.equal(readFileSync(join(folder, file), 'utf8'), text);

    const { code, lines } = await told(folder, { version: '0.2.0', parts: ['core'] });
    assert.equal(code, 0, lines.join('\n'));
    assert.match(lines[1]!, /^tiny-0\.2\.0\.tgz: \d\.\d\d MB packed, \d\.\d\d MB unpacked, \d files$/);
    assert.ok(existsSync(join(folder, 'tiny-0.2.0.tgz')));
    const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
    assert.equal(read('package.json'), FILES['package.json']!.replace('0.1.0', '0.2.0'));
    assert.equal(read('package-lock.json'), FILES['package-lock.json']!.replaceAll('0.1.0', '0.2.0'));
    assert.equal(
      read('CITATION.cff'),
      `cff-version: 1.2.0\nversion: 0.2.0\ndate-released: ${DATE}\ntitle: tiny\nreferences:\n  - version: 9\n`,
    );
    assert.deepEqual(JSON.parse(read('.zenodo.json')), { title: 'tiny', version: '0.2.0', publication_date: DATE });
    assert.equal(read('CHANGELOG.md'), `# Changelog\n\n## Unreleased\n\n## 0.2.0 (${DATE})\n\n### Added\n\n* All.\n`);
    assert.equal(lastTag(folder), 'v0.1.0');
    // The next one: a date that is there is set anew.
    git(folder, 'clean', '--quiet', '--force');
    commit(folder, { 'CHANGELOG.md': read('CHANGELOG.md').replace('## 0.2.0', '* More.\n\n## 0.2.0') });
    git(folder, 'tag', 'v0.2.0');
    assert.equal((await told(folder, { version: '0.3.0', date: '2027-01-02' })).code, 0);
    assert.match(read('CITATION.cff'), /^version: 0\.3\.0\ndate-released: 2027-01-02\ntitle/m);
    assert.match(read('CHANGELOG.md'), /^## Unreleased\n\n## 0\.3\.0 \(2027-01-02\)\n\n\* More\.\n\n## 0\.2\.0/m);
  });
});

test('as a command: the refusals and the exit code; without a version it says how it is called', async () => {
  await inFolder((folder) => {
    released(folder);
    const call = (...args: readonly string[]): readonly unknown[] => {
      const { status, stdout } = spawnSync(process.execPath, [SCRIPT, ...args], { cwd: folder, encoding: 'utf8' });
      return [status, stdout];
    };
    assert.deepEqual(call(), [1, 'npm run release -- VERSION [PART ...] [--dry-run]: give a version, such as 1.2.0\n']);
    assert.deepEqual(call('0.1.0', '--dry-run'), [
      1,
      'refused: version 0.1.0 is not above that of the last tag, v0.1.0\n',
    ]);
    const [status, stdout] = call('0.2.0', '--dry-run');
    assert.equal(status, 0);
    assert.match(String(stdout), /^would set 0\.2\.0 \(\d{4}-\d{2}-\d{2}\) in package\.json/);
  });
});

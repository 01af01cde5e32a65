/**
 * The package for Python as its users meet it: the wheel in a clean virtual environment, its tests and the blocks of its
 * pages there; the notebooks by a Jupyter kernel.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { root } from '../helpers/benign.ts';
import { STATED_SIZE } from '../tolerances.ts';

interface Wheel {
  readonly file: string;
  readonly size: number;
  readonly program: { readonly bytes: number; readonly files: number };
}
const { wheel } = (await import(pathToFileURL(join(root, 'scripts', 'wheel.mjs')).href)) as {
  wheel: (how: { out: string; python: string }) => Promise<Wheel>;
};

/** Debian's, or the one that BENIGN_PYTHON names. */
const PYTHON = process.env['BENIGN_PYTHON'] ?? '/usr/bin/python3';
const JUPYTER = ['nbformat', 'nbclient', 'ipykernel', 'pandas'];
const folder = mkdtempSync(join(tmpdir(), 'benign-python-'));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Said {
  readonly status: number | null;
  readonly text: string;
}
function call(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Said {
  const done = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    cwd: folder,
    // What the tests do leaves nothing in the caches of who runs them.
    env: { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: '1', BENIGN_CACHE: join(folder, 'cache'), ...env },
  });
  return { status: done.status, text: done.error?.message ?? done.stdout + done.stderr };
}
const last = ({ text }: Said): string => text.trim().split('\n').at(-1)!;

const bin = process.platform === 'win32' ? 'Scripts' : 'bin';
const clean = join(folder, 'clean');
const python = join(clean, bin, 'python');
const made = call(PYTHON, ['-m', 'venv', clean]);
/** A small package tells whether there is a registry. */
const found =
  made.status === 0 ? call(python, ['-m', 'pip', 'download', '-q', '--no-deps', '-d', folder, 'tqdm']) : undefined;
const skip =
  made.status !== 0
    ? `${PYTHON} -m venv makes no environment (${last(made)}); BENIGN_PYTHON names another Python`
    : found!.status !== 0 && `pip reaches no registry (${last(found!)})`;
const noJupyter =
  skip ||
  (call(PYTHON, ['-c', `import ${JUPYTER.join(', ')}`]).status !== 0 &&
    `${PYTHON} has not all of ${JUPYTER.join(', ')}; BENIGN_PYTHON names another Python`);

let built: Wheel | undefined;

test('the wheel brings the program and the licences, and has the size that docs/python.md says', { skip }, async () => {
  built = await wheel({ out: folder, python });
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  assert.match(built.file, new RegExp(`benign_lab-${version.replaceAll('.', '\\.')}-py3-none-\\w+\\.whl$`));
  const [ours, theirs] = ['python', '.'].map((one) => readFileSync(join(root, one, 'LICENSE'), 'utf8'));
  assert.equal(ours, theirs);
  const [, packed, unpacked] = /a wheel of ([\d.]+) MB, ([\d.]+) MB unpacked/.exec(
    readFileSync(join(root, 'docs', 'python.md'), 'utf8'),
  )!;
  for (const [stated, bytes] of [
    [packed, built.size],
    [unpacked, built.program.bytes],
  ] as const)
    assert.ok(Math.abs(bytes / (Number(stated) * 1e6) - 1) <= STATED_SIZE, `stated ${stated} MB, is ${bytes} bytes`);
});

test('in a clean environment: its tests, and the Python of its pages', { skip }, (context) => {
  const installed = call(python, ['-m', 'pip', 'install', '-q', '--no-compile', built!.file]);
  assert.equal(installed.status, 0, installed.text);
  const licences = call(python, [
    '-c',
    'import benign_lab as bl; print((bl.program() / "THIRD-PARTY-LICENSES.txt").read_text("utf-8"))',
  ]);
  assert.equal(licences.status, 0, licences.text);
  for (const name of ['@resvg/resvg-js', 'vega-lite', 'dejavu-fonts-ttf', 'assemblyscript', 'csv-parse'])
    assert.match(licences.text, new RegExp(`^${name} [\\d.]+ \\(`, 'm'), name);
  const page = call(python, [
    '-c',
    'import benign_lab as bl; page = bl.program() / "page"; print((page / "index.html").exists(), (page / "docs" / "tutorial.html").exists())',
  ]);
  assert.equal(last(page), 'True True', page.text);
  const tested = call(python, ['-m', 'unittest', 'discover', '-s', join(root, 'python', 'tests')]);
  assert.equal(tested.status, 0, tested.text);
  context.diagnostic(/Ran \d+ tests/.exec(tested.text)![0]);
});

test('the notebooks run, and show what is stored in them', { skip: noJupyter }, (context) => {
  const jupyter = join(folder, 'jupyter');
  const own = join(jupyter, bin, 'python');
  for (const [command, args] of [
    [PYTHON, ['-m', 'venv', '--system-site-packages', jupyter]],
    [own, ['-m', 'pip', 'install', '-q', '--no-compile', built!.file]],
    [own, ['-m', 'ipykernel', 'install', '--sys-prefix']],
  ] as const) {
    const done = call(command, args);
    assert.equal(done.status, 0, done.text);
  }
  const ran = call(own, [join(root, 'python', 'tests', 'notebooks.py')]);
  assert.equal(ran.status, 0, ran.text);
  assert.match(ran.text, /[1-9] notebooks/);
  context.diagnostic(last(ran));
});

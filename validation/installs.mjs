// The packed package and the wheel as a new user meets them: installed with an empty home and an empty cache, under
// several Nodes, and used. What every Node must give: the same records, byte for byte.
//
//   node validation/installs.mjs [MAJOR ...]
//
// MAJOR: 20 22 24 26 unless told; npm brings these Nodes. Exit code 3: something failed or bits differ.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npm } from '../scripts/npm.mjs';
import { pack } from '../scripts/release.mjs';
import { wheel } from '../scripts/wheel.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const majors = process.argv.length > 2 ? process.argv.slice(2) : ['20', '22', '24', '26'];
/** A Python with venv. */
const PYTHON = process.env.BENIGN_PYTHON ?? (process.platform === 'win32' ? 'python' : '/usr/bin/python3');
const work = mkdtempSync(join(tmpdir(), 'benign-installs-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

const sizeOf = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

/** Rows of all records of a folder, in the order of their text. */
const recordsOf = (folder) =>
  readdirSync(join(folder, 'records'))
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) =>
      readFileSync(join(folder, 'records', name), 'utf8')
        .trim()
        .split('\n'),
    )
    .sort();

function told(what, { status, stdout, stderr, error }, allowed = [0]) {
  if (allowed.includes(status)) return stdout;
  throw new Error(`${what}: exit code ${status} ${error ?? ''}\n${stderr}${stdout}`);
}

/** Where the registry is stands in a home: it is told to one that is empty. */
const registry = told('npm config get registry', npm(['config', 'get', 'registry'], { encoding: 'utf8' })).trim();
/** What the network of this machine needs stays; its home, cache and settings do not. */
const bare = (home) => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(XDG_|npm_|BENIGN_)/i.test(name))),
  HOME: home,
  USERPROFILE: home,
  npm_config_cache: join(home, 'cache'),
  npm_config_registry: registry,
});

function nodes() {
  const folder = join(work, 'nodes');
  const wanted = majors.map((major) => `node${major}@npm:node-${process.platform}-${process.arch}@${major}`);
  told('npm install', npm(['install', '--no-audit', '--no-fund', '--prefix', folder, ...wanted], { encoding: 'utf8' }));
  const name = process.platform === 'win32' ? 'node.exe' : join('bin', 'node');
  return majors.map((major) => join(folder, 'node_modules', `node${major}`, name));
}

/** The page is served, and by which status. */
async function page(node, program, options) {
  const child = spawn(node, [program, 'lab', '--json', '--port', '0'], options);
  try {
    const text = await new Promise((resolve, reject) => {
      child.stdout.once('data', (data) => resolve(String(data)));
      child.once('close', () => reject(new Error('benign lab ended')));
    });
    const [, address] = /"(http:[^"]+)"/.exec(text);
    const answer = await fetch(address);
    return answer.status === 200 && (await answer.text()).includes('<title>');
  } finally {
    child.kill();
  }
}

async function used(node, archive) {
  const home = mkdtempSync(join(work, 'home-'));
  const folder = join(home, 'project');
  mkdirSync(folder);
  const options = { cwd: folder, env: bare(home), encoding: 'utf8' };
  const begun = Date.now();
  told('npm install', npm(['install', '--no-audit', '--no-fund', archive], { node, ...options }));
  const seconds = (Date.now() - begun) / 1000;
  const program = join(folder, 'node_modules', 'benign-lab', 'bin', 'benign.mjs');
  // 4: computed, and the answer is "undecided".
  const benign = (...args) => told(`benign ${args[0]}`, spawnSync(node, [program, ...args], options), [0, 4]);
  cpSync(join(root, 'examples', '02-sweep.yaml'), join(folder, 'sweep.yaml'));
  cpSync(join(root, 'examples', '01-first-run.yaml'), join(folder, 'run.yaml'));
  benign('doctor');
  benign('run', 'run.yaml', '--out', 'run');
  benign('sweep', 'sweep.yaml', '--out', 'sweep');
  benign('figure', 'sweep', '--x', 'S', '--y', 'testErrorClean', '--color', 'd');
  benign('table', 'sweep', '--format', 'parquet', '--out', 'cells.parquet');
  benign(
    'boundary',
    'sweep.yaml',
    '--along',
    'mu',
    '--over',
    'd',
    '--max-runs',
    '600',
    '--precision',
    '0.2',
    '--out',
    'b',
  );
  benign('archive', 'sweep');
  const pictures = readdirSync(join(folder, 'sweep', 'figures')).filter((name) => name.endsWith('.png'));
  if (pictures.length < 2 || !existsSync(join(folder, 'cells.parquet')))
    throw new Error('pictures or table are missing');
  if (!(await page(node, program, options))) throw new Error('the page is not served');
  const lines = [
    ...recordsOf(join(folder, 'run')),
    ...recordsOf(join(folder, 'sweep')),
    ...recordsOf(join(folder, 'b')),
  ];
  const sha256 = createHash('sha256').update(lines.join('\n')).digest('hex');
  const version = told('node', spawnSync(node, ['--version'], { encoding: 'utf8' })).trim();
  const megabytes = sizeOf(join(folder, 'node_modules')) / 1e6;
  rmSync(home, { recursive: true, force: true });
  return {
    node: version,
    installSeconds: Number(seconds.toFixed(1)),
    megabytes: Number(megabytes.toFixed(1)),
    records: lines.length,
    sha256,
  };
}

/** What the wheel is asked for: the same cells. */
const ASKED = `
import json, sys, time
begun = time.time()
import benign_lab as bl
seconds = time.time() - begun
bl.run("run.yaml", out="py-run", progress=False)
grid = bl.sweep("sweep.yaml", out="py-sweep", progress=False)
bl.boundary("sweep.yaml", along="mu", over="d", max_runs=600, precision=0.2, out="py-b", progress=False)
picture = grid.figure(x="S", y="testErrorClean", color="d")
assert len(grid.runs) == 560 and picture.png[:4] == b"\\x89PNG", "no table or no picture"
print(json.dumps({"import": seconds, "cells": len(grid.cells)}))
`;

function usedFromPython(node, file) {
  const home = mkdtempSync(join(work, 'home-'));
  const options = { cwd: home, env: { ...bare(home), PIP_CACHE_DIR: join(home, 'pip') }, encoding: 'utf8' };
  const own = join(home, 'venv', process.platform === 'win32' ? 'Scripts' : 'bin', 'python');
  told('venv', spawnSync(PYTHON, ['-m', 'venv', join(home, 'venv')], options));
  const begun = Date.now();
  told('pip install', spawnSync(own, ['-m', 'pip', 'install', '-q', file], options));
  const seconds = (Date.now() - begun) / 1000;
  cpSync(join(root, 'examples', '02-sweep.yaml'), join(home, 'sweep.yaml'));
  cpSync(join(root, 'examples', '01-first-run.yaml'), join(home, 'run.yaml'));
  const env = { ...options.env, BENIGN_NODE: node, BENIGN_CACHE: join(home, 'kept') };
  const { import: importSeconds } = JSON.parse(told('python', spawnSync(own, ['-c', ASKED], { ...options, env })));
  const lines = ['py-run', 'py-sweep', 'py-b'].flatMap((name) => recordsOf(join(home, name)));
  const sha256 = createHash('sha256').update(lines.join('\n')).digest('hex');
  rmSync(home, { recursive: true, force: true });
  return {
    pipSeconds: Number(seconds.toFixed(1)),
    importSeconds: Number(importSeconds.toFixed(2)),
    wheelSha256: sha256,
  };
}

const { filename } = pack(root, '--pack-destination', work);
const { file, size } = await wheel({ out: work, python: PYTHON });
process.stdout.write(`the wheel: ${(size / 1e6).toFixed(2)} MB\n`);
const answers = [];
for (const [at, node] of nodes().entries())
  try {
    answers.push({ ...(await used(node, join(work, filename))), ...usedFromPython(node, file) });
    process.stdout.write(`${JSON.stringify(answers.at(-1))}\n`);
  } catch (error) {
    answers.push(null);
    process.stdout.write(`Node ${majors[at]}: ${error.message}\n`);
  }
const same = answers.every((one) => [one?.sha256, one?.wheelSha256].every((sha) => sha && sha === answers[0]?.sha256));
process.stdout.write(same ? 'the same records everywhere\n' : 'it fails somewhere, or records differ\n');
process.exit(same ? 0 : 3);

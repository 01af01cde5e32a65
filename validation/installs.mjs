// The packed package as a new user meets it: installed with an empty home and an empty cache, under several Nodes, and
// used. What every Node must give: the same records, byte for byte.
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

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const majors = process.argv.length > 2 ? process.argv.slice(2) : ['20', '22', '24', '26'];
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

const { filename } = pack(root, '--pack-destination', work);
const answers = [];
for (const [at, node] of nodes().entries())
  try {
    answers.push(await used(node, join(work, filename)));
    process.stdout.write(`${JSON.stringify(answers.at(-1))}\n`);
  } catch (error) {
    answers.push(null);
    process.stdout.write(`Node ${majors[at]}: ${error.message}\n`);
  }
const same = answers.every((one) => one !== null && one.sha256 === answers[0].sha256);
process.stdout.write(same ? 'the same records everywhere\n' : 'it fails somewhere, or records differ\n');
process.exit(same ? 0 : 3);

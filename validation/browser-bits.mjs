// The records of the hundred cells of validation/bits.ts, and the golden ones, elsewhere: have they the same bits?
//
//   npm run build && node validation/browser-bits.mjs
//
// In this Node, in those that npm installs into a temporary folder (NODES, their major versions: 20 22 24), and in
// headless Chromium (BENIGN_CHROMIUM names another browser). Exit code 3: bits differ.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const browser = process.env.BENIGN_CHROMIUM ?? '/usr/bin/chromium';
const majors = (process.env.NODES ?? '20 22 24').split(' ').filter((major) => major !== '');
if (!existsSync(browser)) {
  process.stderr.write(`${browser}: there is no such browser; name one in BENIGN_CHROMIUM\n`);
  process.exit(1);
}

const RECORDS = `import { bitRecords, sha256Of } from ${JSON.stringify(pathToFileURL(join(root, 'dist', 'validation', 'bits.js')).href)};
const lines = bitRecords();
process.stdout.write(JSON.stringify({ where: 'Node ' + process.versions.node, records: lines.length, sha256: sha256Of(lines) }));`;

/** What a Node program computes; undefined when it fails. */
function inNode(program) {
  const { status, stdout, stderr } = spawnSync(program, ['--input-type=module', '-e', RECORDS], { encoding: 'utf8' });
  if (status === 0) return JSON.parse(stdout);
  process.stderr.write(`${program}: ${stderr}\n`);
}

/** The answers of other Nodes, installed by npm for the time of their work. */
function inOtherNodes() {
  const folder = mkdtempSync(join(tmpdir(), 'benign-nodes-'));
  try {
    const wanted = majors.map((major) => `node${major}@npm:node-${process.platform}-${process.arch}@${major}`);
    const { status, stderr } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--prefix', folder, ...wanted], {
      encoding: 'utf8',
    });
    if (status !== 0) process.stderr.write(`npm install ${wanted.join(' ')}: ${stderr}\n`);
    return majors.map((major) => inNode(join(folder, 'node_modules', `node${major}`, 'bin', 'node')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const PAGE = `<!doctype html>
<script type="importmap">{"imports": {
  "@noble/hashes/": "/node_modules/@noble/hashes/", "zod": "/node_modules/zod/index.js",
  "yaml": "/node_modules/yaml/browser/index.js", "fastest-levenshtein": "/node_modules/fastest-levenshtein/esm/mod.js"
}}</script>
<pre>waiting</pre>
<script type="module">
const say = (text) => (document.querySelector('pre').textContent = text);
try {
  const { runCell } = await import('/dist/src/experiments/run.js');
  const { buildCell } = await import('/dist/src/experiments/cell.js');
  const { SERIES } = await import('/dist/src/experiments/series.js');
  const { recordLine } = await import('/dist/src/experiments/record.js');
  const { bitRecords, sha256Of } = await import('/dist/validation/bits.js');
  const lines = (await (await fetch('/test/golden/records.jsonl')).text()).trim().split('\\n');
  const differing = lines.filter((line) => {
    const { cell, seed, replicate, series, values: final } = JSON.parse(line);
    const values = new Map(Object.entries(cell).flatMap(([room, inner]) => (typeof inner === 'object' ? Object.entries(inner).map(([key, value]) => [room + '.' + key, value]) : [[room, inner]])));
    const kept = Object.keys(final).filter((id) => SERIES.includes(id));
    const plan = { series: Object.keys(series ?? {}).filter((id) => id !== 'step'), values: kept, every: series && series.step.length > 1 ? series.step[1] - series.step[0] : 1 };
    return recordLine(runCell(buildCell(values), seed, replicate, plan)) !== line;
  });
  const records = bitRecords();
  const [, version] = /Chrome\\/([0-9]+)/.exec(navigator.userAgent) ?? [];
  say(JSON.stringify({ where: 'Chromium ' + version, records: records.length, sha256: sha256Of(records), golden: lines.length, differing: differing.length }));
} catch (error) {
  say(JSON.stringify({ error: String(error) }));
}
</script>`;

const server = createServer((request, response) => {
  const path = normalize(request.url.split('?')[0]);
  if (path === '/') return response.setHeader('content-type', 'text/html').end(PAGE);
  const file = join(root, path);
  if (!/^\/(dist|node_modules|test\/golden)\//.test(path) || !existsSync(file)) return response.writeHead(404).end();
  return response
    .setHeader('content-type', ['.js', '.mjs'].includes(extname(file)) ? 'text/javascript' : 'text/plain')
    .end(readFileSync(file));
});

server.listen(0, '127.0.0.1', () => {
  const profile = mkdtempSync(join(tmpdir(), 'benign-browser-'));
  const flags = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    `--user-data-dir=${profile}`,
  ];
  const child = spawn(
    browser,
    [...flags, '--virtual-time-budget=120000', '--dump-dom', `http://127.0.0.1:${server.address().port}/`],
    { stdio: ['ignore', 'pipe', 'ignore'], timeout: 180000 },
  );
  let page = '';
  child.stdout.on('data', (data) => (page += data));
  child.on('exit', () => {
    server.close();
    rmSync(profile, { recursive: true, force: true });
    const text = /<pre>(.*?)<\/pre>/s.exec(page)?.[1] ?? 'the browser gave no page';
    let inPage;
    try {
      inPage = JSON.parse(text);
    } catch {
      process.stderr.write(`${text}\n`);
    }
    if (inPage?.error) process.stderr.write(`${inPage.error}\n`);
    const answers = [inNode(process.execPath), ...inOtherNodes(), inPage];
    for (const answer of answers) process.stdout.write(`${JSON.stringify(answer)}\n`);
    const same = answers.every((answer) => answer?.sha256 !== undefined && answer.sha256 === answers[0].sha256);
    process.exit(same && inPage.differing === 0 ? 0 : 3);
  });
});

// The golden records computed in headless Chromium: do they have the same bits as in Node?
//
//   npm run build && node validation/browser-bits.mjs        (BENIGN_CHROMIUM names another browser)
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const browser = process.env.BENIGN_CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(browser)) {
  process.stderr.write(`${browser}: there is no such browser; name one in BENIGN_CHROMIUM\n`);
  process.exit(1);
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
  const { recordLine } = await import('/dist/src/experiments/record.js');
  const lines = (await (await fetch('/test/golden/records.jsonl')).text()).trim().split('\\n');
  const differing = lines.filter((line) => {
    const { cell, seed, replicate, series } = JSON.parse(line);
    const values = new Map(Object.entries(cell).flatMap(([room, inner]) => (typeof inner === 'object' ? Object.entries(inner).map(([key, value]) => [room + '.' + key, value]) : [[room, inner]])));
    const plan = series ? { series: Object.keys(series).filter((id) => id !== 'step'), values: [], every: 10 } : { series: [], values: [], every: 1 };
    return recordLine(runCell(buildCell(values), seed, replicate, plan)) !== line;
  });
  say(JSON.stringify({ records: lines.length, differing: differing.length, browser: navigator.userAgent }));
} catch (error) {
  say(JSON.stringify({ error: String(error) }));
}
</script>`;

const server = createServer((request, response) => {
  const path = normalize(request.url.split('?')[0]);
  if (path === '/') return response.setHeader('content-type', 'text/html').end(PAGE);
  const file = join(root, path);
  if (!/^\/(dist|node_modules|test\/golden)\//.test(path) || !existsSync(file)) return response.writeHead(404).end();
  return response.setHeader('content-type', ['.js', '.mjs'].includes(extname(file)) ? 'text/javascript' : 'text/plain').end(readFileSync(file));
});

server.listen(0, '127.0.0.1', () => {
  const profile = mkdtempSync(join(tmpdir(), 'benign-browser-'));
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', `--user-data-dir=${profile}`];
  const child = spawn(browser, [...flags, '--virtual-time-budget=60000', '--dump-dom', `http://127.0.0.1:${server.address().port}/`], { stdio: ['ignore', 'pipe', 'ignore'], timeout: 90000 });
  let page = '';
  child.stdout.on('data', (data) => (page += data));
  child.on('exit', () => {
    server.close();
    rmSync(profile, { recursive: true, force: true });
    const text = /<pre>(.*?)<\/pre>/s.exec(page)?.[1] ?? 'the browser gave no page';
    process.stdout.write(`${text}\n`);
    process.exit(text.includes('"differing":0') ? 0 : 3);
  });
});

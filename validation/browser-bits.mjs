// The records of the hundred cells of validation/bits.ts, and the golden ones, elsewhere: have they the same bits?
//
//   npm run build && node validation/browser-bits.mjs
//
// In this Node, in those that npm installs into a temporary folder (NODES, their major versions: 20 22 24), and in
// headless Chromium (BENIGN_CHROMIUM names another browser). Exit code 3: bits differ.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { npm } from '../scripts/npm.mjs';
import { inBrowser, noBrowser } from '../dist/test/helpers/browser.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const majors = (process.env.NODES ?? '20 22 24').split(' ').filter((major) => major !== '');
if (noBrowser) {
  process.stderr.write(`${noBrowser}\n`);
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
    const { status, stderr } = npm(['install', '--no-audit', '--no-fund', '--prefix', folder, ...wanted], {
      encoding: 'utf8',
    });
    if (status !== 0) process.stderr.write(`npm install ${wanted.join(' ')}: ${stderr}\n`);
    return majors.map((major) => inNode(join(folder, 'node_modules', `node${major}`, 'bin', 'node')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const BODY = `
  const { runCell } = await import('/dist/src/experiments/run.js');
  const { buildCell } = await import('/dist/src/experiments/cell.js');
  const { SERIES } = await import('/dist/src/experiments/series.js');
  const { recordLine } = await import('/dist/src/experiments/record.js');
  await import('/dist/test/helpers/data-set.js'); // offers the data of golden records
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
  return { where: 'Chromium ' + version, records: records.length, sha256: sha256Of(records), golden: lines.length, differing: differing.length };`;

const inPage = await inBrowser(BODY).catch((error) => void process.stderr.write(`${error.message}\n`));
const answers = [inNode(process.execPath), ...inOtherNodes(), inPage];
for (const answer of answers) process.stdout.write(`${JSON.stringify(answer)}\n`);
const same = answers.every((answer) => answer?.sha256 !== undefined && answer.sha256 === answers[0].sha256);
process.exit(same && inPage.differing === 0 ? 0 : 3);

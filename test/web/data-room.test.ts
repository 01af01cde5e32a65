/** Data and results that are dropped onto the page: what the command line makes of the same files, and words for the rest. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { tableMetadata, toParquet } from '../../src/answers/tables.ts';
import { offer } from '../../src/data/content.ts';
import { UserError } from '../../src/errors.ts';
import { runRows } from '../../src/experiments/run-columns.ts';
import { Results } from '../../src/experiments/results.ts';
import { parseSpec, specFrom, specToYaml } from '../../src/experiments/spec-text.ts';
import { rowsOf } from '../../src/experiments/table.ts';
import type { RunRecord } from '../../src/experiments/record.ts';
import { memory } from '../../src/sweeps/memory.ts';
import { sweep } from '../../src/sweeps/sweep.ts';
import { here } from '../../src/sweeps/web/here.ts';
import { diagnosed } from '../../src/web/worker/diagnosing.ts';
import { drawResults, viewOf } from '../../src/web/worker/draw-results.ts';
import { readDropped, sortDropped, type Dropped } from '../../src/web/worker/drop.ts';
import { readResults, type ReadResults } from '../../src/web/worker/results-files.ts';
import { benign, root } from '../helpers/benign.ts';

const folder = mkdtempSync(join(tmpdir(), 'benign-data-room-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const file = (path: string, content: string | Uint8Array): Dropped => ({
  path,
  file: typeof content === 'string' ? new TextEncoder().encode(content) : content,
});

const SMALLEST = { data: { n: 8, d: 60, mu: 2, flip: 0.1 }, network: { m: 3 }, training: { maxSteps: 40 }, runs: 3 };
const WRITTEN = specFrom(
  {
    name: 'small',
    data: { n: 8, sigmaP: 1, flip: 0.1 },
    network: { m: 3 },
    training: { maxSteps: 60 },
    axes: { 'data.d': [30, 60, 90, 120], 'data.mu': [0, 1, 2, 4] },
    runs: 3,
    seed: 5,
    record: { values: ['ratio'], series: ['trainLoss'] },
  },
  'small',
);
const SPEC = parseSpec(specToYaml(WRITTEN, ''), 'small');
const LINES = memory();
await sweep(SPEC, { pool: here(), store: LINES });
const RECORDS = LINES.lines.map((line) => JSON.parse(line) as RunRecord);
const MADE = new Results(SPEC);
for (const record of RECORDS) MADE.add(record);
const FRAME = MADE.frame();
const METADATA = tableMetadata(specToYaml(SPEC, 'spec'), FRAME.science, '0');

function runTable(records: readonly RunRecord[]): Uint8Array {
  const { columns, row } = runRows(SPEC);
  return toParquet({ columns, rows: records.map((record) => row(MADE.cellOf(record)!, record)) }, METADATA);
}

const opened = async (...files: readonly Dropped[]): Promise<ReadResults[]> =>
  Promise.all(sortDropped(files).results.map(readResults));

void test('a table of runs, and records beside their spec, give the frame of their folder', async () => {
  const [table] = await opened(file('runs.parquet', runTable(RECORDS.toReversed())));
  const [records] = await opened(
    file('out/spec.yaml', specToYaml(SPEC, 'spec')),
    file(
      'out/records/part-0001.jsonl',
      LINES.lines
        .slice(20)
        .map((line) => `${line}\n`)
        .join(''),
    ),
    file(
      'out/records/part-0000.jsonl',
      LINES.lines
        .slice(0, 20)
        .map((line) => `${line}\n`)
        .join(''),
    ),
    file('out/table.csv', 'n\n1\n'),
    file('out/figures/a.svg', '<svg/>'),
  );
  for (const one of [table, records]) {
    assert.deepEqual({ ...one!.frame, cells: [...one!.frame.cells] }, { ...FRAME, cells: [...FRAME.cells] });
    assert.deepEqual([one!.runs, one!.notes], [true, []]);
  }
  assert.equal(records!.name, 'out');
  assert.equal(records!.first?.replicate, 0);
});

void test('a table of cells gives its columns, and says that there are no runs', async () => {
  const [table] = await opened(file('table.parquet', toParquet(rowsOf(FRAME), METADATA)));
  assert.deepEqual(table!.frame.columns, FRAME.columns);
  assert.deepEqual([table!.frame.count, table!.frame.complete], [FRAME.count, true]);
  assert.match(table!.notes.join(), /not the runs/);
  const usual = ({ frame }: ReadResults) => drawResults([{ name: '', frame, runs: true, notes: [] }], {}).pictures;
  assert.deepEqual(usual(table!), usual({ name: '', frame: FRAME, runs: true, notes: [] }));
  assert.throws(() => drawResults([table!], { x: 'mu', show: 'quantiles' }), /needs the runs/);
});

void test('runs that are missing are said', async () => {
  const [table] = await opened(file('runs.parquet', runTable(RECORDS.slice(0, 40))));
  assert.match(table!.notes.join(), /40 of 48 runs are there/);
  const results = new Results(SPEC);
  for (const record of RECORDS.slice(0, 40)) results.add(record);
  assert.deepEqual(table!.frame.columns, results.frame().columns);
});

void test('the pictures of a folder are those of benign figure, byte for byte', async () => {
  writeFileSync(join(folder, 'small.yaml'), specToYaml(SPEC, 'spec'));
  const out = join(folder, 'small');
  benign(['sweep', join(folder, 'small.yaml'), '--out', out]);
  const records = readdirSync(join(out, 'records')).filter((name) => name.endsWith('.jsonl'));
  const read = await opened(
    ...records.map((name) => file(`small/records/${name}`, readFileSync(join(out, 'records', name)))),
    ...['spec.yaml', 'table.parquet', 'call.json'].map((name) => file(`small/${name}`, readFileSync(join(out, name)))),
  );
  const vegaOf = (name: string): unknown => JSON.parse(readFileSync(join(out, 'figures', `${name}.vl.json`), 'utf8'));
  const usual = drawResults(read, {}).pictures;
  assert.ok(usual.length >= 3);
  for (const { figure } of usual) assert.deepEqual(figure.spec, vegaOf(figure.name));
  const form = { x: 'mu', y: 'd', color: 'testError', level: '0.2', theory: true };
  const [view] = drawResults(read, form).pictures;
  benign(['figure', out, '--x', 'mu', '--y', 'd', '--color', 'testError', '--level', '0.2', '--theory']);
  assert.deepEqual(view!.figure.spec, vegaOf(view!.figure.name));
  assert.equal(view!.csv, readFileSync(join(out, 'figures', `${view!.figure.name}.csv`), 'utf8'));
});

void test('a run is drawn as its command drew it, also by the name of a preset, which the page writes', async () => {
  const written = { ...SMALLEST, name: 'kou-2023/heat-map as-plotted' };
  writeFileSync(join(folder, 'one.yaml'), specToYaml(specFrom(written, 'one'), 'spec'));
  const out = join(folder, 'one');
  benign(['run', join(folder, 'one.yaml'), '--out', out]);
  const drawn = readFileSync(join(out, 'figures', 'trajectories.vl.json'), 'utf8');
  const read = await opened(
    ...['spec.yaml', 'report.json', 'records/part-0001.jsonl'].map((name) =>
      file(`one/${name}`, readFileSync(join(out, name))),
    ),
  );
  const [picture] = drawResults(read, {}).pictures;
  assert.deepEqual(picture!.figure.spec, JSON.parse(drawn));
  benign(['figure', out]);
  assert.equal(readFileSync(join(out, 'figures', 'trajectories.vl.json'), 'utf8'), drawn);
});

void test('a form of a view', () => {
  assert.deepEqual(viewOf({ x: '', y: 'testError', where: 'm=3, d>40', level: '.1 .2', logY: true, theory: false }), {
    y: 'testError',
    where: ['m=3', 'd>40'],
    level: [0.1, 0.2],
    log: ['y'],
  });
  assert.throws(() => viewOf({ level: 'high' }), /level: must be numbers/);
});

const DIGITS = 'digits-3-8.csv.gz';

void test('the diagnosis of a file is that of the command, bit for bit', async () => {
  const images = join(root, 'examples', '12-images');
  const out = join(folder, 'digits');
  const numbers = ['--n', '16', '--m', '2', '--runs', '3', '--steps', '60', '--seed', '4'];
  benign(['diagnose', DIGITS, ...numbers, '--out', out], images);
  const { points, files } = readDropped([file(DIGITS, readFileSync(join(images, DIGITS)))]);
  const choice = { n: 16, m: 2, runs: 3, steps: 60, seed: 4 };
  const made = await diagnosed({ content: offer(points), files }, choice, { pool: here(), store: memory() });
  const theirs = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as Record<string, unknown>;
  const ours = JSON.parse(made!.report) as Record<string, unknown>;
  for (const key of ['runsNow', 'wallSeconds', 'workers', 'versions']) delete theirs[key];
  assert.deepEqual(ours, theirs);
  assert.equal(made!.page, readFileSync(join(out, 'report.md'), 'utf8'));
  for (const { figure, csv } of made!.pictures) {
    const path = join(out, 'figures', figure.name);
    assert.deepEqual(figure.spec, JSON.parse(readFileSync(`${path}.vl.json`, 'utf8')));
    assert.equal(csv, readFileSync(`${path}.csv`, 'utf8'));
  }
});

void test('points and labels apart, in either order', () => {
  const idx = (shape: readonly number[], bytes: readonly number[]): Uint8Array =>
    Uint8Array.from([0, 0, 8, shape.length, ...shape.flatMap((size) => [0, 0, 0, size]), ...bytes]);
  const points = idx([3, 2], [1, 2, 3, 4, 5, 6]);
  const labels = idx([3], [0, 1, 0]);
  for (const [a, b] of [
    ['t-images-idx2-ubyte', 't-labels-idx1-ubyte'],
    ['a', 'b'],
    ['b', 'a'],
  ] as const) {
    const read = readDropped([file(b, labels), file(a, points)]);
    assert.deepEqual([read.name, read.points.count, [...read.points.labels]], [a, 3, [0, 1, 0]]);
  }
  assert.equal(readDropped([file('x-images-idx3', points), file('x-labels-idx1', labels)]).files.labels, undefined);
});

void test('nonsense is a sentence', async () => {
  const bytes = Uint8Array.from({ length: 300 }, (_, at) => (at * 197) % 256);
  const cut = runTable(RECORDS).slice(0, 900);
  const tables = toParquet({ columns: ['a'], rows: [[1]] }, {});
  const wrong = toParquet({ columns: ['d', 'mu', 'runs', 'testError'], rows: [[1, 2, 3, 0.5]] }, METADATA);
  const refused = async (files: readonly Dropped[], what: RegExp): Promise<void> => {
    await assert.rejects(
      async () => {
        const { data } = sortDropped(files);
        if (data.length > 0) readDropped(data);
        else await opened(...files);
      },
      (error: Error) => error instanceof UserError && what.test(error.message),
    );
  };
  await refused([], /nothing to read/);
  await refused([file('.DS_Store', 'x')], /nothing to read/);
  await refused([file('noise', bytes)], /no format/);
  await refused([file('noise.csv', bytes)], /noise\.csv/);
  await refused([file('noise.parquet', bytes)], /no Parquet file/);
  await refused([file('cut.parquet', cut)], /no Parquet file/);
  await refused([file('other.parquet', tables)], /carries no spec/);
  await refused([file('wrong.parquet', wrong)], /1 rows, and its spec has 16 cells/);
  await refused([file('part-0001.jsonl', LINES.lines[0]!)], /drop spec\.yaml with them/);
  await refused([file('spec.yaml', 'runs: 3')], /without runs/);
  await refused([file('spec.yaml', '{{{'), file('records/a.jsonl', '{}\n')], /spec\.yaml/);
  await refused([file('spec.yaml', specToYaml(SPEC, '')), file('records/a.jsonl', '{}\nx')], /no finished run/);
  await refused([file('a.csv', 'x'), file('a.parquet', bytes)], /one or the other/);
  await refused([file('a.csv', 'x'), file('b.csv', 'x')], /labels/);
  await refused(
    ['a', 'b', 'c'].map((name) => file(`${name}.csv`, '1,2\n3,4\n')),
    /3 files/,
  );
});

/** `benign figure` with roles: the plots that a first-time user asks for, each one command. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { figures, plot, Results, runCell, specFrom } from '../../src/index.ts';
import { warm } from '../helpers/warm.ts';

const FAST = `training: {maxSteps: 10}
test: {lines: 2, shifts: 2}
`;
const SPECS = {
  nd: `name: nd
data: {mu: 5, flip: 0.1}
network: {m: 3}
${FAST}axes: {data.n: [8, 16], data.d: [50, 100, 200]}
runs: 30
figures:
  - {x: S, y: testErrorClean, color: n, name: control}
  - {x: d, where: n=9, name: nothing}
`,
  m: `data: {mu: 5, n: 8}
${FAST}axes: {network.m: [10, 20], data.d: [50, 100, 200, 400]}
runs: 3
`,
  leaky: `data: {mu: 5, n: 8}
network: {m: 10, activation: leaky-relu, leak: 0.2}
${FAST}axes: {data.d: [50, 100, 200, 400]}
runs: 3
`,
  map: `data: {n: 10}
network: {m: 4}
${FAST}axes:
  data.d: {from: 50, to: 400, count: 4, scale: log}
  data.mu: {from: 1, to: 8, count: 6, scale: log}
runs: 4
`,
} as const;

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'benign-figure-'));
  for (const [name, spec] of Object.entries(SPECS)) {
    writeFileSync(join(folder, `${name}.yaml`), spec);
    const { code, stderr } = warm(['sweep', `${name}.yaml`, '--out', name, '--workers', '1'], folder);
    assert.equal(code, 0, stderr);
    if (name === 'nd')
      assert.match(stderr, /figures: nothing could not be drawn \(where n=9: no cell with a run meets it\)/);
  }
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** The files of the one picture that the command drew, by their endings. */
function drawn(args: readonly string[]): { name: string; read: (ending: string) => string } {
  const { code, stdout, stderr } = warm(['figure', ...args, '--json'], folder);
  assert.equal(code, 0, stderr);
  const { figures: files } = JSON.parse(stdout) as { figures: string[] };
  const endings = ['svg', 'png', 'vl.json', 'pdf', 'csv'];
  assert.deepEqual(
    files.map((file) => file.replace(/^.*?\.(?=svg|png|vl|pdf|csv)/, '')),
    endings,
  );
  const stem = files[0]!.slice(0, -4);
  return {
    name: stem.replace(/^.*\//, ''),
    read: (ending) => readFileSync(join(folder, `${stem}.${ending}`), ending === 'pdf' ? 'latin1' : 'utf8'),
  };
}

test('error with intervals against n‖μ‖⁴/d for an n x d sweep of 30 seeds', () => {
  const { name, read } = drawn(['nd', '--x', 'n*mu^4/d', '--y', 'testErrorClean', '--color', 'n', '--log', 'x,y']);
  assert.equal(name, 'testErrorClean-against-n-mu-4-over-d-by-n-log');
  const [head, ...rows] = read('csv').trim().split('\n');
  assert.equal(head, 'n,n*mu^4/d,d,testErrorClean,testErrorCleanLow,testErrorCleanHigh,runs');
  assert.equal(rows.length, 6);
  assert.ok(rows.every((row) => row.endsWith(',30')));
  const svg = read('svg');
  for (const word of ['n·‖μ‖⁴/d', 'n = 8', 'n = 16', '30 runs a cell', 'bars: 95 % interval of the mean'])
    assert.ok(svg.includes(word), word);
  assert.ok(read('pdf').startsWith('%PDF-1.7'));
  assert.ok(read('vl.json').includes('"usermeta"'));
});

test('m = 10 against 20 as curves: the default of such a sweep', () => {
  const svg = readFileSync(join(folder, 'm', 'figures', 'test-error.svg'), 'utf8');
  assert.ok(svg.includes('m = 10') && svg.includes('m = 20') && svg.includes('95 % interval'));
  assert.equal(drawn(['m', '--color', 'm']).name, 'testError-against-d-by-m');
});

test('two settings in one plot: the legend says in what they differ', () => {
  const { name, read } = drawn(['m', 'leaky', '--x', 'd', '--y', 'trainLoss', '--where', 'm=10']);
  assert.equal(name, 'm-and-leaky-trainLoss-against-d-where-m-10');
  const svg = read('svg');
  assert.ok(svg.includes('>σ = relu<') && svg.includes('>σ = leaky-relu<'), 'and nothing else');
  assert.match(read('csv'), /^d,activation,trainLoss,trainLossLow,trainLossHigh,runs\n/);
});

test('a level set and the theorem’s curve on an own map', () => {
  const { read } = drawn(['map', '--level', '.2', '--theory']);
  const svg = read('svg');
  assert.match(svg, /Kou et al\. 2023, Theorem 4\.2, its free constant through the measured 0\.2/);
  assert.match(svg, /measured: 0\.2 \(95 % interval\)/);
  assert.match(read('csv'), /^mu,d,testError,testErrorLow,testErrorHigh,runs\n/);
});

test('an own figure from the library', async () => {
  const spec = specFrom(
    {
      data: { mu: 5 },
      network: { m: 3 },
      training: { maxSteps: 5 },
      axes: { 'data.n': [4, 8], 'data.d': [50, 100] },
      runs: 3,
    },
    'own',
  );
  const results = new Results(spec);
  for (const cell of results.cells) for (let k = 0; k < 3; k++) results.add(runCell(cell, spec.seed, k));
  const drawing = plot(results.frame(), { x: 'S', y: 'trainLoss', color: 'n', log: 'y' });
  for (const ending of ['svg', 'png', 'pdf', 'csv', 'vl.json'])
    await drawing.write(join(folder, 'own', `own.${ending}`));
  assert.equal(readdirSync(join(folder, 'own')).length, 5);
  assert.ok((await drawing.svg()).includes('S = n‖μ‖⁴/(σₚ⁴d)'));
  await assert.rejects(drawing.write(join(folder, 'own.gif')), /must end in/);
  const other = figures.curve(results.frame(), { value: 'trainLoss' });
  await assert.rejects(other.write(join(folder, 'own.csv')), /only a plot has its numbers as a table/);
});

test('named views are drawn by the sweep and again by figure; a view that cannot be drawn keeps no other from it', () => {
  const before = readFileSync(join(folder, 'nd', 'figures', 'control.svg'), 'utf8');
  rmSync(join(folder, 'nd', 'figures'), { recursive: true });
  const { code, stdout, stderr } = warm(['figure', 'nd'], folder);
  assert.equal(code, 1, 'one of them could not be drawn');
  assert.match(stdout, /nd\/figures\/control\.png/);
  assert.match(stderr, /nothing could not be drawn \(where n=9/);
  assert.equal(readFileSync(join(folder, 'nd', 'figures', 'control.svg'), 'utf8'), before);
  assert.match(readFileSync(join(folder, 'nd', 'spec.yaml'), 'utf8'), /figures:\n {2}- name: control/);
});

test('a table for a paper: means with their intervals', () => {
  const markdown = warm(['table', 'nd', '--format', 'markdown'], folder).stdout.split('\n');
  assert.equal(markdown[0], '| n | d | runs | test error | clean test error | training loss | fitted |');
  assert.match(markdown[2]!, /^\| 8 \| 50 \| 30 \| 0\.1\d* ± 0\.\d+ \| .* ± .* \|/);
  assert.equal(markdown.at(-2), 'mean ± 95 % interval over runs.');
  const latex = warm(['table', 'nd', '--format', 'latex'], folder).stdout;
  assert.match(latex, /^% benign-lab \d+\.\d+\.\d+, records of science \d+\n/);
  assert.match(latex, /\\begin\{tabular\}\{rrrrrrr\}\n\\toprule\n\$n\$ & \$d\$ & runs & test error/);
  assert.match(latex, /\$8\$ & \$50\$ & \$30\$ & \$0\.\d+ \\pm 0\.\d+\$/);
  const csv = warm(['table', 'nd'], folder).stdout.split('\n');
  assert.match(csv[0]!, /^n,d,runs,testError,.*,S,SNR$/);
  assert.match(csv[1]!, /^8,50,30,.*,100,0\.707/);
});

for (const [args, expected] of [
  [['--x', 'q9'], /^benign: --x q9: "q9" is no number here, did you mean/],
  [['--x', 'd^^2'], /^benign: --x d\^\^2: cannot be read as a formula: /],
  [['--y', 'maxMarginErr'], /^benign: --y maxMarginErr: "maxMarginErr" is no number here/],
  [['--y', 'maxMarginError'], /the runs do not keep maxMarginError; name it under record\.values/],
  [['--where', 'm'], /^benign: where m: must be a condition such as m=10/],
  [['--where', 'testError<.2'], /is measured, and runs that are chosen by what came out are no sample/],
  [['--log', 'z'], /must be a list of x, y, color, got z/],
  [['--level', 'high'], /must be a number, got high/],
  [['--show', 'all'], /Allowed choices are means, quantiles, runs/],
  [['--x', ''], /must be a name or a formula, got nothing/],
  [['--name', '../out', '--x', 'd'], /must be letters, digits, - and _, got \.\.\/out/],
  [['nowhere', '--x', 'd'], /^benign: nowhere: holds no results/],
] as const)
  test(`bad input: figure nd ${args.join(' ')}`, () => {
    const { code, stdout, stderr } = warm(['figure', 'nd', ...args], folder);
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(stderr, expected);
    assert.doesNotMatch(stderr, /\n {4}at /);
  });

/** `benign notebook`, run by a real Jupyter kernel with pandas and Matplotlib. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { notebookOf } from '../../src/answers/notebook.ts';
import { ALPHA, reach } from '../../src/core/verdict.ts';
import { Results } from '../../src/experiments/results.ts';
import { runCell } from '../../src/experiments/run.ts';
import { parseSpec } from '../../src/experiments/spec-text.ts';
import { inFolder } from '../helpers/benign.ts';
import { warm } from '../helpers/warm.ts';

/** Debian's, or the one that BENIGN_PYTHON names. */
const PYTHON = process.env['BENIGN_PYTHON'] ?? '/usr/bin/python3';
const NEEDS = ['nbformat', 'nbclient', 'ipykernel', 'pandas', 'matplotlib'];
const noJupyter =
  spawnSync(PYTHON, ['-c', `import ${NEEDS.join(', ')}`]).status !== 0 &&
  `${PYTHON} has not all of ${NEEDS.join(', ')}; BENIGN_PYTHON names another Python`;

const SPEC = 'data: {n: 4, mu: 2, flip: 0.1}\nnetwork: {m: 1}\ntraining: {maxSteps: 5}\nruns: 3\n';
const AXES = {
  none: '',
  lines: 'axes: {data.d: [20, 40, 80], data.mu: [1, 2]}\n',
  map: 'axes: {data.d: {from: 20, to: 200, count: 10}, data.mu: {from: 1, to: 2, count: 9}}\n',
  words: 'axes: {training.loss: [logistic, hinge]}\n',
};
const spec = (axes: keyof typeof AXES): string =>
  axes === 'none' || axes === 'words' ? SPEC.replace('n: 4,', 'n: 4, d: 30,') + AXES[axes] : SPEC + AXES[axes];

const EXECUTE = `import sys, nbformat, nbclient
book = nbformat.read(sys.argv[1], 4)
nbformat.validate(book)
nbclient.NotebookClient(book, timeout=300, resources={"metadata": {"path": sys.argv[2]}}).execute()
print([cell.outputs[0]["text"] for cell in book.cells if cell.cell_type == "code" and cell.outputs and "text" in cell.outputs[0]])
`;

for (const axes of Object.keys(AXES) as (keyof typeof AXES)[])
  test(`a notebook runs as it is: ${axes}`, { skip: noJupyter }, () =>
    inFolder((folder) => {
      const file = join(folder, 'spec.yaml');
      writeFileSync(file, spec(axes));
      const made = join(folder, 'made');
      assert.equal(warm(['sweep', file, '--out', made]).code, 0);
      const { code, stdout, stderr } = warm(['notebook', made, '--json']);
      assert.equal(code, 0, stderr);
      const { notebook } = JSON.parse(stdout) as { notebook: string };
      const ran = spawnSync(PYTHON, ['-c', EXECUTE, notebook, made], { encoding: 'utf8' });
      assert.equal(ran.status, 0, ran.stderr);
      assert.match(ran.stdout, /\d+ means agree/);
      assert.ok(existsSync(join(made, 'notebook.png')));
    }),
  );

test('a table that is not of these runs is found out', { skip: noJupyter }, () =>
  inFolder((folder) => {
    const file = join(folder, 'spec.yaml');
    writeFileSync(file, spec('lines'));
    const made = join(folder, 'made');
    warm(['sweep', file, '--out', made]);
    const { code } = warm(['notebook', made]);
    assert.equal(code, 0);
    const runs = join(made, 'runs.csv');
    // the first digit behind the point of the first clean error
    const [head, first, ...rest] = readFileSync(runs, 'utf8').split('\n');
    const at = head!.split(',').indexOf('testErrorClean');
    const fields = first!.split(',');
    fields[at] = String(Number(fields[at]) + 0.01);
    writeFileSync(runs, [head, fields.join(','), ...rest].join('\n'));
    const ran = spawnSync(PYTHON, ['-c', EXECUTE, join(made, 'notebook.ipynb'), made], { encoding: 'utf8' });
    assert.notEqual(ran.status, 0);
    assert.match(ran.stderr, /AssertionError/);
  }),
);

test('a cell of which some runs diverged has an interval of those that did not', () => {
  const four = parseSpec(spec('lines').replace('runs: 3', 'runs: 4'), 'test');
  const results = new Results(four);
  results.cells.forEach((cell, at) => {
    for (let replicate = 0; replicate < 4; replicate++) {
      const record = runCell(cell, four.seed, replicate);
      const { testErrorClean: _, ...rest } = record.values;
      results.add(at === 0 && replicate === 3 ? { ...record, outcome: 'diverged', values: rest } : record);
    }
  });
  const { cells } = notebookOf(results.frame(), 'testErrorClean', 'benign', { cells: 'c.csv', runs: 'r.csv' });
  const quantiles = JSON.stringify(cells);
  for (const runs of [3, 4]) assert.ok(quantiles.includes(`${runs}: ${reach(ALPHA, runs - 1)}`), `${runs} runs`);
});

test('what notebook refuses', () =>
  inFolder((folder) => {
    const file = join(folder, 'spec.yaml');
    writeFileSync(file, spec('lines'));
    const made = join(folder, 'made');
    warm(['sweep', file, '--out', made]);
    for (const [args, sentence] of [
      [[join(folder, 'nothing')], 'holds no results'],
      [[made, '--of', 'gama'], '--of must be an observable, got "gama", did you mean gamma?'],
      [[made, '--out', folder], 'no meaning for benign notebook'],
    ] as [string[], string][]) {
      const { code, stderr } = warm(['notebook', ...args]);
      assert.equal(code, 1);
      assert.ok(stderr.includes(sentence), stderr);
    }
    assert.ok(!existsSync(join(made, 'notebook.ipynb')));
  }));

/** Every example runs as it stands, and what its comment says is so. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { benign, inFolder, root, storedLines } from '../helpers/benign.ts';
import { compiledExample } from '../helpers/own-lab.ts';
import { warm } from '../helpers/warm.ts';

const folder = join(root, 'examples');
const example = (name: string): string => join(folder, name);

type Row = Readonly<Record<string, number | string>>;

/** Sweeps the example and returns its table, one row a cell or one row a run. */
async function swept(name: string, rows: 'cells' | 'runs' = 'cells'): Promise<Row[]> {
  return inFolder((out) => {
    // The data of 12-images would stay in the process.
    const call = name.startsWith('12') ? benign : warm;
    const made = call(['sweep', example(name), '--out', join(out, 'out'), '--json']);
    assert.equal(made.code, 0, made.stderr);
    assert.deepEqual((JSON.parse(made.stdout) as { failed: unknown[] }).failed, []);
    const table = call(['table', join(out, 'out'), '--rows', rows, '--json']);
    assert.equal(table.code, 0, table.stderr);
    return table.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Row);
  });
}

const number = (row: Row | undefined, column: string): number => {
  assert.equal(typeof row?.[column], 'number', column);
  return row![column] as number;
};

/** The first value of `along` at which the mean test error is below `level`. */
function crossing(rows: readonly Row[], along: string, level: number): number {
  const row = rows.find((one) => number(one, 'testError') < level);
  assert.ok(row, `the test error never falls below ${level}`);
  return number(row, along);
}

test('01-first-run: benign with a strong signal, harmful with a weak one, every label fitted in both', async () => {
  await inFolder((out) => {
    const report = (more: readonly string[]): { verdict: { kind: string; excess: number }; outcomes: object } => {
      const answer = warm([
        'run',
        example('01-first-run.yaml'),
        ...more,
        '--out',
        join(out, `out${more.length}`),
        '--json',
      ]);
      assert.equal(answer.code, 0, answer.stderr);
      return JSON.parse(answer.stdout) as ReturnType<typeof report>;
    };
    const strong = report([]);
    assert.equal(strong.verdict.kind, 'benign');
    assert.ok(strong.verdict.excess < 0.02, `excess ${strong.verdict.excess}`);
    const weak = report(['--set', 'mu=1']);
    assert.equal(weak.verdict.kind, 'harmful');
    assert.ok(weak.verdict.excess > 0.2, `excess ${weak.verdict.excess}`);
    assert.deepEqual([strong.outcomes, weak.outcomes], [{ interpolated: 40 }, { interpolated: 40 }]);
  });
});

test('02-sweep: the frontier moves to stronger signals as d grows', async () => {
  const rows = await swept('02-sweep.yaml');
  const at = (d: number): number =>
    crossing(
      rows.filter((row) => row['d'] === d),
      'mu',
      0.2,
    );
  const dims = [...new Set(rows.map((row) => number(row, 'd')))];
  assert.equal(dims.length, 7);
  assert.ok(
    at(dims[0]!) <= 3 && at(dims.at(-1)!) >= 6,
    `${at(dims[0]!)} at d = ${dims[0]}, ${at(dims.at(-1)!)} at d = ${dims.at(-1)}`,
  );
});

test('03-label-noise: never below the floor, clean error grows with p, flipped labels are nested', async () => {
  const runs = await swept('03-label-noise.yaml', 'runs');
  const levels = [...new Set(runs.map((row) => number(row, 'flip')))];
  const clean: number[] = [];
  let before = new Map<number, number>();
  for (const p of levels) {
    const rows = runs.filter((row) => row['flip'] === p);
    assert.equal(rows.length, 20);
    clean.push(rows.reduce((sum, row) => sum + number(row, 'testErrorClean'), 0) / rows.length);
    for (const row of rows) {
      assert.ok(number(row, 'testError') >= p - 1e-12);
      assert.ok(Math.abs(number(row, 'testError') - (p + (1 - 2 * p) * number(row, 'testErrorClean'))) < 1e-12);
      assert.ok(number(row, 'flipped') >= (before.get(number(row, 'replicate')) ?? 0), 'flips are nested');
    }
    before = new Map(rows.map((row) => [number(row, 'replicate'), number(row, 'flipped')]));
  }
  assert.ok(
    clean.every((one, i) => i === 0 || one > clean[i - 1]!),
    clean.join(', '),
  );
});

test('04-library: prints gamma, rho-bar and the test error with its standard error', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [example('04-library.mjs')], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  const [, gamma, rhoBar] = /gamma (\S+), rho-bar (\S+)/.exec(stdout)!.map(Number);
  assert.ok(gamma! > 0 && rhoBar! > gamma!, stdout);
  const [, error, se] = /test error (\S+) \(SE (\S+)\), floor p = 0\.1/.exec(stdout)!.map(Number);
  assert.ok(error! >= 0.1 && error! < 0.5 && se! > 0 && se! < 0.01, stdout);
  assert.match(stdout, /interpolated after 100 steps/);
});

test('05-million-dimensions: d = 10^9 has its transition, at a larger signal', async () => {
  const rows = await swept('05-million-dimensions.yaml');
  assert.ok(number(rows[0], 'testError') > 0.4);
  assert.ok(number(rows.at(-1), 'testError') < 0.12);
  const mu = crossing(rows, 'mu', 0.2);
  const S = (20 * mu ** 4) / 1e9;
  assert.ok(S > 0.5 && S < 5, `the transition lies at S = ${S}`);
});

test('06-adversarial-flips: one class does the most damage', async () => {
  const rows = await swept('06-adversarial-flips.yaml');
  const at = (adversary: string, k: number): Row | undefined =>
    rows.find((row) => row['adversary'] === adversary && row['flips'] === k);
  for (const other of ['largest-norm', 'aligned']) {
    const [worst, less] = [at('one-class', 6), at(other, 6)];
    const se = Math.hypot(number(worst, 'testErrorSe'), number(less, 'testErrorSe'));
    assert.ok(
      number(worst, 'testError') - number(less, 'testError') > 3 * se,
      `${number(worst, 'testError')} against ${number(less, 'testError')} (${other}), SE ${se}`,
    );
  }
  assert.equal(
    number(at('one-class', 0), 'testError'),
    number(at('aligned', 0), 'testError'),
    'without flips the adversaries are one: same draws',
  );
});

test('07-boundary: the exponent of the signal at the crossing is that of the theory', async () => {
  await inFolder((out) => {
    const made = warm([
      'boundary',
      example('07-boundary.yaml'),
      '--along',
      'mu',
      '--over',
      'd',
      '--out',
      join(out, 'out'),
      '--json',
    ]);
    assert.equal(made.code, 0, made.stdout);
    const report = JSON.parse(made.stdout) as {
      fits: { exponent: { value: number }; laws: { verdict: string; test: { by: string } }[] }[];
    };
    assert.deepEqual([report.fits[0].laws[0].verdict, report.fits[0].laws[0].test.by], ['holds', 'line']);
    assert.ok(Math.abs(report.fits[0].exponent.value - 0.25) < 0.02);
  });
});

test('08-precision: every mean to ± 0.005 in few enough runs, the most of them around the transition', async () => {
  const rows = await swept('08-precision.yaml');
  for (const row of rows) {
    assert.equal(row['ended'], 'precise');
    assert.ok(number(row, 'testErrorHigh') - number(row, 'testErrorLow') <= 0.01 && number(row, 'testErrorLow') >= 0.1);
    assert.ok(number(row, 'runs') < 1000);
  }
  const most = rows.reduce((a, b) => (number(a, 'runs') > number(b, 'runs') ? a : b));
  assert.ok(number(most, 'mu') > 1 && number(most, 'mu') < 6, `most runs at ${number(most, 'mu')}`);
  assert.ok(number(most, 'runs') > 1.5 * number(rows[0], 'runs'));
});

test('09-limit: no pattern changes after the start, and the way to the limit shrinks for ever', async () => {
  await inFolder((out) => {
    const made = warm(['run', example('09-limit.yaml'), '--out', join(out, 'out'), '--json']);
    assert.equal(made.code, 4, made.stderr); // two runs say neither benign nor harmful
    const { records } = {
      records: storedLines(join(out, 'out')).map(
        (line) => (JSON.parse(line) as { series: Record<string, number[]> }).series,
      ),
    };
    assert.equal(records.length, 2);
    for (const series of records) {
      const at = (id: string, step: number): number => series[id]![series['step']!.indexOf(step)]!;
      assert.equal(at('limitBroken', 1000), 0);
      for (const id of ['limitGap', 'limitTurn', 'kktTurn', 'kktSlackness'])
        assert.ok(at(id, 10000) < 0.8 * at(id, 1000) && at(id, 10000) > 0, id);
      assert.ok(at('limitGap', 10000) < 0.03 && at('limitTurn', 10000) < 0.01);
    }
  });
});

test('10-own-lab: the model, the observable and the program, compiled against this benign-lab', async () => {
  await inFolder((out) => {
    const lab = compiledExample(out);
    const made = benign(['sweep', join(out, 'two-noises.yaml'), '--lab', lab, '--out', join(out, 'out')]);
    assert.equal(made.code, 0, made.stderr);
    const table = benign(['table', join(out, 'out'), '--json'])
      .stdout.trim()
      .split('\n');
    const rows = table.map((line) => JSON.parse(line) as Row);
    assert.equal(rows.length, 8);
    for (const d of [100, 1000]) {
      const errors = rows.filter((row) => row['d'] === d).map((row) => number(row, 'testError'));
      assert.deepEqual(
        errors,
        errors.toSorted((a, b) => b - a),
        'a stronger signal is heard better',
      );
    }
    assert.ok(rows.every((row) => number(row, 'mine/spread') > 0));
  });
});

test('12-images: more points help, and flipped labels cost clean error', async () => {
  const rows = await swept('12-images/images.yaml');
  const clean = (flip: number, n: number): number =>
    number(
      rows.find((row) => row['flip'] === flip && row['n'] === n)!,
      'testErrorClean',
    );
  assert.equal(rows.length, 9);
  assert.ok(clean(0, 40) < clean(0, 10));
  for (const n of [10, 20, 40]) assert.ok(clean(0, n) < clean(0.2, n), String(n));
});

test('13-own-claim: a leaky ReLU errs more around the transition, by more than the margin of the claim', async () => {
  await inFolder((out) => {
    const [relu, leaky] = [join(out, 'relu'), join(out, 'leaky')];
    const sweeps = [
      [relu, []],
      [leaky, ['--set', 'activation=leaky-relu']],
    ] as const;
    for (const [folder, more] of sweeps) {
      const made = warm(['sweep', example('13-own-claim.yaml'), '--set', 'runs=60', ...more, '--out', folder]);
      assert.equal(made.code, 0, made.stderr);
    }
    const judged = warm(['compare', relu, leaky, '--within', '0.02']);
    assert.equal(judged.code, 3, judged.stderr);
    assert.match(judged.stdout, /^fails: .*is higher in [3-6], lower in 0 /m);
  });
});

test('every example is tested here or from a packed install, is numbered, and says what it shows and how it is run', () => {
  const names = readdirSync(folder).sort();
  const tests = ['docs/examples', 'lab/packed']
    .map((name) => readFileSync(join(root, 'test', `${name}.test.ts`), 'utf8'))
    .join('\n');
  for (const [at, name] of names.entries()) {
    assert.ok(name.startsWith(String(at + 1).padStart(2, '0')), name);
    assert.ok(tests.includes(`'${name}'`) || tests.includes(`test('${name}: `), `${name} has no test`);
    const files = statSync(example(name)).isDirectory()
      ? readdirSync(example(name)).flatMap((file) => (/\.(yaml|ts)$/.test(file) ? [join(name, file)] : []))
      : [name];
    for (const file of files) {
      const comment = readFileSync(example(file), 'utf8')
        .split('\n')
        .filter((line) => /^(#|\/\/) /.test(line));
      assert.ok(
        comment.length >= 2 && comment.some((line) => line.includes(`examples/${name}`)),
        `${file}: the comment names no command`,
      );
    }
  }
});

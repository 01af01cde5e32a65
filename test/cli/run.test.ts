/** The verdict of `benign run` as a user meets it. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inFolder } from '../helpers/benign.ts';
import { warm } from '../helpers/warm.ts';

const SPEC = `data: {n: 10, d: 400, mu: 6, flip: 0.1}
network: {m: 6}
training: {eta: 0.2, maxSteps: 100}
test: {lines: 4, shifts: 8}
`;

interface Report {
  readonly v: number;
  readonly verdict: {
    readonly kind: string;
    readonly word: string;
    readonly of: string;
    readonly excess: number;
    readonly interval: { readonly low: number; readonly high: number };
    readonly limit: number;
    readonly alpha: number;
    readonly needed?: number;
    readonly sentence: string;
  };
}

const ran = (folder: string, ...more: string[]) => {
  const answer = warm(['run', 'spec.yaml', '--out', `out${more.join('')}`, '--json', ...more], folder);
  return { code: answer.code, stderr: answer.stderr, report: JSON.parse(answer.stdout) as Report };
};

test('few runs are undecided, exit code 4, with the runs that tell; so many are benign; a weak signal is harmful', async () => {
  await inFolder((folder) => {
    writeFileSync(join(folder, 'spec.yaml'), SPEC);
    const few = ran(folder, '--set', 'runs=4');
    assert.equal(few.code, 4, few.stderr);
    assert.match(few.stderr, /neither benign nor harmful can be said: exit code 4$/m);
    const { verdict } = few.report;
    assert.deepEqual(
      [few.report.v, verdict.kind, verdict.word, verdict.of, verdict.limit, verdict.alpha],
      [2, 'undecided', 'undecided', 'mean over draws', 0.1, 0.05],
    );
    assert.ok(verdict.interval.low <= verdict.excess && verdict.excess <= verdict.interval.high);
    assert.match(
      verdict.sentence,
      new RegExp(`about ${verdict.needed} runs would tell: excess error .* confidence sequence`),
    );
    const enough = ran(folder, '--set', `runs=${Math.ceil(1.2 * verdict.needed!)}`);
    assert.deepEqual([enough.code, enough.report.verdict.kind, enough.report.verdict.word], [0, 'benign', 'holds']);
    const weak = ran(folder, '--set', 'runs=40', '--set', 'mu=0.5');
    assert.deepEqual([weak.code, weak.report.verdict.kind, weak.report.verdict.word], [0, 'harmful', 'fails']);
  });
});

test('one run speaks of its own draw; runs that do not fit are not applicable', async () => {
  await inFolder((folder) => {
    writeFileSync(join(folder, 'spec.yaml'), SPEC);
    const one = ran(folder, '--set', 'runs=1');
    assert.deepEqual([one.code, one.report.verdict.of, one.report.verdict.kind], [0, 'this draw', 'benign']);
    assert.match(one.report.verdict.sentence, /^benign overfitting in this draw: excess error/);
    const unfit = ran(folder, '--set', 'runs=2', '--set', 'maxSteps=0');
    assert.deepEqual(
      [unfit.code, unfit.report.verdict.kind, unfit.report.verdict.word],
      [0, 'not fitted', 'not-applicable'],
    );
  });
});

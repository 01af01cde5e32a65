/**
 * The whole map of Kou et al. by this program and by another checkout of it, in turns: wall and processor time.
 *
 *     node dist/bench/against.js FOLDER [TURNS]
 *
 * FOLDER is a built checkout (`git worktree add --detach FOLDER COMMIT`, `npm ci` there). Printed, not written: such a
 * result is of two commits. Do not change the sources meanwhile: the launcher would build them.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exp, log } from '../src/core/special.ts';
import { meanAndSe } from '../src/core/statistics.ts';
import { intervalOf } from '../src/core/verdict.ts';
import { note, ROOT, spread, table } from './claim.ts';

/** Seconds of one reproduction, from its start to its end. */
interface Took {
  readonly wall: number;
  /** of the process and its threads, user and system */
  readonly processor: number;
}

function took(root: string): Took {
  const folder = mkdtempSync(join(tmpdir(), 'benign-against-'));
  try {
    const started = performance.now();
    const command = [
      process.execPath,
      join(root, 'bin', 'benign.mjs'),
      'reproduce',
      'kou-2023',
      '--runs',
      '10',
      '--out',
      folder,
    ];
    const script = '"$@" >/dev/null 2>&1; code=$?; times; exit $code';
    const { status, stdout } = spawnSync('sh', ['-c', script, 'sh', ...command], { encoding: 'utf8' });
    // 3 and 4: computed, but a check fails or is undecided. The time is that of the whole job all the same.
    if (status === null || ![0, 3, 4].includes(status)) throw new Error(`${root}: ended with exit code ${status}`);
    const wall = (performance.now() - started) / 1000;
    // The second line is that of the shell's children.
    const times = [...(stdout.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
    return {
      wall,
      processor: times.reduce((sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds), 0),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [other, turns = '5'] = process.argv.slice(2);
if (other === undefined) throw new Error('give the folder of another checkout');
const [theirs, ours]: [Took[], Took[]] = [[], []];
for (let turn = 0; turn < Number(turns); turn++) {
  note(`turn ${turn + 1} of ${turns}`);
  theirs.push(took(other));
  ours.push(took(ROOT));
}
const row = (name: string, of: keyof Took): string[] => {
  const { mean, se } = meanAndSe(ours.map((one, at) => log(one[of] / theirs[at]![of])));
  const { low, high } = intervalOf({ value: mean, se, freedom: ours.length - 1 }, 0.05);
  return [
    name,
    spread(
      theirs.map((one) => one[of]),
      1,
    ),
    spread(
      ours.map((one) => one[of]),
      1,
    ),
    `${exp(mean).toFixed(3)} [${exp(low).toFixed(3)}, ${exp(high).toFixed(3)}]`,
  ];
};
process.stdout.write(
  `${table(['seconds', 'the other, median (min–max)', 'this', 'this / the other'], [row('wall', 'wall'), row('processor', 'processor')])}\n`,
);

/**
 * How far the level sets of one map of the published design scatter, from whole maps: what `readLevels` in
 * src/verification/published-levels.ts draws with normal noise on one map.
 *
 *   for s in $(seq 101 116); do benign reproduce kou-2023 --seed $s --out out/level-sd/$s; done
 *   node dist/validation/level-sd.js out/level-sd/*
 *
 * Cells are independent, so a map is drawn cell by cell from the folders' means; with the noise of 1,000 test points in
 * each of the ten runs, which the published table has and ours has not.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stream } from '../src/core/random.ts';
import { log } from '../src/core/special.ts';
import { fitLine, meanAndSe } from '../src/core/statistics.ts';
import { kou2023 } from '../src/papers/kou-2023.ts';
import { firstCrossing } from '../src/verification/published-levels.ts';

const MAPS = 1000;
const SIDE = 100;
const check = kou2023.figures[0]!.variants[0]!.checks.find((one) => one.kind === 'level-sets');
if (check?.kind !== 'level-sets') throw new Error('the preset has no level sets');
const tables = process.argv.slice(2).map((folder) =>
  readFileSync(join(folder, 'table.csv'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(',')),
);
const column = (name: string): number[][] =>
  tables.map(([header, ...rows]) => rows.map((row) => Number(row[header!.indexOf(name)])));
const means = column('testError');
const [d, mu] = [column('d')[0]!, column('mu')[0]!];
const count = tables.length;
const { groups } = check;
const size = SIDE / groups;
const points = check.grid.testPoints * check.grid.runsPerCell;
const stream = new Stream({ seed: 1, cell: [0, 0], replicate: 0 }, 'test');

/** One map: rows averaged in groups. */
function draw(): number[][] {
  const cells = d.map((_, at) => {
    const middle = meanAndSe(means.map((table) => table[at]!)).mean;
    const error = middle + (means[stream.integer(count)]![at]! - middle) * Math.sqrt(count / (count - 1));
    return error + Math.sqrt(Math.max(0, error * (1 - error)) / points) * stream.normal();
  });
  return Array.from({ length: groups }, (_, group) =>
    Array.from(
      { length: SIDE },
      (__, c) => meanAndSe(Array.from({ length: size }, (___, row) => cells[(group * size + row) * SIDE + c]!)).mean,
    ),
  );
}

const x = mu.slice(0, SIDE);
const middles = Array.from(
  { length: groups },
  (_, group) => meanAndSe(Array.from({ length: size }, (__, row) => d[(group * size + row) * SIDE]!)).mean,
);
const maps = Array.from({ length: MAPS }, draw);
for (const { level, first, last, slope } of check.levels) {
  const found = maps.map((map) => map.map((y) => firstCrossing(x, y, level)));
  const of = {
    first: found.map((one) => one[0]!),
    last: found.map((one) => one.at(-1)!),
    slope: found.map(
      (one) =>
        fitLine(
          middles.map(log),
          one.map(log),
          one.map(() => 1),
        ).slope,
    ),
  };
  const words = Object.entries({ first, last, slope }).map(([part, published]) => {
    const { mean, se } = meanAndSe(of[part as keyof typeof of]);
    const sd = se * Math.sqrt(MAPS);
    return `${part} ${mean.toFixed(4)} ± ${sd.toFixed(4)} (published ${published}, z ${((published - mean) / sd).toFixed(2)})`;
  });
  process.stdout.write(`${level}: ${words.join(', ')}\n`);
}

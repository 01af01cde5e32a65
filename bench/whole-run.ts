/** Claim: a run of Kou's map in one call of the kernel against the same run in parts, which it equals bit for bit. */
import { quantile } from '../src/core/statistics.ts';
import { recordLine } from '../src/experiments/record.ts';
import { runCell, runInParts, streamKey } from '../src/experiments/run.ts';
import { specFrom } from '../src/experiments/spec-text.ts';
import { cells } from '../src/experiments/spec.ts';
import { kou2023 } from '../src/papers/kou-2023.ts';
import { main, note, spread, table, type Claim, type Options } from './claim.ts';

const NOTHING = { series: [], values: [], every: 1 } as const;
/** Cells of the map that are taken in one turn, and runs of each. */
const CELLS = 40;
const RUNS = 10;

export async function wholeRuns({ quick }: Options): Promise<Claim> {
  const repeats = quick ? 3 : 41;
  const spec = specFrom(kou2023.figures[0]!.variants[0]!.spec, 'as-plotted');
  const all = [...cells(spec)];
  const turn = (at: number): typeof all =>
    Array.from({ length: CELLS }, (_, k) => all[(37 * (CELLS * at + k)) % all.length]!);
  const time = (work: () => void): number => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000 / (CELLS * RUNS);
  };
  const [whole, parts, ratios]: [number[], number[], number[]] = [[], [], []];
  note(`whole-run: ${repeats} turns`);
  for (let at = -1; at < repeats; at++) {
    const chosen = turn(at + 1);
    const each = (make: (cell: (typeof all)[number], replicate: number) => unknown) => () => {
      for (const cell of chosen) for (let replicate = 0; replicate < RUNS; replicate++) make(cell, replicate);
    };
    const one = each((cell, replicate) => recordLine(runCell(cell, spec.seed, replicate)));
    const other = each((cell, replicate) => {
      const { values, ...rest } = runInParts(cell, streamKey(cell, spec.seed, replicate), NOTHING);
      return JSON.stringify({ ...rest, values });
    });
    // They take turns at being first.
    const [first, second] = at % 2 ? [time(one), time(other)] : [time(other), time(one)];
    const [mine, theirs] = at % 2 ? [first, second] : [second, first];
    if (at < 0) continue;
    whole.push(mine);
    parts.push(theirs);
    ratios.push(theirs / mine);
  }
  return {
    title: 'A run in one call of the kernel',
    text: [
      table(
        ['one call, ms', 'in parts, ms', 'in parts / one call', 'quartiles'],
        [
          [
            spread(whole, 3),
            spread(parts, 3),
            `**${quantile(ratios, 0.5).toFixed(2)}**`,
            `${quantile(ratios, 0.25).toFixed(2)}–${quantile(ratios, 0.75).toFixed(2)}`,
          ],
        ],
      ),
      `Runs of Kou's map as plotted with their records, one thread, processor time: median (min–max) over ${repeats} turns of ${CELLS * RUNS} runs each. In parts is what every other setting takes; the bits are the same (test/experiments/whole-run.test.ts).`,
    ].join('\n\n'),
    holds: true,
  };
}

await main(import.meta.url, wholeRuns);

/**
 * Claim: the whole published map of Kou et al., 100,000 runs, against what it would take other programs.
 *
 * Ours is measured whole. The others are measured at three dimensions and extrapolated: the nodes of Gauss's rule on
 * the map's dimensions, whose weights give the mean over d of any polynomial up to the fifth degree. Their time does
 * not depend on the signal.
 */
import { quantile } from '../src/core/statistics.ts';
import { recordLine } from '../src/experiments/record.ts';
import { runCell } from '../src/experiments/run.ts';
import { changeSpec, specFrom } from '../src/experiments/spec-text.ts';
import { cells } from '../src/experiments/spec.ts';
import { kou2023 } from '../src/papers/kou-2023.ts';
import { main, note, table, type Claim, type Options } from './claim.ts';
import { reproduction } from './full-map.ts';
import { startPeer, versionsOf, type Peer } from './peer.ts';

const asPlotted = kou2023.figures[0]!.variants[0]!;
const RUNS = 100_000;
/** d = 100 ... 1090 in steps of 10, as an interval of cells of width 10: its middle and half its length. */
const MIDDLE = 595;
const HALF = 500;
const NODES = [-1, 0, 1].map((sign) => ({
  d: Math.round(MIDDLE + sign * Math.sqrt(0.6) * HALF),
  mu: 5 + 4 * sign,
  weight: sign === 0 ? 8 / 18 : 5 / 18,
}));
const LIMIT_SECONDS = 10;

interface Form {
  readonly name: string;
  readonly script: string;
  /** the line that asks for so many runs */
  readonly line: (runs: number) => string;
  /** runs in one turn */
  readonly runs: number;
  /** PyTorch, which also gets a turn with its default number of threads */
  readonly torch?: true;
  /** the least ratio of its time for the map to ours */
  readonly bound?: number;
}

const ofMap = (form: string, together: number) => ({
  script: 'kou_map.py',
  line: (runs: number) => `${form} ${together} ${runs}`,
});
const FORMS: readonly Form[] = [
  { name: 'PyTorch, one run at a time', script: 'kou_cell.py', line: String, runs: 5, torch: true, bound: 150 },
  { name: 'PyTorch, 10 replicas in one program', ...ofMap('batched', 10), runs: 10, torch: true },
  { name: 'PyTorch, 50 replicas in one program', ...ofMap('batched', 50), runs: 50, torch: true },
  { name: 'PyTorch, sample by sample', ...ofMap('loop', 1), runs: 1, torch: true, bound: 1000 },
  { name: 'NumPy in Gram space, one run at a time', ...ofMap('numpy', 1), runs: 20 },
  { name: 'NumPy in Gram space, 10 runs stacked', ...ofMap('numpy', 10), runs: 40 },
  { name: 'NumPy in Gram space, 100 runs stacked', ...ofMap('numpy', 100), runs: 100 },
];

export async function map({ quick }: Options): Promise<Claim> {
  const repeats = quick ? 1 : 3;
  const own: number[] = [];
  for (let repeat = 0; repeat < (quick ? 1 : 3); repeat++) {
    const { wallSeconds, runs } = await reproduction('kou-2023', quick ? ['--quick'] : []);
    own.push((wallSeconds * RUNS) / runs);
  }
  const map = quantile(own, 0.5);

  /** Seconds a run, mean over d; undefined where no such program was run. */
  const one: number[] = [];
  const many: number[] = [];
  let ours = 0;
  let missing = '';
  let about: Peer<{ numpy: string }>['about'] | undefined;
  const nodes = quick ? [{ ...NODES[1]!, weight: 1 }] : NODES;
  for (const { d, mu, weight } of nodes) {
    const peers = new Map<string, Peer<unknown>>();
    for (const { script } of FORMS) {
      for (const threads of [1, undefined]) {
        const name = `${script} ${threads}`;
        if (peers.has(name) || missing !== '') continue;
        const peer = await startPeer<{ numpy: string }>(script, [d, mu], threads);
        if (typeof peer === 'string') missing = peer;
        else {
          peers.set(name, peer);
          if (script === 'kou_map.py') about = peer.about;
        }
      }
    }
    note(`map: d = ${d}, ${repeats} repeats`);
    const mine: number[] = [];
    const theirs = FORMS.map((): [number[], number[]] => [[], []]);
    for (let repeat = -1; repeat < repeats; repeat++) {
      const seconds = oneThread(d, mu, repeat, quick ? 200 : 1000);
      if (repeat >= 0) mine.push(seconds);
      for (const [at, { script, line, runs, torch }] of FORMS.entries()) {
        for (const [which, threads] of [1, undefined].entries()) {
          const peer = peers.get(`${script} ${threads}`);
          if (!peer || (which === 1 && !torch)) continue;
          const answer = (await peer.ask(line(runs))) as { seconds: number | number[] };
          const total = [answer.seconds].flat().reduce((sum, x) => sum + x, 0);
          if (repeat >= 0) theirs[at]![which]!.push(total / runs);
        }
      }
    }
    for (const peer of peers.values()) peer.end();
    ours += weight * quantile(mine, 0.5);
    theirs.forEach(([single, default_], at) => {
      if (single.length > 0) one[at] = (one[at] ?? 0) + weight * quantile(single, 0.5);
      if (default_.length > 0) many[at] = (many[at] ?? 0) + weight * quantile(default_, 0.5);
    });
  }

  let holds = quick || map <= LIMIT_SECONDS; // the coarse map is mostly start and figures: scaled, it says nothing
  const hours = (seconds: number): string => ((seconds * RUNS) / 3600).toPrecision(2);
  const ms = (seconds: number | undefined): string => (seconds === undefined ? '' : (1000 * seconds).toFixed(2));
  const rows = [
    ['ours, whole command', `${ms(ours)}`, '', `**${map.toFixed(1)} s** (bound ${LIMIT_SECONDS} s)`, '', '', ''],
    ...FORMS.flatMap(({ name, bound }, at) => {
      if (one[at] === undefined) return [];
      const best = Math.min(one[at], many[at] ?? Infinity);
      const ratio = (best * RUNS) / map;
      if (bound !== undefined) holds &&= quick || ratio >= bound;
      return [
        [
          name,
          ms(one[at]),
          ms(many[at]),
          `${hours(best)} h`,
          `**${ratio.toPrecision(3)}**`,
          bound === undefined ? '' : String(bound),
          (one[at] / ours).toPrecision(3),
        ],
      ];
    }),
  ];
  return {
    title: 'The published map of Kou et al. and other programs',
    text: [
      ...(missing === '' ? [] : [missing]),
      table(
        [
          'program',
          'ms a run, one thread',
          'default threads',
          'the map',
          'its time / ours',
          'bound',
          'one thread against one',
        ],
        rows,
      ),
      `Ours: median of ${own.length} of the whole command, start to end, store, figures and report included${quick ? ', on the coarse map, scaled' : ''}; its ms a run is of runs and their records on one thread. The others, ‖μ‖ and d of ${nodes.map(({ d, mu }) => `(${mu}, ${d})`).join(', ')}: medians over ${repeats} turns at each, weighted to the mean over the map's dimensions and **extrapolated** to ${RUNS.toLocaleString('en')} runs, training and 1,000 test points, no files, no start; PyTorch with the better of one and its default number of threads, the better of its two forms of the filters (one run at a time). NumPy draws the test set as 2m Gaussians a point, not as vectors.`,
    ].join('\n\n'),
    holds,
    ...(about && { versions: versionsOf(about) }),
  };
}

/** Seconds a run and its line. */
function oneThread(d: number, mu: number, repeat: number, runs: number): number {
  const [cell] = cells(
    changeSpec(specFrom(asPlotted.spec, 'as-plotted'), { 'data.d': d, 'data.mu': mu }, 'as-plotted'),
  );
  const started = performance.now();
  for (let replicate = 0; replicate < runs; replicate++) recordLine(runCell(cell!, 1, (repeat + 1) * runs + replicate));
  return (performance.now() - started) / 1000 / runs;
}

await main(import.meta.url, map);

/** What `benign doctor DIR` says of a folder: as JSON or in words, and the exit code. */
import { detectable, findingWords, type Inspection } from '../sweeps/node/inspect.ts';
import { EXIT, note, printJson, say } from './context.ts';

export interface DoctorOptions {
  sample?: number;
  all?: boolean;
  seed?: number;
  workers?: number;
  json?: boolean;
}

/** With this probability a sample finds as many changed runs as the summary says. */
const CONFIDENCE = 0.95;
/** Findings that the summary in words lists. */
const LISTED = 20;
/** Runs, or blocks of them, made again when nobody says how many. */
export const SAMPLE = 20;

/** What a folder is made of. */
export type Things = 'runs' | 'blocks';

/** What was found in a folder. */
export interface Found extends Pick<Inspection, 'lines' | 'harmless' | 'findings' | 'science' | 'comparable'> {
  readonly folder: string;
  readonly things: Things;
  readonly runs: number;
  readonly expected: number | null;
  readonly sample: ReturnType<typeof sampleReport>;
  /** how many were to be computed again, copies included */
  readonly again: number;
  readonly table: string | null;
  /** the exit code of a signal that came first */
  readonly stopped: number | null;
}

/** Says what was found; gives the exit code. */
export function tell(found: Found, { json }: DoctorOptions): number {
  const { folder, lines, runs, expected, science, harmless, findings, sample, table, stopped } = found;
  const { comparable } = found;
  const ok = findings.length === 0;
  if (json)
    printJson({
      v: 1,
      folder,
      lines,
      runs,
      expected,
      science: science ?? null,
      passedOver: harmless,
      findings,
      sample,
      table,
      interrupted: stopped !== null,
      ok: ok && comparable && stopped === null,
    });
  else for (const line of words(found)) say(line);
  if (stopped !== null) note(`interrupted: ${sample.compared} of ${found.again} ${found.things} were computed again`);
  return stopped ?? (ok ? (comparable ? EXIT.ok : EXIT.undecided) : EXIT.checkFailed);
}

/** The numbers of a sample: what it finds. @param compared of the sample and of copies @param all how many there are */
export const sampleReport = (sample: number, all: number, seed: number, compared: number) => ({
  runs: sample,
  of: all,
  seed: sample < all ? seed : null,
  compared,
  findsOne: all === 0 ? 0 : Math.min(compared, sample) / all,
  finds95: sample === 0 ? null : detectable(all, sample, CONFIDENCE),
});

const SOUND: Readonly<Record<Things, string>> = {
  runs: 'every line is a record of its spec: keys, types, ranges, id, and what follows from other numbers',
  blocks: 'every line is a block: its number, and the observable after eight runs',
};

function words(found: Found): string[] {
  const { folder, things, lines, runs, expected, science, comparable, harmless, findings, sample, table } = found;
  const bits = findings.filter(({ reason }) => reason === 'bits').length;
  const listed = findings.slice(0, LISTED).map((one) => `  ${one.where}: ${findingWords(one)}`);
  return [
    `${folder}: ${lines} lines, ${runs}${expected === null ? '' : ` of ${expected}`} ${things}${science === undefined ? '' : `, science version ${science}`}`,
    findings.length === 0
      ? SOUND[things]
      : `${findings.length} finding${findings.length > 1 ? 's' : ''}${bits === 0 ? '' : `, ${bits} of them by computing again`}:`,
    ...listed,
    ...(findings.length > LISTED ? [`  ... and ${findings.length - LISTED} more (--json has all)`] : []),
    ...harmless.map((one) => `${one.where}: ${findingWords(one)}; it counts as no ${things.slice(0, -1)}`).slice(0, 3),
    ...(comparable || science === undefined
      ? sampleWords(sample, things)
      : [
          `no ${things.slice(0, -1)} was computed again: made by science version ${science}, and this program makes later ones; the benign-lab that made them can compare (exit code 4)`,
        ]),
    ...(table === null ? [] : [table]),
  ];
}

function sampleWords({ runs, of, seed, compared, findsOne, finds95 }: Found['sample'], things: Things): string[] {
  if (runs === 0) return [`no ${things.slice(0, -1)} was computed again: there is none`];
  const what = 'computed again and compared bit by bit';
  if (compared < runs) return [`${compared} of ${runs} ${things} ${what} before the interruption`];
  if (seed === null) return [`${runs} ${things} ${what}: all of them`];
  return [
    `${runs} of ${of} ${things} ${what}, a random sample (--seed ${seed}): it meets a single changed ${things.slice(0, -1)} with probability ${Number(findsOne.toPrecision(2))}, and ${finds95} changed ${things} with probability ${CONFIDENCE}; --all compares each`,
  ];
}

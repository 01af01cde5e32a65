/** `benign slurm SPEC.yaml --out DIR --shards K`: a sweep as a job array of Slurm, with tables and figures at the end. */
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { mergeScript, quoted, ranges, shardScript, type ShardScript } from '../answers/batch-scripts.ts';
import { messages } from '../errors.ts';
import { specAt } from './data.ts';
import type { Results } from '../experiments/results.ts';
import { missingCount } from '../sweeps/plan.ts';
import { note, printJson, say } from './context.ts';
import { pilot } from './dry-run.ts';
import { isThere, makeFolder, readJson, writeWhole } from './files.ts';
import { layOut, prepareFolder, readFolder } from './folder.ts';
import { asked, inQueue, largestArray } from './scheduler.ts';
import { timeWords } from '../core/time-text.ts';

export interface SlurmOptions {
  set: string[];
  out: string;
  shards: number;
  shardTime: number;
  cpus: number;
  arrayLimit?: number;
  partition?: string;
  time?: string;
  mem?: string;
  sbatch: string[];
  lab?: string;
  data: string[];
  dryRun?: boolean;
  json?: boolean;
}

interface Submitted {
  readonly shards: number;
  readonly array: string;
  readonly jobs: readonly string[];
}

export async function slurm(file: string, options: SlurmOptions): Promise<void> {
  const spec = await specAt(file, options.set);
  const folder = resolve(options.out);
  const largest = largestArray();
  const heading = `benign slurm ${[file, ...options.set.map((one) => `--set ${one}`)].join(' ')}`;
  const held = prepareFolder(folder, spec, heading, { command: 'sweep' });
  const results = layOut(held);
  readFolder(folder, (record) => results.take(record));
  const name = `benign-${createHash('sha256').update(folder).digest('hex').slice(0, 8)}`;
  const queued = inQueue(name);
  const shards = queued.length > 0 ? earlier(folder, options.shards) : await shardsFor(results, options, largest);
  const wanted = Array.from({ length: shards }, (_, at) => at + 1).filter(
    (k) => missingCount(results, { shard: { at: k - 1, of: shards } }) > 0,
  );
  const open = wanted.filter((k) => !queued.includes(k));
  if (queued.length > 0) note(messages.shardsQueued(ranges(queued.filter((k) => wanted.includes(k)))));
  if (open.length === 0) {
    if (options.json) printJson({ v: 1, folder, shards, array: '', jobs: [] });
    else
      say(
        `${options.out}: ${wanted.length === 0 ? 'every run is there' : 'every shard that lacks runs is queued'}; nothing submitted`,
      );
    return;
  }
  const script: ShardScript = {
    name,
    folder,
    shards,
    benign: [process.execPath, resolve(process.argv[1]!)],
    options: [
      ...(options.partition === undefined ? [] : [`--partition=${options.partition}`]),
      ...(options.time === undefined ? [] : [`--time=${options.time}`]),
      ...(options.mem === undefined ? [] : [`--mem=${options.mem}`]),
      ...options.sbatch,
    ],
    cpus: options.cpus,
    more: [
      ...(options.lab === undefined ? [] : ['--lab', resolve(options.lab)]),
      ...options.data.flatMap((path) => ['--data', resolve(path)]),
    ],
  };
  const { array, jobs } = submit(script, open, options);
  if (options.json) printJson({ v: 1, folder, shards, array, jobs });
}

/** Writes the scripts and hands them in. */
function submit(script: ShardScript, open: readonly number[], options: SlurmOptions): Submitted {
  const directory = join(script.folder, 'slurm');
  makeFolder(directory);
  writeWhole(join(directory, 'shard.sh'), shardScript(script));
  writeWhole(join(directory, 'merge.sh'), mergeScript(script));
  writeWhole(join(directory, 'shards.json'), `${JSON.stringify({ v: 1, name: script.name, shards: script.shards })}\n`);
  const array = `${ranges(open)}${options.arrayLimit === undefined ? '' : `%${options.arrayLimit}`}`;
  const commands = [['sbatch', '--parsable', `--array=${array}`, join(directory, 'shard.sh')]];
  const jobs: string[] = [];
  const tell = (command: readonly string[], job: string): void => {
    if (!options.json) say(`${command.map(quoted).join(' ')}${job && `\n  job ${job}`}`);
  };
  if (options.dryRun) {
    tell(commands[0]!, '');
    tell(['sbatch', '--dependency=afterany:JOB', join(directory, 'merge.sh')], '');
    return { shards: script.shards, array, jobs };
  }
  const [job] = asked(commands[0]!).split(';');
  jobs.push(job!.trim());
  tell(commands[0]!, jobs[0]!);
  const merge = ['sbatch', '--parsable', `--dependency=afterany:${jobs[0]}`, join(directory, 'merge.sh')];
  jobs.push(asked(merge).split(';')[0]!.trim());
  tell(merge, jobs[1]!);
  if (!options.json)
    say(
      `${open.length} of ${script.shards} shards submitted; benign status ${quoted(options.out)} tells how far they are`,
    );
  return { shards: script.shards, array, jobs };
}

/** The number of shards of an earlier submission whose shards are still queued: another one would cut other shards. */
function earlier(folder: string, asks: number): number {
  const file = join(folder, 'slurm', 'shards.json');
  const before = isThere(file) ? (readJson(file) as { shards?: number }).shards : undefined;
  if (before !== undefined && before !== asks) note(messages.shardsAsBefore(before, asks));
  return before ?? asks;
}

/** As many as are asked for, but none shorter than is worth its start, and no more than Slurm takes. */
async function shardsFor(
  results: Results,
  { shards, shardTime, cpus }: SlurmOptions,
  largest: number,
): Promise<number> {
  const missing = missingCount(results);
  if (missing === 0) return Math.min(shards, largest, results.cellCount);
  const { seconds } = await pilot(results, results.spec);
  const all = (missing * (seconds[0] + seconds[1])) / 2 / cpus;
  const worth = Math.max(1, Math.floor(all / shardTime));
  const most = Math.min(largest, results.cellCount);
  const chosen = Math.min(shards, worth, most);
  note(messages.shardsChosen(chosen, shards, missing, timeWords(all), timeWords(all / chosen), most));
  return chosen;
}

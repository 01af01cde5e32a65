/** Job scripts for Slurm: a shard that stops cleanly and comes again, and what is done when all have ended. */

export interface ShardScript {
  /** of the job: Slurm is asked by it, never by numbers */
  readonly name: string;
  readonly folder: string;
  readonly shards: number;
  /** program and its first arguments, as the shell gets them */
  readonly benign: readonly string[];
  /** `--partition=...` and the like */
  readonly options: readonly string[];
  readonly cpus: number;
  /** further arguments of `benign sweep` */
  readonly more: readonly string[];
}

/** A word of the shell as it is. */
export const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

const head = (name: string, log: string, options: readonly string[]): string[] => [
  '#!/bin/bash',
  `#SBATCH --job-name=${name}`,
  `#SBATCH --output=${quoted(log)}`,
  '#SBATCH --open-mode=append',
  ...options.map((option) => `#SBATCH ${option}`),
];

/** Seconds before the end of its time at which a shard is told to stop. */
export const WARNING = 120;

/** One element of a job array; its index is the shard. */
export function shardScript({ name, folder, shards, benign, options, cpus, more }: ShardScript): string {
  const words = [...benign, 'sweep', `${folder}/spec.yaml`, '--out', folder, '--workers', String(cpus), ...more];
  return [
    ...head(name, `${folder}/slurm/shard-%a.log`, [
      `--signal=B:USR1@${WARNING}`,
      '--requeue',
      `--cpus-per-task=${cpus}`,
      ...options,
    ]),
    '# What is stored stays stored whatever happens here: a shard that comes again makes what is missing.',
    'stopped=',
    `trap 'stopped=yes; kill -INT "$child" 2>/dev/null' USR1`,
    `${words.map(quoted).join(' ')} --shard "$SLURM_ARRAY_TASK_ID/${shards}" &`,
    'child=$!',
    'wait "$child"; code=$?',
    '# A signal ends the waiting, not the child.',
    'while kill -0 "$child" 2>/dev/null; do wait "$child"; code=$?; done',
    'if [ -n "$stopped" ] && [ "$code" -eq 130 ]; then',
    '  echo "shard $SLURM_ARRAY_TASK_ID stopped before its time was over, and comes again"',
    '  scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}" && exit 0',
    'fi',
    'exit "$code"',
    '',
  ].join('\n');
}

/** Tables and figures of what is there when every shard has ended, well or not. */
export function mergeScript({ name, folder, benign, options }: ShardScript): string {
  const call = (...words: string[]): string => [...benign, ...words].map(quoted).join(' ');
  return [
    ...head(`${name}-merge`, `${folder}/slurm/merge.log`, options),
    'set -e',
    call('table', folder, '--out', `${folder}/table.csv`),
    call('table', folder, '--format', 'parquet', '--out', `${folder}/table.parquet`),
    call('figure', folder),
    call('status', folder),
    '',
  ].join('\n');
}

/** `1,3-5` of ascending numbers. */
export function ranges(numbers: readonly number[]): string {
  const parts: string[] = [];
  for (let at = 0; at < numbers.length;) {
    let end = at;
    while (numbers[end + 1] === numbers[end]! + 1) end++;
    parts.push(end > at ? `${numbers[at]}-${numbers[end]}` : `${numbers[at]}`);
    at = end + 1;
  }
  return parts.join(',');
}

/** Array indices in Slurm's own words: `3`, `1-4,7`, `2-10:2`, `1-5%2`. */
export function indices(text: string): number[] {
  return text
    .replace(/%.*$/, '')
    .split(',')
    .flatMap((part) => {
      const [, from, to, step] = /^(\d+)(?:-(\d+))?(?::(\d+))?$/.exec(part.trim()) ?? [];
      if (from === undefined) return [];
      const list: number[] = [];
      for (let k = Number(from); k <= Number(to ?? from); k += Number(step ?? 1)) list.push(k);
      return list;
    });
}

/** What Slurm's own programs say. */
import { spawnSync } from 'node:child_process';
import { indices } from '../answers/batch-scripts.ts';
import { messages, UserError } from '../errors.ts';

/** What a program of Slurm says. @throws UserError where it is not there, or says no */
export function asked([program, ...args]: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program!, args, { encoding: 'utf8' });
  if (error) throw new UserError(messages.noSlurm(program!, (error as NodeJS.ErrnoException).code ?? error.message));
  if (status !== 0)
    throw new UserError(messages.slurmSays(program!, stderr.trim().split('\n').at(-1) || `exit code ${status}`));
  return stdout;
}

/** Largest index of an array; Slurm's MaxArraySize is one more. */
export function largestArray(): number {
  const [, size] = /MaxArraySize\s*=\s*(\d+)/.exec(asked(['scontrol', 'show', 'config'])) ?? [];
  return Number(size ?? 1001) - 1;
}

/** Shards that wait or run, by the name of their job. */
export const inQueue = (name: string): number[] =>
  asked(['squeue', '-h', '-r', '-n', name, '-o', '%K'])
    .split('\n')
    .flatMap(indices)
    .sort((a, b) => a - b);

/** What every benchmark shares: where the package is, what a claim looks like, and how it is printed. */
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { quantile } from '../src/core/statistics.ts';

/** A measured claim, in Markdown. */
export interface Claim {
  readonly title: string;
  readonly text: string;
  /** false when a bound that the claim names does not hold */
  readonly holds: boolean;
  /** versions of the programs it was measured with, beside Node */
  readonly versions?: readonly string[];
}

export interface Options {
  /** a smoke test in seconds: few repeats, the coarse map */
  readonly quick: boolean;
}

/** The package's root: compiled files lie at any depth below it. */
export const ROOT = (() => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
})();

export const note = (text: string): void => void process.stderr.write(`${text}\n`);

export function options(): Options {
  const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } }, allowPositionals: true });
  return { quick: values.quick };
}

/** Measures and prints when the module at `url` is the program itself. Exit code 3: a bound does not hold. */
export async function main(url: string, measure: (options: Options) => Promise<Claim>): Promise<void> {
  if (process.argv[1] === undefined || realpathSync(process.argv[1]) !== fileURLToPath(url)) return;
  const claim = await measure(options());
  process.stdout.write(`${section(claim)}\n${machine([claim])}\n`);
  if (!claim.holds) process.exitCode = 3;
}

export const section = ({ title, text }: Claim): string => `## ${title}\n\n${text}\n`;

/** Everything a section depends on, in a line below it. */
export const under = (claim: Claim): string =>
  `Measured with ${machine([claim])
    .split('\n')
    .slice(2)
    .map((row) => row.replace(/^\| (.*) \| (.*) \|$/, '$1: $2'))
    .join('; ')}.`;

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** `median (min–max)` of the values. */
export function spread(values: readonly number[], digits: number): string {
  const [low, middle, high] = [0, 0.5, 1].map((level) => quantile(values, level).toFixed(digits));
  return `${middle} (${low}–${high})`;
}

/** Everything the numbers depend on. The load tells a reader whether the machine was shared. */
export function machine(claims: readonly Claim[]): string {
  const git = (...args: string[]): string =>
    spawnSync('git', args, { cwd: ROOT, encoding: 'utf8' }).stdout?.trim() ?? '';
  const commit = git('rev-parse', '--short', 'HEAD');
  const versions = new Set([`Node ${process.versions.node}`, ...claims.flatMap(({ versions }) => versions ?? [])]);
  return table(
    ['', ''],
    [
      [
        'machine',
        `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${(totalmem() / 1e9).toFixed(0)} GB, ${process.platform} ${process.arch}`,
      ],
      ['load', `${LOAD_AT_START.toFixed(2)} (1 minute, before the start)`],
      ['versions', [...versions].join(', ')],
      [
        'commit',
        commit === '' ? 'unknown' : commit + (git('status', '--porcelain', '--', 'src') === '' ? '' : ', src/ changed'),
      ],
      ['date', new Date().toISOString().slice(0, 10)],
    ],
  );
}

const LOAD_AT_START = loadavg()[0]!;

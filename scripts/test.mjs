// npm test: builds everything and runs the compiled tests; arguments choose files by a part of their path. Tests that
// were skipped are named at the end; with BENIGN_SKIPS=fail they are failures.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const failure = await build({ project: 'tsconfig.json', force: true });
if (failure) {
  process.stderr.write(`${failure}\n`);
  process.exit(1);
}
const chosen = process.argv.slice(2);
const files = readdirSync(join(root, 'dist', 'test'), { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.test.js') && (chosen.length === 0 || chosen.some((part) => name.includes(part))))
  .map((name) => join('dist', 'test', name))
  .sort();
if (files.length === 0) {
  process.stderr.write(`no test file matches ${chosen.join(' ')}\n`);
  process.exit(1);
}
// Some tests wait (for a browser, a Slurm, a process that is killed): one file more than processors.
const child = spawn(
  process.execPath,
  ['--test', '--test-reporter=tap', `--test-concurrency=${availableParallelism() + 1}`, ...files],
  { cwd: root, stdio: ['inherit', 'pipe', 'inherit'] },
);
const ended = new Promise((resolve) => child.on('close', resolve));
const skipped = [];
for await (const line of createInterface({ input: child.stdout })) {
  process.stdout.write(`${line}\n`);
  const [, name, why] = /^\s*ok \d+ - (.*) # SKIP ?(.*)$/.exec(line) ?? [];
  if (name !== undefined) skipped.push(`skipped: ${name} (${why})\n`);
}
const status = await ended;
for (const one of skipped) process.stderr.write(one);
process.exit(status === 0 && skipped.length > 0 && process.env.BENIGN_SKIPS === 'fail' ? 1 : (status ?? 1));

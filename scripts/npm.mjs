// npm without a shell, on every system: the program that runs this script, or the one beside Node, started by Node.
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** npm's own program: what `npm run` names, else what lies beside Node, else what the launcher on PATH stands for. */
function program() {
  const named = process.env.npm_execpath;
  if (named && /npm-cli\.[cm]?js$/.test(named) && existsSync(named)) return named;
  const beside = dirname(process.execPath);
  const places = [
    join(beside, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(beside, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ];
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const launcher = join(folder, 'npm');
    if (existsSync(launcher)) {
      const real = realpathSync(launcher);
      places.push(/\.[cm]?js$/.test(real) ? real : join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js'));
    }
  }
  const found = places.find((place) => existsSync(place));
  if (!found) throw new Error(`npm is not beside ${process.execPath} and not on PATH`);
  return found;
}

/**
 * Runs npm and waits for it.
 * @param {readonly string[]} args such as `['run', 'docs']`
 * @param {import('node:child_process').SpawnSyncOptions & { node?: string }} options those of `spawnSync`; `node`: the
 *   Node that npm runs in
 */
export function npm(args, { node = process.execPath, ...options } = {}) {
  return spawnSync(node, [program(), ...args], options);
}

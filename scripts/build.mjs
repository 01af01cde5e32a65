// Builds dist/ when it is missing or older than the sources: into a temporary folder, then a rename,
// under a lock, so that any number of launchers may start at once and none ever sees half a build.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildKernel } from './kernel.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'dist', '.built');
const buildLock = join(root, '.benign-build.lock');

/** Newest modification time under a file or folder, in ms. */
export function newest(path) {
  const info = statSync(path);
  if (!info.isDirectory()) return info.mtimeMs;
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), info.mtimeMs);
}

const stale = (sources) =>
  !existsSync(stamp) || sources.some((source) => newest(join(root, source)) > statSync(stamp).mtimeMs);

/** Takes the lock, waiting for another build at most two minutes; a lock whose owner is gone is taken over. */
export async function withLock(work, lock = buildLock) {
  let nameless = 0;
  for (let tries = 0; ; tries++) {
    try {
      mkdirSync(lock);
      writeFileSync(join(lock, 'pid'), String(process.pid));
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const owner = Number(existsSync(join(lock, 'pid')) ? readFileSync(join(lock, 'pid'), 'utf8') : NaN);
      let alive = true;
      try {
        nameless = owner > 0 ? 0 : nameless + 1;
        if (owner > 0) process.kill(owner, 0);
        else alive = nameless < 50; // between mkdir and the pid file
      } catch (gone) {
        alive = gone.code === 'EPERM';
      }
      if (!alive || tries > 1200) rmSync(lock, { recursive: true, force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/**
 * Compiles the kernels and then the given project when dist/ is out of date. Returns null, or one sentence saying what
 * went wrong.
 * @param {{ project?: string, sources?: string[], force?: boolean }} options
 */
export async function build({
  project = 'tsconfig.build.json',
  sources = ['src', 'assembly', 'tsconfig.json', 'tsconfig.web.json', 'package.json'],
  force = false,
} = {}) {
  if (!existsSync(join(root, 'src')) || (!force && !stale(sources))) return null;
  return withLock(async () => {
    if (!force && !stale(sources)) return null;
    const failure = await buildKernel();
    if (failure) return failure;
    let compiler;
    try {
      compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
    } catch {
      return 'the dependencies are not installed: run npm ci first';
    }
    const started = new Date();
    const target = `dist.${process.pid}`;
    const { status, stdout, stderr } = spawnSync(process.execPath, [compiler, '-p', project, '--outDir', target], {
      cwd: root,
      encoding: 'utf8',
    });
    if (status !== 0) {
      rmSync(join(root, target), { recursive: true, force: true });
      return `the build failed:\n${stdout}${stderr}`;
    }
    // The page's files know the browser, the others do not.
    const page = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.web.json', '--outDir', target], {
      cwd: root,
      encoding: 'utf8',
    });
    if (page.status !== 0) {
      rmSync(join(root, target), { recursive: true, force: true });
      return `the build failed:\n${page.stdout}${page.stderr}`;
    }
    writeFileSync(join(root, target, '.built'), `${started.toISOString()}\n`);
    const old = `dist.old.${process.pid}`;
    if (existsSync(join(root, 'dist'))) renameSync(join(root, 'dist'), join(root, old));
    renameSync(join(root, target), join(root, 'dist'));
    rmSync(join(root, old), { recursive: true, force: true });
    return null;
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const failure = await build({ project: process.argv[2] ?? 'tsconfig.json', force: true });
  if (failure) {
    process.stderr.write(`${failure}\n`);
    process.exit(1);
  }
}

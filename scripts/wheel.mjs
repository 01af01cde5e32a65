// npm run wheel -- [--platform linux-x64] [--out python/dist]: the package for Python as a wheel for this platform or the
// one that is named. Says its file and its size.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { freshWeb } from './web.mjs';
import { gather, PLATFORMS } from './wheel-files.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** A Python with pip. */
const PYTHON = process.env.BENIGN_PYTHON ?? (process.platform === 'win32' ? 'python' : 'python3');

/** Bytes and number of the files below a folder. */
export function sizeOf(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const bytes = files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
  return { bytes, files: files.length };
}

/**
 * Builds the wheel.
 * @returns its file, its size and that of the program in it, in bytes
 */
export async function wheel({ platform = `${process.platform}-${process.arch}`, out, python = PYTHON }) {
  if (!(platform in PLATFORMS))
    throw new Error(`--platform must be one of ${Object.keys(PLATFORMS).join(', ')}, got ${platform}`);
  const failure = (await build()) ?? (await freshWeb());
  if (failure) throw new Error(failure);
  const folder = mkdtempSync(join(tmpdir(), 'benign-wheel-'));
  try {
    const program = join(folder, 'program');
    const [work, made] = ['work', 'made'].map((name) => join(folder, name));
    mkdirSync(work);
    await gather(program, work, platform);
    const { status, error, stdout, stderr } = spawnSync(
      python,
      ['-m', 'pip', 'wheel', '--no-deps', '--quiet', '--wheel-dir', made, join(root, 'python')],
      {
        encoding: 'utf8',
        env: {
          ...process.env,
          BENIGN_WHEEL_PROGRAM: program,
          BENIGN_WHEEL_PLATFORM: PLATFORMS[platform].tag,
          PIP_DISABLE_PIP_VERSION_CHECK: '1',
        },
      },
    );
    if (status !== 0) throw new Error(`${python} -m pip wheel: ${error?.message ?? (stderr.trim() || stdout.trim())}`);
    const [name] = readdirSync(made);
    mkdirSync(out, { recursive: true });
    const file = join(out, name);
    rmSync(file, { force: true });
    // Not a rename: the temporary folder may lie on another disk.
    copyFileSync(join(made, name), file);
    return { file, size: statSync(file).size, program: sizeOf(program) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const mb = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`;
  try {
    const { values } = parseArgs({ options: { platform: { type: 'string' }, out: { type: 'string' } } });
    const { file, size, program } = await wheel({
      ...(values.platform && { platform: values.platform }),
      out: resolve(values.out ?? join(root, 'python', 'dist')),
    });
    process.stdout.write(`${file}: ${mb(size)}; its program: ${mb(program.bytes)}, ${program.files} files\n`);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

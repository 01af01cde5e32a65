// What a wheel for Python brings: the built program with those files of its dependencies that it loads, installed for the
// platform that is asked for, and their licences.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeFileTrace } from '@vercel/nft';
import { LICENCES, packagesOf, textOf } from './licences.mjs';
import { npm } from './npm.mjs';
import { stripped } from './pack.mjs';
import { pack } from './release.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Platforms by Node's names: what npm installs for them, and the tag of the wheel, as old as the native files allow. */
export const PLATFORMS = {
  'linux-x64': { os: 'linux', cpu: 'x64', libc: 'glibc', tag: 'manylinux_2_17_x86_64' },
  'linux-arm64': { os: 'linux', cpu: 'arm64', libc: 'glibc', tag: 'manylinux_2_17_aarch64' },
  'darwin-x64': { os: 'darwin', cpu: 'x64', tag: 'macosx_10_13_x86_64' },
  'darwin-arm64': { os: 'darwin', cpu: 'arm64', tag: 'macosx_11_0_arm64' },
  'win32-x64': { os: 'win32', cpu: 'x64', tag: 'win_amd64' },
};
/** Newest glibc that a file of a manylinux_2_17 wheel may ask for. */
const GLIBC = 17;

/** Drawn by Typst, which is larger than all the rest: figures of a wheel come without PDF. */
const LEFT_OUT = /^node_modules\/@myriaddreamin\//;
/** What is found by a name that is put together when it is asked for. */
const ASKED = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((file) => `node_modules/dejavu-fonts-ttf/ttf/${file}`);

/** Installs into a folder what the program needs on a platform; the program lies there already. */
function install(folder, { os, cpu, libc }) {
  const whole = JSON.parse(stripped(readFileSync(join(root, 'package.json'), 'utf8')));
  delete whole.optionalDependencies;
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  delete lock.packages[''].devDependencies;
  delete lock.packages[''].optionalDependencies;
  for (const [path, { dev }] of Object.entries(lock.packages))
    if (dev || LEFT_OUT.test(path)) delete lock.packages[path];
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(whole, null, 2)}\n`);
  writeFileSync(join(folder, 'package-lock.json'), `${JSON.stringify(lock, null, 2)}\n`);
  const of = [`--os=${os}`, `--cpu=${cpu}`, ...(libc ? [`--libc=${libc}`] : [])];
  const { status, stderr } = npm(
    ['ci', '--omit=dev', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', ...of],
    { cwd: folder, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`npm ci: ${stderr.trim()}`);
}

/** The page, of the files that npm packs: without the pictures that package.json leaves out. */
function copyPage(target) {
  for (const { path } of pack(root, '--dry-run', '--ignore-scripts', '--offline').files)
    if (path.startsWith('page/')) {
      mkdirSync(dirname(join(target, path)), { recursive: true });
      cpSync(join(root, path), join(target, path));
    }
}

/** Every file that the program can load, relative to its folder. */
async function loaded(folder) {
  const modules = readdirSync(join(folder, 'dist'), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.js'))
    .map((name) => join(folder, 'dist', name));
  const { fileList } = await nodeFileTrace([join(folder, 'bin', 'benign.mjs'), ...modules], { base: folder });
  return [...new Set([...fileList, ...ASKED, 'package.json', 'CITATION.cff', 'LICENSE'])].sort();
}

/** The newest minor version of glibc 2 that a native file asks for. */
export const glibcOf = (file) =>
  Math.max(0, ...[...readFileSync(file, 'latin1').matchAll(/GLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor)));

/**
 * Gathers a wheel's program in `target`; the build and the page are there.
 * @param {string} target is made
 * @param {string} work an empty folder
 * @param {string} platform one of PLATFORMS
 */
export async function gather(target, work, platform) {
  const about = PLATFORMS[platform];
  for (const name of ['bin', 'CITATION.cff', 'LICENSE'])
    cpSync(join(root, name), join(work, name), { recursive: true });
  const web = join(root, 'dist', 'src', 'web');
  cpSync(join(root, 'dist', 'src'), join(work, 'dist', 'src'), { recursive: true, filter: (from) => from !== web });
  install(work, about);
  const files = await loaded(work);
  for (const file of files) {
    const to = join(target, file);
    mkdirSync(dirname(to), { recursive: true });
    cpSync(join(work, file), to);
  }
  copyPage(target);
  const native = files.filter((file) => file.endsWith('.node'));
  if (native.length === 0) throw new Error(`no native file for ${platform} was installed`);
  for (const file of about.os === 'linux' ? native : [])
    if (glibcOf(join(work, file)) > GLIBC) throw new Error(`${file} asks for glibc 2.${glibcOf(join(work, file))}`);
  writeFileSync(join(target, LICENCES), textOf(packagesOf(work, files), WHEEL));
  if (!existsSync(join(target, 'dist', 'src', 'cli', 'main.js'))) throw new Error('the build has no command line');
}

const WHEEL =
  'Code of these packages is in the program of benign-lab (benign_lab/program/), each under its own licence.\n';

// npm run release -- VERSION [PART ...] [--dry-run]: what has to be so before a release, then the version and the date
// in the files that carry them, the tests (all, or those of PART), and the package with its size. It commits, tags and
// publishes nothing.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import semver from 'semver';
import { build } from './build.mjs';
import { npm } from './npm.mjs';
import { movedBits, STAMPED, unreleased } from './release-files.mjs';

const GOLDEN = 'test/golden/records.jsonl';
const BRANCH = 'main';
/** Files that are named in a sentence, at most. */
const NAMED = 3;

function git(folder, ...args) {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 30 });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr.trim()}`);
  return stdout.trimEnd();
}

/** The tag of the newest release, v1.2.3; undefined before the first. */
export function lastTag(folder) {
  const tags = git(folder, 'tag', '--list', 'v*').split('\n');
  return tags.filter((tag) => semver.valid(tag)).sort(semver.rcompare)[0];
}

/**
 * Why this is no release yet, each in a sentence.
 * @param compare `compareGolden` of test/helpers/golden.ts
 */
export function refusals(folder, version, compare) {
  const found = [];
  const tag = lastTag(folder);
  // Not trimmed: a line begins with two letters of state.
  const dirty = git(folder, 'status', '--porcelain').split('\n').filter(Boolean);
  if (dirty.length > 0) {
    const names = dirty.slice(0, NAMED).map((line) => line.trim().replace(/^\S+\s+/, ''));
    const rest = dirty.length > NAMED ? ` and ${dirty.length - NAMED} more` : '';
    found.push(`the tree is dirty: commit or put away ${names.join(', ')}${rest}`);
  }
  const branch = git(folder, 'rev-parse', '--abbrev-ref', 'HEAD');
  if (branch !== BRANCH)
    found.push(`a release is made on the branch ${BRANCH}, this is ${branch === 'HEAD' ? 'no branch' : branch}`);
  if (semver.valid(version) !== version) found.push(`a version is three numbers, such as 1.2.0, not ${version}`);
  else if (tag && !semver.gt(version, tag)) found.push(`version ${version} is not above that of the last tag, ${tag}`);
  if (tag) {
    const moved = movedBits(
      readFileSync(join(folder, GOLDEN), 'utf8'),
      git(folder, 'show', `${tag}:${GOLDEN}`),
      compare,
    );
    if (moved.length > 0)
      found.push(
        `${moved.length} golden ${moved.length === 1 ? 'record has' : 'records have'} other bits than at ${tag} ` +
          `under the same science version, first ${JSON.parse(moved[0]).run}: raise it (CONTRIBUTING.md, Bits)`,
      );
  }
  const news = unreleased(readFileSync(join(folder, 'CHANGELOG.md'), 'utf8'));
  if (news === undefined) found.push('CHANGELOG.md has no heading Unreleased');
  else if (news === '') found.push('CHANGELOG.md says nothing under Unreleased: what has changed since the last tag?');
  return found;
}

const MB = 1e6;

/** Packs, and says the name and the size of what was packed. */
export function pack(folder, ...more) {
  const { status, stdout, stderr } = npm(['pack', '--json', '--silent', ...more], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`npm pack: ${stderr.trim() || `exit code ${status}`}`);
  // Scripts of the package may print before it.
  const [one] = Object.values(JSON.parse(stdout.slice(stdout.search(/^[[{]/m))));
  return one;
}

const mb = (bytes) => `${(bytes / MB).toFixed(2)} MB`;
const sizeOf = ({ filename, size, unpackedSize, entryCount }) =>
  `${filename}: ${mb(size)} packed, ${mb(unpackedSize)} unpacked, ${entryCount} files`;

/** `compareGolden`, compiled. */
async function comparison() {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const file = join(root, 'dist', 'test', 'helpers', 'golden.js');
  const failure = await build({ project: 'tsconfig.json', force: !existsSync(file) });
  if (failure) throw new Error(failure);
  return (await import(pathToFileURL(file).href)).compareGolden;
}

/** @param say takes each line for the terminal @returns the exit code */
export async function release(folder, { version, parts = [], dryRun = false, date, say }) {
  const why = refusals(folder, version, await comparison());
  for (const sentence of why) say(`refused: ${sentence}`);
  if (why.length > 0) return 1;
  const before = new Map();
  for (const [file, stamp] of Object.entries(STAMPED)) {
    const text = readFileSync(join(folder, file), 'utf8');
    before.set(file, text);
    const after = stamp(text, { version, date });
    if (!dryRun) writeFileSync(join(folder, file), after);
  }
  say(`${dryRun ? 'would set' : 'set'} ${version} (${date}) in ${Object.keys(STAMPED).join(', ')}`);
  if (dryRun) {
    say(`would run npm test ${parts.join(' ')}`.trimEnd());
    say('would pack');
    return 0;
  }
  const undo = (why) => {
    for (const [file, text] of before) writeFileSync(join(folder, file), text);
    say(`refused: ${why}; the files are as they were`);
    return 1;
  };
  const { status } = npm(['test', ...parts], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) return undo('npm test failed');
  try {
    say(sizeOf(pack(folder)));
  } catch (error) {
    return undo(error.message);
  }
  say(`now by hand: git commit -am 'Version ${version}' && git tag v${version}, then publish the file`);
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({ options: { 'dry-run': { type: 'boolean' } }, allowPositionals: true });
  const [version, ...parts] = positionals;
  const say = (line) => process.stdout.write(`${line}\n`);
  if (version === undefined) {
    say('npm run release -- VERSION [PART ...] [--dry-run]: give a version, such as 1.2.0');
    process.exit(1);
  }
  const date = new Date().toISOString().slice(0, 10);
  try {
    process.exit(await release(process.cwd(), { version, parts, dryRun: values['dry-run'], date, say }));
  } catch (error) {
    say(error.message);
    process.exit(1);
  }
}

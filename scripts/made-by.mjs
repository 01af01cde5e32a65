// By what a page of computed numbers was made. A page of searches: the commit, and a hash of the code behind it. A page of
// verdicts: the commit, a hash of its presets and their checks, and the versions of what is made of them, science of the
// runs and judging of the words, which golden records and golden judgements hold. `node scripts/made-by.mjs PAGE` prints
// the first line that the page carries; `--check` says which pages are stale.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Presets whose verdicts stand on another page than most: more than one page, since each counts its verdicts (K). */
const DEPTH = ['depth/', 'huang-2025/three-layers'];
const NOISE = ['noise/', 'border/', 'kou-2023/width-snr'];
const isOf = (figures) => (name) => figures.some((one) => name.startsWith(one));

/** Pages that take long to make: what makes them, and the presets that they are of, or where the code behind them begins. */
export const PAGES = {
  'docs/reproductions.md': { command: 'npm run reproductions', presets: (name) => !isOf([...DEPTH, ...NOISE])(name) },
  'docs/reproductions-depth.md': { command: 'npm run reproductions', presets: isOf(DEPTH) },
  'docs/reproductions-noise.md': { command: 'npm run reproductions', presets: isOf(NOISE) },
  'docs/constants.md': { command: 'npm run constants', from: ['validation/exponents.ts'] },
};
/** Where the code begins that judges and draws the records of a preset. */
export const JUDGES = ['src/papers/index.ts', 'src/reproduction/reproduce.ts', 'src/reproduction/assumptions.ts'];

/**
 * Rooms behind which the hash does not look: the golden records hold what runs are, and words of symbols and of errors
 * change no number.
 */
const BEYOND = /^src\/(experiments|dynamics|observables|data|network|notation|errors|cli|sweeps\/node)[/.]/;

const TYPES = new Set(['TSInterfaceDeclaration', 'TSTypeAliasDeclaration']);

/** A file's statements without comments, types and imports, and the files that it imports. */
function read(file) {
  const text = readFileSync(resolve(root, file), 'utf8');
  const { program, module, comments } = parseSync(file, text);
  const imports = [...module.staticImports, ...module.staticExports.flatMap(({ entries }) => entries)].flatMap((one) =>
    one.moduleRequest?.value.startsWith('.') ? [one.moduleRequest.value] : [],
  );
  const statements = program.body
    .filter(
      ({ type, declaration }) =>
        type !== 'ImportDeclaration' &&
        type !== 'ExportAllDeclaration' &&
        (type !== 'ExportNamedDeclaration' || declaration) &&
        !TYPES.has((declaration ?? { type }).type),
    )
    .map(({ start, end }) => {
      let kept = '';
      let at = start;
      for (const comment of comments.filter((one) => one.start >= start && one.end <= end)) {
        kept += text.slice(at, comment.start);
        at = comment.end;
      }
      return (kept + text.slice(at, end)).replace(/\s+/g, ' ');
    });
  return {
    statements,
    imports: imports.map((to) =>
      relative(root, resolve(root, dirname(file), to))
        .split(sep)
        .join('/'),
    ),
  };
}

/** Of all statements in any order: what is only moved, renamed as a file or laid out anew keeps the hash. */
export function codeHash(from) {
  const seen = new Set(from);
  const statements = [];
  for (const file of seen) {
    const { statements: own, imports } = read(file);
    statements.push(...own);
    for (const to of imports) if (!BEYOND.test(to)) seen.add(to);
  }
  return createHash('sha256').update(statements.sort().join('\n')).digest('hex').slice(0, 16);
}

function commit() {
  const git = (...args) => spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout?.trim() ?? '';
  const head = git('rev-parse', '--short=10', 'HEAD');
  if (head === '') return 'no commit';
  return git('status', '--porcelain', 'src', 'scripts', 'validation/*.ts') === '' ? head : `${head} with changes`;
}

/** What a page's presets are and are judged by: what runs and which checks, without the words about them. */
async function presetsHash(wanted) {
  const [{ PAPERS }, { JUDGING }, { SCIENCE }] = await Promise.all(
    ['papers/index', 'verification/judging', 'experiments/record'].map((file) => import(`../dist/src/${file}.js`)),
  );
  const presets = PAPERS.flatMap(({ id, figures }) =>
    figures
      .filter((figure) => wanted(`${id}/${figure.id}`))
      .flatMap((figure) =>
        figure.variants.map(({ id: of, spec, checks }) => [`${id}/${figure.id} ${of}`, spec, checks]),
      ),
  ).sort(([a], [b]) => (a < b ? -1 : 1));
  const words = new Set(['says', 'because', 'name']);
  const text = JSON.stringify(presets, (key, value) => (words.has(key) ? undefined : value));
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return `presets ${hash}, judging ${JUDGING}, science ${SCIENCE}`;
}

/** `code ...`, or `presets ..., judging ..., science ...`. */
const behind = async ({ from, presets }) => (from ? `code ${codeHash(from)}` : presetsHash(presets));

/** The first line of a page that is made now. */
export const madeBy = async (page) =>
  `<!-- Generated by \`${PAGES[page].command}\` at commit ${commit()}, ${await behind(PAGES[page])}: every number is computed. -->`;

/** The first line of a file. */
const headOf = (file) => readFileSync(file, 'utf8').split('\n', 1)[0];

/** What is behind the page moved on since it was made, or a page of its folder was made at another time. */
export async function isStale(page) {
  const file = join(root, page);
  if (!existsSync(file)) return true;
  const head = headOf(file);
  const folder = file.slice(0, -'.md'.length);
  const beside = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.md')) : [];
  if (beside.some((name) => headOf(join(folder, name)) !== head)) return true;
  return / at commit [^,]+, (.+): every number is computed/.exec(head)?.[1] !== (await behind(PAGES[page]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [page] = process.argv.slice(2);
  if (page === '--check') {
    const stale = [];
    for (const one of Object.keys(PAGES)) if (await isStale(one)) stale.push(one);
    for (const one of stale)
      process.stderr.write(`${one} was made by other code: run npm run pages (or ${PAGES[one].command})\n`);
    process.exit(stale.length > 0 ? 1 : 0);
  }
  if (!(page in PAGES)) {
    process.stderr.write(`${page} is no such page: ${Object.keys(PAGES).join(', ')}, or --check\n`);
    process.exit(1);
  }
  process.stdout.write(`${await madeBy(page)}\n`);
}

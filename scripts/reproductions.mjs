// Reproduces every preset on its full settings and writes docs/reproductions.md and the pages beside it (made-by.mjs says
// which preset stands where), each with a folder of pages, one a paper, with every check's verdict and the pictures.
// `node scripts/reproductions.mjs [--only PAPER[/FIGURE]] [--out DIR] [--data PATH]...`: a folder whose runs are all there
// is not computed again, and --only computes without touching a page unless every other preset of it is there too. Then
// all are judged once more, from their records, with the number of verdicts on their page. A preset whose data is neither
// at hand nor needed, because its runs are all there, is not run, and the page says so.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { codeHash, JUDGES, madeBy, PAGES } from './made-by.mjs';
import { entryOf, introOf, pictureOf, picturesOf, texts } from './reproduction-pages.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    out: { type: 'string', default: join(root, 'out', 'reproductions') },
    data: { type: 'string', multiple: true, default: [] },
  },
});
const data = options.data.flatMap((path) => ['--data', resolve(path)]);
const benign = join(root, 'bin', 'benign.mjs');
const run = (...args) =>
  spawnSync(process.execPath, [benign, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], cwd: root });

/** 0 holds, 3 fails, 4 undecided. @returns whether there are words; without, the command said what data is not at hand */
const judged = (needs, ...args) => {
  const { status } = run('reproduce', ...args, ...(needs ? data : []), '--json');
  if (status === 1 && needs) return false;
  if (![0, 3, 4].includes(status)) throw new Error(`${args.join(' ')}: exit code ${status}`);
  return true;
};
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));

const failure = await build();
if (failure) {
  process.stderr.write(`${failure}\n`);
  process.exit(1);
}
const { findPreset, presetSpec } = await import('../dist/src/reproduction/preset.js');
const code = codeHash(JUDGES);

/**
 * A folder for each content of a preset: one that was changed is computed anew, beside what was there; more runs go on
 * where they were, and are a further look.
 */
function folderOf(name, variant) {
  const { runs: _, ...content } = presetSpec(findPreset(name, variant), {});
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 8);
  return join(options.out, `${name.replace('/', '-')}-${variant}-${hash}`);
}

const papers = JSON.parse(run('papers', '--json').stdout);
const found = [];
const missing = [];
const notRun = [];
for (const paper of papers) {
  for (const figure of paper.figures) {
    const name = `${paper.id}/${figure.id}`;
    for (const variant of figure.variants) {
      const folder = folderOf(name, variant);
      const kept = join(folder, 'first-report.json');
      const asked = !options.only || name.startsWith(options.only);
      const before = existsSync(kept) ? read(kept) : undefined;
      if (asked && before?.code !== code) {
        process.stderr.write(`${name} ${variant}\n`);
        const { needs } = findPreset(name, variant).variant;
        if (!judged(needs, name, '--variant', variant, '--out', folder)) {
          notRun.push(`${name} ${variant} needs ${needs.points} (${needs.says})`);
          continue;
        }
        // Other code judges the same runs: their time is that of the computation, and this is no further look at them.
        const report = { ...read(join(folder, 'report.json')), code };
        writeFileSync(
          kept,
          JSON.stringify(before ? { ...report, wallSeconds: before.wallSeconds, looks: before.looks } : report),
        );
      }
      if (existsSync(kept) && read(kept).code === code)
        found.push({ paper, figure, variant, folder, first: read(kept) });
      else missing.push(`${name} ${variant}`);
    }
  }
}
/** What the pages say of themselves. */
const ABOUT = {
  'docs/reproductions.md': {
    title: 'Reproductions',
    says: 'Every preset on its full settings, but for those on [depth](reproductions-depth.md) and on [other noise, labels and conditions](reproductions-noise.md), which have a page and a count of verdicts of their own',
  },
  'docs/reproductions-depth.md': {
    title: 'Reproductions: depth',
    says: 'The presets on networks of more than two layers, on their full settings ([all others](reproductions.md), [what was found](beyond.md#does-it-survive-depth))',
  },
  'docs/reproductions-noise.md': {
    title: 'Reproductions: other noise, other labels, other conditions',
    says: 'The presets on noise, labels and conditions that the theorems do not speak of, on their full settings ([all others](reproductions.md), [what was found](beyond.md#which-control-parameter-does-other-noise-have))',
  },
};

for (const [page, { presets }] of Object.entries(PAGES)) {
  if (!presets) continue;
  const lacking = missing.filter(presets);
  const here = found.filter((one) => presets(`${one.paper.id}/${one.figure.id}`));
  if (lacking.length === 0) await writePage(page, here);
  else
    process.stderr.write(
      `${page} stays as it is: ${here.length} of ${here.length + lacking.length} variants are there, ${lacking[0]} is not. Without --only all are made\n`,
    );
}

async function writePage(page, found) {
  const verdicts = found.reduce((sum, { first }) => sum + first.comparisons.length, 0);
  const made = found.map(({ first, ...one }) => {
    const name = `${one.paper.id}/${one.figure.id}`;
    process.stderr.write(`${name} ${one.variant}: judged as one of ${verdicts} verdicts\n`);
    copyFileSync(join(one.folder, 'first-report.json'), join(one.folder, 'report.json')); // the look that it was
    const { needs } = findPreset(name, one.variant).variant;
    judged(needs, name, '--variant', one.variant, '--out', one.folder, '--verdicts', String(verdicts));
    return { ...one, report: { ...read(join(one.folder, 'report.json')), wallSeconds: first.wallSeconds } };
  });
  const reports = made.map(({ report }) => report);
  const entries = made.map(entryOf);
  const unrun = notRun.filter((one) => PAGES[page].presets(one));
  const base = basename(page, '.md');
  const written = texts({
    base,
    head: await madeBy(page),
    title: ABOUT[page].title,
    intro: introOf(ABOUT[page].says, reports, entries, verdicts, cpus()[0].model.trim()),
    entries,
    notRun: unrun.length > 0 ? `Not run, as their [data](real-data.md) was not at hand: ${unrun.join('; ')}.` : '',
  });
  const beside = join(root, 'docs', `${base}.${process.pid}`);
  rmSync(beside, { recursive: true, force: true });
  mkdirSync(beside, { recursive: true });
  for (const one of made)
    for (const name of picturesOf(one.report))
      copyFileSync(join(one.folder, 'figures', `${name}.png`), join(beside, pictureOf(one, name)));
  for (const [path, text] of written) if (path.includes('/')) writeFileSync(join(beside, basename(path)), text);
  rmSync(join(root, 'docs', base), { recursive: true, force: true });
  renameSync(beside, join(root, 'docs', base));
  writeFileSync(join(root, page), written.get(`${base}.md`));
  const seconds = reports.reduce((sum, { wallSeconds }) => sum + wallSeconds, 0);
  process.stderr.write(`${page}: ${made.length} variants, ${(seconds / 60).toFixed(1)} minutes\n`);
}

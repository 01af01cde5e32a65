// Reproduces every preset on its full settings and writes docs/reproductions.md and the pages beside it (made-by.mjs says
// which preset stands where) with every check's verdict and the pictures.
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

  const number = (value) =>
    value === null
      ? ''
      : Math.abs(value) >= 0.001 && Math.abs(value) < 1000
        ? String(Number(value.toPrecision(3)))
        : value === 0
          ? '0'
          : value.toExponential(1);
  const escape = (text) => text.replaceAll('|', '\\|');
  const base = basename(page, '.md');
  const pictures = join(root, 'docs', `${base}.${process.pid}`);
  rmSync(pictures, { recursive: true, force: true });
  mkdirSync(pictures, { recursive: true });
  const name = ({ paper, figure, variant }) => `${paper.id} ${figure.id} ${variant}`;
  const anchor = (one) => name(one).replaceAll(' ', '-');
  /** As a page's headings are addressed: without dots. */
  const address = (one) => anchor(one).replaceAll('.', '');
  const seconds = made.reduce((sum, { report }) => sum + report.wallSeconds, 0);
  const [{ report: first }] = made;
  const BASES = ['test', 'guard'];
  const bold = (word) => (word === 'fails' ? '**fails**' : word);
  /** `holds (3 of 3)`: the word of the tests, or of the guards, and how many hold. */
  const column = (report, basis) => {
    const some = report.comparisons.filter((one) => one.basis === basis && one.verdict !== 'not-applicable');
    if (report.byBasis[basis] === null || some.length === 0) return '';
    const held = some.filter(({ verdict }) => verdict === 'holds').length;
    return `${bold(report.byBasis[basis])} (${held} of ${some.length})`;
  };
  const untold = ({ untold: names }) => (names.length > 0 ? `; cannot be told from ${names.join(', ')}` : '');
  const all = made.flatMap(({ report }) => (report.control ? [] : report.comparisons));
  const tally = (basis) =>
    ['holds', 'fails', 'undecided', 'not-applicable']
      .map((word) => [word, all.filter((one) => one.basis === basis && one.verdict === word).length])
      .filter(([, count]) => count > 0)
      .map(([word, count]) => `${count} ${{ holds: 'hold', fails: 'fail' }[word] ?? word.replace('-', ' ')}`)
      .join(', ');
  const ends = ({ low, high }) => `[${number(low)}, ${number(high)}]`;
  const margin = ({ low, high }) =>
    low === null
      ? `≤ ${number(high)}`
      : high === null
        ? `≥ ${number(low)}`
        : low === high
          ? number(low)
          : `${number(low)} to ${number(high)}`;
  const power = ({ finds, runs, tells = {} }) =>
    [
      ...(finds === null ? [] : [`finds ${number(finds)}`]),
      ...(runs === undefined
        ? []
        : [runs === null ? 'no number of our runs decides' : `${runs.toLocaleString('en')} runs would decide`]),
      ...Object.entries(tells).map(([name, told]) => `${told ? 'told' : 'not told'} from ${name}`),
    ].join('; ');
  const lines = [
    await madeBy(page),
    `# ${ABOUT[page].title}`,
    '',
    `${ABOUT[page].says}: ${made.length} variants, ${made.reduce((sum, { report }) => sum + report.runs, 0).toLocaleString('en')} runs, ${(seconds / 60).toFixed(1)} minutes in all on ${first.workers} threads (${cpus()[0].model.trim()}, Node ${first.versions.node ?? process.version}), science version ${first.science}.`,
    '',
    `Every check names beforehand a margin: bounds, or how far from a published number counts as equal to it, and why. It **holds** when the interval of our number lies within the margin, **fails** when it lies wholly beyond, and is **undecided** otherwise; more noise never makes a check pass. There are K = ${verdicts} verdicts on this page. Each interval has coverage 1 − ${number(first.spent)}/K, so the chance of any wrong word on the page, at this first look, is at most ${number(first.spent)} (at all looks ${first.alpha}), whatever depends on what. *finds*: the deviation beyond the margin that is found with probability .9.`,
    '',
    `A **test** has its bounds from elsewhere than these runs: published numbers, algebra, controls, confirmation. A **guard** was set after a look at such runs: it describes what was measured and watches over it. Without the controls: tests ${tally('test') || 'none'}; guards ${tally('guard') || 'none'}. A control is known to give other numbers and is meant to fail. What contradicts a published figure or claim stands under the preset.`,
    '',
    '| preset | variant | test | guard | runs | seconds |',
    '| --- | --- | --- | --- | --- | --- |',
    ...made.map((one) => {
      const { report } = one;
      return `| ${one.paper.id}/${one.figure.id} | [${one.variant}](#${address(one)})${report.control ? ' (control)' : ''}${untold(report)} | ${BASES.map((basis) => column(report, basis)).join(' | ')} | ${report.runs.toLocaleString('en')} | ${report.wallSeconds.toFixed(1)} |`;
    }),
    '',
  ];
  const unrun = notRun.filter((one) => PAGES[page].presets(one));
  if (unrun.length > 0) lines.push(`Not run, as their [data](real-data.md) was not at hand: ${unrun.join('; ')}.`, '');
  for (const one of made) {
    const { paper, folder, report } = one;
    const [picture] = report.figures;
    lines.push(`## ${name(one)}`, '', `${paper.title}: ${report.says}.`, '');
    for (const name of [
      ...report.figures.slice(0, report.control ? 1 : 2),
      ...(report.control ? [] : report.figures.slice(2).filter((one) => one === 'level-sets')),
    ]) {
      copyFileSync(join(folder, 'figures', `${name}.png`), join(pictures, `${anchor(one)}-${name}.png`));
      lines.push(`![${name}](${base}/${anchor(one)}-${name}.png)`, '');
    }
    if (!picture) lines.push('(no picture)', '');
    if (report.comparisons.length > 0) {
      lines.push(
        '| check | basis | verdict | ours | interval | margin | published | power | |',
        '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
        ...report.comparisons.map(
          (check) =>
            `| ${escape(check.id)} | ${check.basis} | ${bold(check.verdict)} | ${number(check.ours)} | ${check.interval ? ends(check.interval) : ''} | ${margin(check.margin)} | ${number(check.published)} | ${power(check.power)} | ${escape(check.says)} |`,
        ),
        '',
      );
    }
    for (const deviation of report.deviations) lines.push(`- ${deviation}`);
    if (report.assumptions) lines.push('', ...report.assumptions);
    lines.push('', `Command: \`${report.command}\`.`, '');
  }
  rmSync(join(root, 'docs', base), { recursive: true, force: true });
  renameSync(pictures, join(root, 'docs', base));
  writeFileSync(join(root, page), `${lines.join('\n')}\n`);
  process.stderr.write(`${page}: ${made.length} variants, ${(seconds / 60).toFixed(1)} minutes\n`);
}

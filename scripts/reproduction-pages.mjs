// The pages of verdicts as text: an index of all presets, grouped by paper, and beside its pictures a page a paper with
// every check. Reports in, texts out: reproductions.mjs makes the reports, and writes.

const WORDS = ['holds', 'fails', 'undecided', 'not-applicable'];
const number = (value) =>
  value === null
    ? ''
    : Math.abs(value) >= 0.001 && Math.abs(value) < 1000
      ? String(Number(value.toPrecision(3)))
      : value === 0
        ? '0'
        : value.toExponential(1);
const escape = (text) => text.replaceAll('|', '\\|');
const bold = (word) => (word === 'fails' ? '**fails**' : word);
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

/** `holds (3 of 3)`: the word of the tests, or of the guards, and how many hold. */
function column(report, basis) {
  const some = report.comparisons.filter((one) => one.basis === basis && one.verdict !== 'not-applicable');
  if (report.byBasis[basis] === null || some.length === 0) return '';
  const held = some.filter(({ verdict }) => verdict === 'holds').length;
  return `${bold(report.byBasis[basis])} (${held} of ${some.length})`;
}

/** `162 hold, 4 fail`: verdicts of one basis, without those of controls. */
function tally(entries, basis) {
  const all = entries.flatMap(({ control, checks }) => (control ? [] : checks));
  return WORDS.map((word) => [word, all.filter((one) => one.basis === basis && one.verdict === word).length])
    .filter(([, count]) => count > 0)
    .map(([word, count]) => `${count} ${{ holds: 'hold', fails: 'fail' }[word] ?? word.replace('-', ' ')}`)
    .join(', ');
}
const tallies = (entries) => `tests ${tally(entries, 'test') || 'none'}; guards ${tally(entries, 'guard') || 'none'}`;

/** Name of a picture of a variant beside its page. */
export const pictureOf = ({ paper, figure, variant }, name) => `${paper.id}-${figure.id}-${variant}-${name}.png`;

/** Pictures of a variant that its page shows. */
export const picturesOf = ({ control, figures }) => [
  ...figures.slice(0, control ? 1 : 2),
  ...(control ? [] : figures.slice(2).filter((one) => one === 'level-sets')),
];

/** What a variant gives the pages: its row of the index without the name, its section, and what is counted. */
export function entryOf(one) {
  const { paper, figure, variant, report } = one;
  const untold = report.untold.length > 0 ? `; cannot be told from ${report.untold.join(', ')}` : '';
  const lines = ['', `${paper.title}: ${report.says}.`, ''];
  for (const name of picturesOf(report)) lines.push(`![${name}](${pictureOf(one, name)})`, '');
  if (report.figures.length === 0) lines.push('(no picture)', '');
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
  return {
    paper: { id: paper.id, title: paper.title },
    figure: figure.id,
    variant,
    control: report.control,
    runs: report.runs,
    checks: report.comparisons.map(({ id, basis, verdict }) => ({ id, basis, verdict })),
    note: `${report.control ? ' (control)' : ''}${untold}`,
    cells: `${column(report, 'test')} | ${column(report, 'guard')} | ${report.runs.toLocaleString('en')} | ${report.wallSeconds.toFixed(1)}`,
    section: lines,
  };
}

/** What stands above the table: what was run, what the words mean, how many there are. */
export function introOf(says, reports, entries, verdicts, machine) {
  const seconds = reports.reduce((sum, { wallSeconds }) => sum + wallSeconds, 0);
  const [first] = reports;
  return [
    `${says}: ${reports.length} variants, ${reports.reduce((sum, { runs }) => sum + runs, 0).toLocaleString('en')} runs, ${(seconds / 60).toFixed(1)} minutes in all on ${first.workers} threads (${machine}, Node ${first.versions.node ?? process.version}), science version ${first.science}.`,
    '',
    `Every check names beforehand a margin: bounds, or how far from a published number counts as equal to it, and why. It **holds** when the interval of our number lies within the margin, **fails** when it lies wholly beyond, and is **undecided** otherwise; more noise never makes a check pass. There are K = ${verdicts} verdicts on this page and those of its papers. Each interval has coverage 1 − ${number(first.spent)}/K, so the chance of any wrong word on the page, at this first look, is at most ${number(first.spent)} (at all looks ${first.alpha}), whatever depends on what. *finds*: the deviation beyond the margin that is found with probability .9.`,
    '',
    `A **test** has its bounds from elsewhere than these runs: published numbers, algebra, controls, confirmation. A **guard** was set after a look at such runs: it describes what was measured and watches over it. Without the controls: ${tallies(entries)}. A control is known to give other numbers and is meant to fail. What contradicts a published figure or claim stands under the preset.`,
  ];
}

const nameOf = ({ paper, figure, variant }) => `${paper.id} ${figure} ${variant}`;
/** As a page's headings are addressed: without dots. */
const address = (one) => nameOf(one).replaceAll(' ', '-').replaceAll('.', '');

/** What came out for a paper: counts, and which checks fail, controls aside. */
function cameOut(entries) {
  const runs = entries.reduce((sum, one) => sum + one.runs, 0).toLocaleString('en');
  const judged = entries.filter(({ control }) => !control);
  const variants = `${entries.length} variant${entries.length > 1 ? 's' : ''}, ${runs} runs`;
  const controls = judged.length < entries.length ? 'without the controls ' : '';
  const failed = judged.flatMap(({ figure, variant, checks }) =>
    checks
      .filter(({ verdict }) => verdict === 'fails')
      .map(({ id, basis }) => `\`${id}\` (${basis}) of ${figure} ${variant}`),
  );
  return `${variants}; ${controls}${tallies(judged)}.${failed.length > 0 ? ` What fails: ${failed.join(', ')}.` : ''}`;
}

/**
 * The texts of a page and of those of its papers, by path from docs/.
 * @param head first line, which all carry @param intro lines above the table @param notRun sentence below it, or ''
 */
export function texts({ base, head, title, intro, entries, notRun }) {
  const papers = new Map(); // a paper's entries need not lie together
  for (const one of entries) papers.set(one.paper.id, [...(papers.get(one.paper.id) ?? []), one]);
  const index = [head, `# ${title}`, '', ...intro, ''];
  const out = new Map();
  for (const [id, own] of papers) {
    const page = `${base}/${id}.md`;
    index.push(
      `## ${id}`,
      '',
      `[${own[0].paper.title}](${page}): ${cameOut(own)}`,
      '',
      '| preset | variant | test | guard | runs | seconds |',
      '| --- | --- | --- | --- | --- | --- |',
      ...own.map(
        (one) => `| ${id}/${one.figure} | [${one.variant}](${page}#${address(one)})${one.note} | ${one.cells} |`,
      ),
      '',
    );
    const links = own.map(
      (one) => `[${one.figure} ${one.variant}](#${address(one)})${one.control ? ' (control)' : ''}`,
    );
    out.set(
      page,
      [
        head,
        `# ${id}`,
        '',
        `${own[0].paper.title}: its presets on [${title}](../${base}.md), which says what the words mean and counts the verdicts.`,
        '',
        links.join(' · '),
        '',
        ...own.flatMap((one) => [`## ${nameOf(one)}`, ...one.section]),
      ].join('\n'),
    );
  }
  if (notRun) index.push(notRun, '');
  return new Map([[`${base}.md`, index.join('\n')], ...out]);
}

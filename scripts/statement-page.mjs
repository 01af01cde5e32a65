// docs/statements.md: every theorem, lemma and assumption of the shelf with its source, how well that is known, and what was
// at hand of the paper. Numbers and words are those that `benign theory` and `benign verify` read.
import { PAPERS } from '../dist/src/papers/index.js';
import { STATEMENTS } from '../dist/src/theory/index.js';
import { PROVENANCE } from '../dist/src/theory/statement.js';
import { LEMMAS } from '../dist/src/verification/lemmas/index.js';

/** What was at hand of each paper, and through which texts the rest is known. */
const AT_HAND = {
  'kou-2023':
    'read: the abstract, the authors’ public code and its two published tables. The text itself was not: its model and theorems are known through Huang et al. 2025 and Han et al. 2025, who restate them, and a public digest; their exact form as commonly cited',
  'xu-gu-2023': 'read: the whole text with its proofs',
  'shang-2024':
    'read: the abstract and the authors’ phase diagram. Everything else is reconstructed from these and from runs',
  'karhadkar-2024': 'read: the whole text with its proofs, the authors’ code, its table and both figures',
  'cao-2022': 'read: the abstract. The rest through Huang et al. 2025 and Frei et al. 2022, and as commonly cited',
  'frei-2022': 'read: the text of the theorems and their assumptions',
  'meng-2024': 'read: the abstract. The rest through its public reviews and Karhadkar et al. 2024',
  'george-2023': 'read: the abstract. The rest through Karhadkar et al. 2024, section 1.2',
  'huang-2025': 'read: the whole text',
  'han-2025': 'read: the abstract. The theorems through a public summary of the paper',
};

/** What it is in text, where a bar or a line break would end a cell. */
const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
const row = (...cells) => `| ${cells.map(cell).join(' | ')} |`;
const code = (text) => `\`${text}\``;

const known = (provenance, own) => (provenance && provenance !== own ? ` (${PROVENANCE[provenance]})` : '');

/** Conditions and bounds of a statement, one a line. */
function parts({ conditions, bounds, regimes, provenance, under }) {
  const condition = (word, one) =>
    `* ${word}: ${code(one.formula)}${known(one.provenance, provenance)}${(one.instead ?? [])
      .map((other) => `; not used: ${code(other.formula)}, ${PROVENANCE[other.provenance]} (${other.why})`)
      .join('')}`;
  return [
    ...(under.length > 0 ? [`* under ${under.map((id) => code(id)).join(', ')}`] : []),
    ...conditions.map((one) => condition('asks', one)),
    ...['benign', 'harmful'].flatMap((side) => (regimes?.[side] ? [condition(`${side} if`, regimes[side])] : [])),
    ...bounds.map(
      ({ of, side, formula, where, provenance: own }) =>
        `* bounds ${code(of)} from ${side === 'upper' ? 'above' : 'below'}: ${code(formula)}${where ? `, where ${code(where.formula)}` : ''}${known(own, provenance)}`,
    ),
  ];
}

/** The page. @throws Error for a paper of the shelf of which nothing is said */
export function statementsPage(head) {
  const papers = [...new Set(STATEMENTS.map(({ paper }) => paper))];
  const lines = [
    head,
    '# Statements and their sources',
    '',
    'Every theorem, lemma and assumption that [`benign theory`](theory.md) and [`benign verify`](verify.md) speak of: what the paper calls it, what it says in our words and in symbols, and how well that is known. Constants named C are free in the papers; their values are on the pages of these commands.',
    '',
    '| how it is known | what that means |',
    '| --- | --- |',
    row(PROVENANCE.read, 'read in the paper’s own text'),
    row(PROVENANCE.secondhand, 'another text states it'),
    row(PROVENANCE.recalled, 'general knowledge of the paper, not confirmed in a text at hand'),
    row('inferred', 'follows from what was read by elementary steps'),
    row('reconstructed', 'ours, from an abstract, a diagram and runs'),
    row('ours', 'a number of ours'),
    '',
    '| paper | statements | lemmas that are checked | what was at hand |',
    '| --- | --- | --- | --- |',
    ...papers.map((id) => {
      if (!AT_HAND[id]) throw new Error(`scripts/statement-page.mjs says nothing of what was at hand of ${id}`);
      const lemmas = LEMMAS.filter((one) => one.id.startsWith(`${id}/`)).length;
      return row(
        `[${id}](#${id})`,
        STATEMENTS.filter(({ paper }) => paper === id).length,
        lemmas === 0 ? '' : lemmas,
        AT_HAND[id],
      );
    }),
    '',
  ];
  for (const id of papers) {
    const paper = PAPERS.find((one) => one.id === id);
    lines.push(`## ${id}`, '');
    if (paper)
      lines.push(
        `${paper.authors.join(', ')} (${paper.year}). ${paper.title}. ${paper.venue}${paper.arxiv ? `, arXiv ${paper.arxiv}` : ''}.`,
        '',
      );
    lines.push(`${AT_HAND[id][0].toUpperCase()}${AT_HAND[id].slice(1)}.`, '');
    for (const one of STATEMENTS.filter(({ paper: of }) => of === id))
      lines.push(
        `### ${one.id}`,
        '',
        `**${one.source}** (${one.kind}, ${PROVENANCE[one.provenance]}): ${one.title}. ${one.says}`,
        '',
        `    ${one.formula}`,
        '',
        ...parts(one),
        '',
      );
    const lemmas = LEMMAS.filter((one) => one.id.startsWith(`${id}/`));
    if (lemmas.length === 0) continue;
    lines.push(
      `Checked on runs by \`benign verify\`:`,
      '',
      '| check | source | what is checked | kind | known |',
      '| --- | --- | --- | --- | --- |',
      ...lemmas.map((one) =>
        row(
          code(one.id),
          one.source,
          `${one.says.replace(/[.:]$/, '')}: ${code(one.formula)}`,
          one.kind,
          PROVENANCE[one.provenance],
        ),
      ),
      '',
    );
  }
  return `${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
}

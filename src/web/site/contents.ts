/** The list of contents: pages in groups, in the order in which they are read. */

export interface Entry {
  /** path of its Markdown */
  readonly path: string;
  readonly title: string;
}

export interface Group {
  readonly title: string;
  readonly says: string;
  readonly entries: readonly Entry[];
}

const GROUPS: readonly { title: string; says: string; paths: readonly string[] }[] = [
  {
    title: 'The first hour',
    says: 'What it is, seven steps from a question to a claim of your own, and the words that the pages use.',
    paths: ['README.md', 'docs/tutorial.md', 'docs/choose.md', 'docs/verdicts.md', 'docs/page.md', 'docs/glossary.md'],
  },
  {
    title: 'How to',
    says: 'Runs and sweeps of your own, figures, borders, your own data, clusters, Python.',
    paths: [
      'docs/commands.md',
      'docs/specs.md',
      'docs/python.md',
      'docs/figures.md',
      'docs/boundary.md',
      'docs/theory.md',
      'docs/verify.md',
      'docs/diagnosis.md',
      'docs/real-data.md',
      'docs/own-parts.md',
      'docs/clusters.md',
    ],
  },
  {
    title: 'Reference',
    says: 'What is computed and how exactly; every symbol, statement, file format and export.',
    paths: ['model', 'method', 'notation', 'observables', 'statements', 'formats', 'reproducibility', 'api'].map(
      (name) => `docs/${name}.md`,
    ),
  },
  {
    title: 'Results',
    says: 'Papers reproduced and held against their numbers, with their constants and exponents.',
    paths: [
      'gallery',
      'kou-2023',
      'reproductions',
      'reproductions-depth',
      'reproductions-noise',
      'constants',
      'beyond',
    ].map((name) => `docs/${name}.md`),
  },
  {
    title: 'Validation',
    says: 'How the numbers themselves were checked, and what they cost.',
    paths: ['validation/README.md'],
  },
  {
    title: 'Project',
    says: 'How the code is built, and how to change it.',
    paths: ['docs/architecture.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'],
  },
];

/** Where a page that is not named stands. */
function groupOf(path: string): string {
  if (path.startsWith('docs/reproductions')) return 'Results';
  if (/^(validation|bench)\//.test(path)) return 'Validation';
  return /^(docs|python)\//.test(path) ? 'How to' : 'Project';
}

/** Pages of a folder stand behind the page of its name; others at the end of their group. */
export function contentsOf(entries: readonly Entry[]): Group[] {
  const left = new Map(entries.map((entry) => [entry.path, entry]));
  const take = (path: string): Entry[] => {
    const entry = left.get(path);
    if (!entry) return [];
    left.delete(path);
    const folder = path.replace(/\.md$/, '/');
    return [entry, ...[...left.keys()].filter((one) => one.startsWith(folder)).flatMap(take)];
  };
  const named = GROUPS.map(({ paths, ...group }) => ({ ...group, entries: paths.flatMap(take) }));
  const rest = [...left.values()];
  return named
    .map((group) => ({
      ...group,
      entries: [...group.entries, ...rest.filter(({ path }) => groupOf(path) === group.title)],
    }))
    .filter((group) => group.entries.length > 0);
}

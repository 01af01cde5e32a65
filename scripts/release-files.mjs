// The files that carry the version and the date of a release, as texts in and texts out.

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Where the version stands. Each takes a file's text and gives it with the version and the date. */
export const STAMPED = {
  'package.json': (text, { version }) => stampJson(text, (one) => ({ ...one, version })),
  'package-lock.json': (text, { version }) =>
    stampJson(text, (one) => ({
      ...one,
      version,
      packages: { ...one.packages, '': { ...one.packages[''], version } },
    })),
  'CITATION.cff': (text, { version, date }) => {
    const bare = text.replace(/^date-released: .*\n/m, '');
    if (!/^version: .*$/m.test(bare)) throw new Error('CITATION.cff has no line version: to set');
    return bare.replace(/^version: .*$/m, `version: ${version}\ndate-released: ${date}`);
  },
  '.zenodo.json': (text, { version, date }) => stampJson(text, (one) => ({ ...one, version, publication_date: date })),
  'CHANGELOG.md': (text, { version, date }) => {
    if (!DAY.test(date)) throw new Error(`a date is YYYY-MM-DD, not ${date}`);
    return text.replace(UNRELEASED, () => `## Unreleased\n\n## ${version} (${date})`);
  },
};

const stampJson = (text, change) => `${JSON.stringify(change(JSON.parse(text)), null, 2)}\n`;

const UNRELEASED = /^## Unreleased.*$/m;

/** What the changelog says below its Unreleased, without headings; undefined where there is no such heading. */
export function unreleased(text) {
  const [, after] = text.split(UNRELEASED);
  return after
    ?.split(/^## /m)[0]
    .replace(/^#+ .*$/gm, '')
    .trim();
}

/**
 * Golden records whose bits are others than those of the last release, under no newer science version.
 * @param compare `compareGolden` of test/helpers/golden.ts
 */
export function movedBits(now, then, compare) {
  const lines = (text) => text.trimEnd().split('\n').filter(Boolean);
  const newest = new Map();
  for (const line of lines(then)) {
    const { run, seed, science } = JSON.parse(line);
    newest.set(`${run} ${seed}`, Math.max(science, newest.get(`${run} ${seed}`) ?? 0));
  }
  return compare(lines(now), lines(then)).changed.filter((line) => {
    const { run, seed, science } = JSON.parse(line);
    return science <= newest.get(`${run} ${seed}`);
  });
}

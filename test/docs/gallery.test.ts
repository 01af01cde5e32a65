/**
 * The gallery: real figures from real runs, compared byte for byte. GALLERY=write writes docs/gallery.md and
 * docs/gallery/.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { EXIT } from '../../src/cli/context.ts';
import { runCell } from '../../src/experiments/run.ts';
import { parseSpec } from '../../src/experiments/spec-text.ts';
import { Results } from '../../src/experiments/results.ts';
import type { Figure } from '../../src/figures/figure.ts';
import { renderSvg } from '../../src/figures/render.ts';
import type { Spec } from '../../src/experiments/spec.ts';
import { sweepFigures } from '../../src/reproduction/sweep-figures.ts';
import { benign, inFolder, root } from '../helpers/benign.ts';
import { compareCollapse, comparePicture, compareQuickMap, GALLERY, HOW, WRITE } from '../helpers/gallery.ts';

const folder = GALLERY;

const KOU = 'npx benign reproduce kou-2023 --quick';
const BOUNDARY = 'npx benign boundary examples/07-boundary.yaml --along mu --over d';
const COLLAPSE = 'npx benign reproduce kou-2023/collapse --quick --runs 20   # exit code 4';
const DIVERGING = `name: cubed ReLU, large steps
data: {n: 10, d: 50, flip: 0.1}
network: {m: 4, activation: relu-power, outputScale: "1", sigma0: 0.05}
training: {maxSteps: 40}
test: {estimator: points}
axes:
  training.eta: {from: 0.001, to: 1000, count: 7, scale: log}
  data.mu: [1, 2, 3, 4, 5]
runs: 4
`;

interface Entry {
  readonly name: string;
  readonly heading: string;
  readonly says: string;
  /** what makes it: a command or a spec */
  readonly made: string;
}

const ENTRIES: readonly Entry[] = [
  {
    name: 'kou-2023-quick',
    heading: 'A map of the test error',
    made: KOU,
    says: 'Test error over the dimension and the signal strength, 80 runs a cell. Circles: where the error crosses 0.2, with 95 % intervals. Line: the 1/4 law of the theory through them, its one constant κ fitted.',
  },
  {
    name: 'kou-2023-quick-thresholded',
    heading: 'The same map, above and up to 0.2',
    made: KOU,
    says: 'The 95 % interval of a pale cell holds the threshold: it could fall on either side.',
  },
  {
    name: 'kou-2023-quick-se',
    heading: 'How precise the map is',
    made: KOU,
    says: 'Standard error of each cell of the test-error map.',
  },
  {
    name: 'kou-2023-quick-train-loss',
    heading: 'The training loss',
    made: KOU,
    says: 'Mean over the runs, on a logarithmic scale. It is small in the benign and in the harmful region alike: both overfit. A cell that stands out holds a run that has not fitted every label.',
  },
  {
    name: 'kou-2023-quick-agreement',
    heading: 'Ours minus published',
    made: KOU,
    says: 'Block means of our map minus those of the published table, with the 95 % interval of the difference. The grey band is the margin.',
  },
  {
    name: 'kou-2023-quick-level-sets',
    heading: 'Level sets, ours and published',
    made: KOU,
    says: 'Points: where a map of the published design, drawn on our means, first goes below a level, with 95 % of one reading. Lines: from the first to the last published place. The legend has both slopes.',
  },
  {
    name: 'kou-2023-collapse-quick',
    heading: 'Curves that collapse',
    made: COLLAPSE,
    says: 'The same points over the norm of the signal and over S. Colours for n, signs for d. The black curve has no constant to fit.',
  },
  {
    name: 'boundary-over-d',
    heading: 'A level set that was searched for',
    made: BOUNDARY,
    says: 'Where the mean test error crosses 0.2, for five dimensions, with 95 % intervals; 95 runs in all. Line: the theorem through the last crossing. [Boundary](boundary.md) explains the search.',
  },
  {
    name: 'label-noise',
    heading: 'A curve',
    made: 'npx benign sweep examples/03-label-noise.yaml --out out/03-label-noise',
    says: 'One axis gives a curve, its band is the 95 % interval of the mean. Dashed: p, which no classifier gets under.',
  },
  {
    name: 'adversarial-flips',
    heading: 'Several curves',
    made: 'npx benign sweep examples/06-adversarial-flips.yaml --out out/06-adversarial-flips',
    says: 'A second axis of words gives one line for each word.',
  },
  {
    name: 'first-run',
    heading: 'One run over time',
    made: 'npx benign run examples/01-first-run.yaml',
    says: 'Loss, errors, margins and the coefficients of the signal-noise decomposition. The dashed line is p, the error of a perfect classifier against noisy labels. Time is symlog: the errors are decided within ten steps.',
  },
  {
    name: 'diverged',
    heading: 'Runs that diverged',
    made: DIVERGING,
    says: 'Grey: every run of the cell diverged. A cross: some did, the colour is the mean of the others.',
  },
];

const fromRoot = (word: string): string => (word.startsWith('examples/') ? join(root, word) : word);
const example = (name: string): Spec => parseSpec(readFileSync(join(root, 'examples', name), 'utf8'), name);

function computed(spec: Spec): Results {
  const results = new Results(spec);
  for (const cell of results.cells)
    for (let replicate = 0; replicate < spec.runs; replicate++)
      results.add(runCell(cell, spec.seed, replicate, spec.record));
  return results;
}

function firstFigure(spec: Spec): Figure {
  const results = computed(spec);
  const [first] = sweepFigures(results.frame(), { title: spec.name });
  return first!;
}

function compare(name: string, svg: string): void {
  assert.ok(ENTRIES.some((entry) => entry.name === name));
  comparePicture(name, svg);
}

// readme.test.ts runs the commands of the page, and holds the pictures of these two against it.
if (WRITE)
  test('the pictures of two commands are written', () =>
    inFolder((parent) => {
      const [map, collapse] = [join(parent, 'map'), join(parent, 'collapse')];
      assert.equal(benign(['reproduce', 'kou-2023', '--quick', '--out', map]).code, 0);
      compareQuickMap(map);
      const { code } = benign(['reproduce', 'kou-2023/collapse', '--quick', '--runs', '20', '--out', collapse]);
      assert.equal(code, EXIT.undecided);
      compareCollapse(collapse);
    }));

test('curves', async () => {
  compare('label-noise', await renderSvg(firstFigure(example('03-label-noise.yaml'))));
  compare('adversarial-flips', await renderSvg(firstFigure(example('06-adversarial-flips.yaml'))));
});

test('one run over time', async () => {
  await inFolder(async (parent) => {
    const out = join(parent, 'out');
    const answer = benign(['run', join(root, 'examples', '01-first-run.yaml'), '--out', out]);
    assert.equal(answer.code, 0, answer.stderr);
    compare('first-run', readFileSync(join(out, 'figures', 'trajectories.svg'), 'utf8'));
  });
});

test('a level set that was searched for', async () => {
  await inFolder(async (parent) => {
    const out = join(parent, 'out');
    const answer = benign([...BOUNDARY.split(' ').slice(2), '--out', out].map(fromRoot));
    assert.equal(answer.code, 0, answer.stderr);
    compare('boundary-over-d', readFileSync(join(out, 'figures', 'level-sets.svg'), 'utf8'));
  });
});

test('a map with diverged cells', async () => {
  const svg = await renderSvg(firstFigure(parseSpec(DIVERGING, 'diverging.yaml')));
  assert.match(svg, />diverged</);
  compare('diverged', svg);
});

after(() => {
  // Only the pictures of the page lie in the folder.
  if (!WRITE || !existsSync(folder)) return;
  for (const name of readdirSync(folder))
    if (!ENTRIES.some((entry) => `${entry.name}.svg` === name)) rmSync(join(folder, name));
});

test('the page of the gallery', () => {
  const made = (text: string): string =>
    text.startsWith('npx ') ? `\`\`\`sh\n${text}\n\`\`\`` : `\`\`\`yaml\n${text}\`\`\``;
  const page = [
    '<!-- Written by test/docs/gallery.test.ts: change it there, then run `GALLERY=write npm test docs/gallery`. -->',
    '',
    '# Gallery',
    '',
    'Real figures from real runs. The tests draw them again and compare them byte for byte. [Figures](figures.md) says how to read them.',
    '',
    ...ENTRIES.flatMap(({ name, heading, says, made: by }) => [
      `## ${heading}`,
      '',
      `![${heading}](gallery/${name}.svg)`,
      '',
      says,
      '',
      made(by),
      '',
    ]),
  ].join('\n');
  const file = join(root, 'docs', 'gallery.md');
  if (WRITE) writeFileSync(file, page);
  assert.ok(existsSync(file) && readFileSync(file, 'utf8') === page, `docs/gallery.md differs: ${HOW}`);
  const names = readdirSync(folder).sort();
  assert.deepEqual(names, ENTRIES.map(({ name }) => `${name}.svg`).sort());
});

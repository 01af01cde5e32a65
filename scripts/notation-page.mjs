// docs/notation.md: every key of a spec with symbol, range, default and when it counts, and every number that is no
// observable. Those have a page of their own (observables-page.mjs).
import { CONDITIONAL } from '../dist/src/experiments/cell.js';
import { observableOf } from '../dist/src/experiments/series.js';
import { specJsonSchema } from '../dist/src/experiments/spec-schema.js';
import { describeRange, SYMBOLS } from '../dist/src/notation.js';

/** Papers whose letters differ, as they are cited. */
const PAPERS = {
  'xu-gu-2023': 'Xu, Gu 2023',
  'frei-2022': 'Frei, Chatterji, Bartlett 2022',
  'tang-2025': 'Tang, Zhang, Cao, Zou 2025',
  'karhadkar-2024': 'Karhadkar et al. 2024',
  'huang-2025': 'Huang et al. 2025',
  'chen-2023': 'Chen et al. 2023',
};

function citation(paper) {
  if (!PAPERS[paper]) throw new Error(`scripts/notation-page.mjs does not say how ${paper} is cited`);
  return PAPERS[paper];
}

/** Where keys are explained: the first prefix that a path has. */
const EXPLAINED = [
  [['data.patches', 'data.signals', 'data.positive'], 'model.md#more-patches-more-signals-unequal-classes'],
  [['data.content', 'data.classes', 'data.rows', 'data.heldOut', 'data.divisor'], 'specs.md#data-sets'],
  [['data.centring', 'data.layout', 'data.side', 'data.border'], 'specs.md#data-sets'],
  [
    ['data.spectrum', 'data.exponent', 'data.spike', 'data.eigenvalues', 'data.signalGroup'],
    'model.md#noise-with-a-spectrum',
  ],
  [['data.flipTilt'], 'model.md#flips-that-lean'],
  [['data.flip', 'data.adversary'], 'model.md#label-flips'],
  [['data.sigmaY'], 'model.md#real-labels'],
  [['data.draw'], 'method.md#vectors-that-are-never-drawn'],
  [['data.share', 'data.cosine', 'data.featureNoise', 'data.labels'], 'model.md#other-data-models'],
  [['data.'], 'model.md#data'],
  [
    ['network.depth', 'network.width', 'network.pool', 'network.hiddenInit', 'network.gain', 'network.frozen'],
    'model.md#depth',
  ],
  [['network.v0Unit', 'network.sigma0Unit', 'training.etaUnit'], 'specs.md#units'],
  [['network.init', 'network.sigma0'], 'model.md#initial-weights'],
  [['network.'], 'model.md#network'],
  [['training.stop', 'training.epsilon', 'training.max'], 'model.md#when-training-ends'],
  [['training.flowTolerance'], 'model.md#gradient-flow'],
  [['training.loss', 'training.reduction', 'training.eta', 'training.label'], 'model.md#training'],
  [['training.'], 'model.md#step-rules'],
  [['test.'], 'method.md#test-error-without-test-points'],
  [['precision'], 'specs.md#precision'],
  [['engine'], 'method.md#engines'],
  [['coupling'], 'specs.md#coupling'],
  [['axes'], 'specs.md#axes'],
  [['scale'], 'specs.md#power-laws'],
  [['files'], 'specs.md#data-sets'],
  [['figures'], 'specs.md#figures'],
  [['record.arrays'], 'formats.md#arrays-of-a-run'],
  [['record'], 'specs.md#what-a-run-keeps-over-time'],
  [['$schema'], 'specs.md#completion-in-an-editor'],
  [['runs', 'seed', 'name'], 'specs.md#sections'],
];
function explained(path) {
  // `network.pooling` is no `network.pool`
  const exact = EXPLAINED.find(([prefixes]) => prefixes.includes(path));
  const target = (exact ?? EXPLAINED.find(([prefixes]) => prefixes.some((one) => begins(path, one))))?.[1];
  if (target === undefined) throw new Error(`scripts/notation-page.mjs does not say where ${path} is explained`);
  return `[${target.split('#')[1].replaceAll('-', ' ')}](${target})`;
}
const begins = (path, prefix) => path.startsWith(prefix) && !(prefix === 'network.pool' && path === 'network.pooling');

const code = (text) => `\`${text}\``;
const escape = (text) => String(text).replaceAll('|', '\\|');
const table = (head, rows) =>
  [
    `| ${head.join(' | ')} |`,
    `|${' --- |'.repeat(head.length)}`,
    ...rows.map((row) => `| ${row.map(escape).join(' | ')} |`),
  ].join('\n');

/** All that a key needs to count; absent: it always does. */
const countsWith = (path) =>
  CONDITIONAL.filter((one) => one.path === path)
    .map(({ needs }) => needs)
    .filter((one, k, all) => all.indexOf(one) === k)
    .join('; ');
/** The end of a meaning that says the same: `(model: xor)`. */
const CONDITION = /(?<=.) \((all models|[a-zA-Z]+: )[^()]*\)(?=$|;)/;

function keyRow({ path, glyph, meaning, unit, letters, ...entry }) {
  const allowed =
    entry.kind === 'text'
      ? entry.form
      : entry.kind === 'choice'
        ? entry.choices.map(code).join(', ')
        : describeRange(entry.range)
            .replace(/\b1e\+?(\d+)\b/g, '10^$1')
            .replace('> -Infinity', 'any number');
  const counts = countsWith(path);
  const elsewhere = Object.entries(letters ?? {}).map(([paper, letter]) => `${letter}: ${citation(paper)}`);
  return [
    code(path),
    glyph + (elsewhere.length > 0 ? ` (${elsewhere.join('; ')})` : ''),
    (counts ? meaning.replace(CONDITION, '') : meaning) + (unit ? ` [${unit}]` : ''),
    allowed,
    entry.default === undefined ? 'must be given' : code(entry.default),
    counts,
    explained(path),
  ];
}

/** Keys that are no symbols, as the schema has them. */
function otherKeys() {
  const { properties } = specJsonSchema();
  const forms = (one) =>
    one.anyOf
      ? one.anyOf.map(forms).join(', or ')
      : one.enum
        ? one.enum.length > 12
          ? 'a name'
          : one.enum.map(code).join(', ')
        : one.type === 'array'
          ? `a list of ${forms(one.items).replace(/^an? (\S+)/, '$1s')}`
          : one.type === 'integer'
            ? `an integer${one.minimum > 0 || one.minimum === 0 ? ` >= ${one.minimum}` : ''}`
            : one.type === 'boolean'
              ? '`true`, `false`'
              : one.type === 'number'
                ? 'a number'
                : one.type === 'string'
                  ? 'text'
                  : 'a mapping';
  const row = (path, one) => [code(path), one.description ?? '', forms(one), explained(path)];
  const within = (room, fields) => Object.entries(fields).map(([key, one]) => row(`${room}.${key}`, one));
  return [
    row('name', properties.name),
    row('axes', properties.axes),
    row('scale', properties.scale),
    ...within('record', properties.record.properties),
    ...within('files', properties.files.properties),
    ...within('figures[]', properties.figures.items.properties),
    row('$schema', properties.$schema),
  ];
}

/** @param places where a number occurs that is no observable */
export function notationPage(head, places) {
  const entries = Object.entries(SYMBOLS);
  const keys = entries.filter(([, entry]) => entry.kind !== 'measured').map(([, entry]) => entry);
  const section = (title, chosen) =>
    `## ${title}\n\n${table(['key', 'symbol', 'meaning', 'allowed', 'default', 'counts with', 'more'], chosen.map(keyRow))}\n`;
  const room = (title, prefix) =>
    section(
      title,
      keys.filter(({ path }) => path.startsWith(prefix)),
    );
  return [
    head,
    '# Notation\n',
    'Every symbol and every key of a spec stands here once, as the code has it: specs, flags, figure labels and this page read it there. What is measured has [a page of its own](observables.md).\n',
    'A parameter is set by its key in a spec (`data: {mu: 5}`), by its key or its last part on the command line (`--set data.mu=5`, `--set mu=5`), and varied by its key under `axes`. [Specs](specs.md) says how, [the model](model.md) says what the letters mean in formulas. A letter in brackets is that of another paper.\n',
    '`counts with`: the other choices that the key needs; set without them it is refused, and left out it is at its default. Combinations that contradict each other stand in [specs](specs.md#when-something-is-wrong).\n',
    room('Data', 'data.'),
    room('Network', 'network.'),
    room('Training', 'training.'),
    room('Test error', 'test.'),
    room('Precision', 'precision.'),
    section(
      'The experiment',
      keys.filter(({ path }) => !path.includes('.')),
    ),
    '## Axes, record, files, figures\n',
    'Keys that are no symbols. Axes and power laws give parameters their values, and `files` a data set, whose content a cell names; the others change no result of a run.\n',
    table(['key', 'meaning', 'allowed', 'more'], otherKeys()),
    '\n## Measured\n',
    'Numbers of tables and records that are no [observables](observables.md). `range` is where every value lies, but for rounding: a record with a number beyond it is passed over.\n',
    table(
      ['name', 'symbol', 'meaning', 'range', 'in'],
      entries
        .filter(([id, entry]) => entry.kind === 'measured' && observableOf(id) === undefined)
        .map(([id, { glyph, meaning, unit, range }]) => [
          code(id),
          glyph,
          meaning + (unit ? ` [${unit}]` : ''),
          range ? describeRange(range).replace(', 1000000000]', ', 10^9]') : '',
          places(id),
        ]),
    ),
    '',
  ].join('\n');
}

// docs/observables.md: every observable by the question that it answers, with what it needs of a setting and where it is
// used. Each stands under one question; `check` says which is forgotten.
import { needInWords, observableOf, SERIES, states } from '../dist/src/experiments/series.js';
import { describeRange, SYMBOLS } from '../dist/src/notation.js';
import { PAPERS } from '../dist/src/papers/index.js';
import { STATEMENTS } from '../dist/src/theory/index.js';
import { LEMMAS } from '../dist/src/verification/lemmas/index.js';

/** `layerNorm`, 10: layerNorm1, ..., layerNorm10. */
const layers = (name, from, to) => Array.from({ length: to - from + 1 }, (_, k) => `${name}${from + k}`);

/** Names, as many lines of them as there are. */
const list = (...lines) => lines.join(' ').split(' ');

/** Questions in the order in which they are asked: what is said above the table, and the observables. */
const QUESTIONS = [
  {
    asks: 'Does it predict?',
    says: 'On fresh points, by the [estimator](method.md#test-error-without-test-points) of the spec; of a data set on the held-out points. Those of all points share one estimate a state, in a series one an entry; `testErrorPlus` and `testErrorMinus` take one more each.',
    of: list('testErrorClean testError excess testErrorPlus testErrorMinus zeroOutput errorExponent'),
  },
  {
    asks: 'Has it fitted?',
    says: 'On the training points. Flipped and unflipped ones apart show when a run begins to learn the wrong labels by heart. These cost next to nothing.',
    of: list(
      'trainLoss trainError lossMax noisyLoss',
      'trainLossClean trainLossFlipped trainErrorClean trainErrorFlipped',
    ),
  },
  {
    asks: 'Was the overfitting benign?',
    says: '1 or 0 for a run, so that the mean over runs is a share. The [verdict](commands.md#run) of `benign run` is another question: whether the excess error is at most a limit.',
    of: ['benign', 'harmful', 'nonOverfitting'],
  },
  {
    asks: 'What has it learnt, signal or noise?',
    says: 'Coefficients of the [signal-noise decomposition](model.md#signal-noise-decomposition).',
    of: list(
      'gamma rhoBar rhoUnder ratio gammaMin gammaMax rhoBarMax rhoUnderMin',
      'rhoBarLearnt learntStep towardsReference referenceNorm decompositionResidual',
    ),
  },
  {
    asks: 'Are the margins balanced?',
    says: 'As commonly cited, the proof of Kou et al. keeps the loss derivatives of all samples within a constant factor of each other.',
    of: ['derivativeRatio', 'marginMin', 'marginMax', 'meanMargin'],
  },
  {
    asks: 'Which units are active, and do they die?',
    says: '',
    of: ['activeFraction', 'activationLost', 'activationLostStep', 'died'],
  },
  {
    asks: 'Where does long training lead?',
    says: 'Towards a direction of largest margin, slowly ([example](../examples/09-limit.yaml), [record](../validation/limit.md)). The limits of the present patterns solve a max-margin problem in n² numbers at each state.',
    of: list(
      'weightNorm normalizedMargin marginFactor maxMarginNorm',
      'kktTurn kktSlackness limitGap limitTurn limitBroken',
    ),
  },
  {
    asks: 'What do other classifiers do with the same draws?',
    says: 'They belong to the draw and not to the training: ask for them under `record.values`, and [figures](figures.md#curves) draw them beside the network. `maxMarginError` of a data set takes 8n² bytes more.',
    of: list('maxMarginError averagingError nearestMeanError minimumNormError bayesError bayesErrorNoisy'),
  },
  {
    asks: 'Is it lazy, or does it learn features?',
    says: 'The network beside its linearisation at the start, which `lazyError` and `lazyDifference` train alike, once a run. The other three share one n × n tangent kernel a state.',
    of: ['movement', 'kernelChange', 'patternChange', 'lazyError', 'lazyDifference'],
  },
  {
    asks: 'How do filters and output weights share the work?',
    says: 'For networks of two layers whose [output layer is trained](model.md#network).',
    of: list('vSignal vNoise wNorm layerRatio balanceDrift vChange wChange', 'noiseResponse responseRatio'),
  },
  {
    asks: 'What does each layer do?',
    says: 'Of networks of any [depth](model.md#depth). Layer 1 is the filters, layer L the output.',
    of: [
      ...layers('layerNorm', 1, 10),
      ...layers('layerGap', 1, 9),
      ...layers('layerChange', 1, 10),
      ...layers('layerActive', 1, 9),
      'layerIdentity',
    ],
  },
  {
    asks: 'What bounds the error of this very network?',
    says: 'Bounds that the weights alone give, with no constant left free, and what they are made of.',
    of: ['concentrationBound', 'alignmentBound', 'errorFloor', 'noisePart', 'noisePartLinear'],
  },
  {
    asks: 'Is the draw what the theorems ask for?',
    says: 'Before the first step: what the papers call a good event ([theory](theory.md)). `noiseSingularMin`, its largest counterpart and the interpolators take an eigenvalue problem of n × n numbers, once a run.',
    of: list(
      'noiseNormMin noiseNormMax noiseOverlap signalOverlap initialSignal initialNoise',
      'ownFiltersMin ownSamplesMin initialOutput noiseSingularMin noiseSingularMax',
      'interpolatorSignal interpolatorNoise inputMin inputMax startMax',
    ),
  },
  {
    asks: 'Do single steps move as the lemmas say?',
    says: 'Extremes over the steps since the last entry, in the lemmas’ units ([verify](verify.md)). They look at every step.',
    of: list(
      'rhoBarDrop rhoUnderRise growthMin growthMax decrementMin decrementMax lossTime',
      'stepLength normGrowth alignmentGrowth slopeSum signalGrowth meanMarginGrowth',
    ),
  },
  {
    asks: 'How large are the risks of real labels?',
    says: 'The squared loss of [real labels](model.md#real-labels), in closed form.',
    of: ['excessRisk', 'risk'],
  },
  {
    asks: 'Is the step size small enough for gradient flow?',
    says: 'What a run of [`training.rule: flow`](model.md#gradient-flow) says of its own limit.',
    of: ['flowHalvings', 'flowDifference', 'slidingShare'],
  },
];

/** What is forgotten, named twice, or no observable. */
export function unasked() {
  const named = QUESTIONS.flatMap(({ of }) => of);
  const where = 'scripts/observables-page.mjs';
  return [
    ...SERIES.filter((id) => !named.includes(id)).map((id) => `${where}: ${id} stands under no question`),
    ...named.filter((id) => !SERIES.includes(id)).map((id) => `${where}: ${id} is no observable`),
    ...named.filter((id, k) => named.indexOf(id) !== k).map((id) => `${where}: ${id} stands under two questions`),
  ];
}

const code = (text) => `\`${text}\``;
const cell = (text) => String(text).replaceAll('|', '\\|');
const row = (...cells) => `| ${cells.map(cell).join(' | ')} |`;
const range = ({ range: of }) => (of ? describeRange(of).replace(', 1000000000]', ', 10^9]') : '');

/** What every run meets that is no matter of its setting. */
const OF_RUNS = {
  'test-error': 'a run that did not diverge',
  entries: 'a series: it is about the steps between two entries',
};
const wordsOf = (need) => {
  const words = needInWords(need) ?? OF_RUNS[need];
  if (words === undefined) throw new Error(`scripts/observables-page.mjs: the need ${need} has no words`);
  return words;
};
/** `layer-3` to `layer-10` are said by the names. */
const needsOf = (id) => observableOf(id).needs.filter((need) => !need.startsWith('layer-'));

/** Which parts of a preset may name an observable. */
const NAMING = new Set(['observable', 'of', 'value', 'values', 'series', 'y']);
function names(part, key, found) {
  if (typeof part === 'string') {
    if (NAMING.has(key)) found.add(part);
  } else if (Array.isArray(part)) for (const one of part) names(one, key, found);
  else if (part && typeof part === 'object') for (const [at, one] of Object.entries(part)) names(one, at, found);
  return found;
}
const presets = PAPERS.flatMap(({ id, figures }) =>
  figures.map((figure) => ({ id: `${id}/${figure.id}`, names: names(figure, '', new Set()) })),
);
const counted = (what, ids) =>
  ids.length === 0
    ? []
    : ids.length > 3
      ? [`${ids.length} ${what}s`]
      : [`${what}${ids.length > 1 ? 's' : ''} ${ids.map(code).join(', ')}`];

/** The lemmas, statements and presets that speak of some observables. */
function used(ids) {
  const some = (all) => ids.some((id) => all.includes(id));
  return [
    ...counted(
      'lemma',
      LEMMAS.filter(({ series, assumptions }) =>
        some([...series, ...assumptions.flatMap(({ measured }) => measured)]),
      ).map(({ id }) => id),
    ),
    ...counted(
      'statement',
      STATEMENTS.filter(({ bounds }) => some(bounds.map(({ of }) => of))).map(({ id }) => id),
    ),
    ...counted(
      'preset',
      presets.filter((one) => some([...one.names])).map(({ id }) => id),
    ),
  ].join('; ');
}

/** `layerNorm1`, ..., `layerNorm10` are one line. */
function lines(ids) {
  const groups = new Map();
  for (const id of ids) {
    const name = id.replace(/\d+$/, '');
    groups.set(name, [...(groups.get(name) ?? []), id]);
  }
  return [...groups.values()];
}

/** @param inRecords the observables that every record has, and those that it has where both layers are trained */
export function observablesPage(head, inRecords) {
  const wrong = unasked();
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  const lasting = states();
  const kept = (id) =>
    inRecords.always.includes(id)
      ? 'always'
      : inRecords.trained.includes(id)
        ? 'where `network.output` is trained'
        : lasting.includes(id)
          ? 'by name'
          : 'only in series';
  const tableOf = (ids) => [
    '| name | symbol | meaning | range | in records | [needs](#needs) | used by |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...lines(ids).map((group) => {
      const [first] = group;
      const last = group.at(-1);
      const { glyph, meaning, unit } = SYMBOLS[first];
      const name = group.length === 1 ? code(first) : `${code(first)}, …, ${code(last)}`;
      const of = group.length === 1 ? meaning : `${meaning}; and so on`;
      return row(
        name,
        glyph,
        of + (unit ? ` [${unit}]` : ''),
        range(SYMBOLS[first]),
        kept(first),
        needsOf(first).join(', '),
        used(group),
      );
    }),
    '',
  ];
  const needs = [...new Set(SERIES.flatMap(needsOf))];
  const anchor = (text) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
  return [
    head,
    '# Observables\n',
    'What can be measured of a run, by the question that it answers. Symbols are those of [notation](notation.md), terms stand in the [glossary](glossary.md).\n',
    '```yaml\ndata: {n: 20, d: 1000, mu: 5, flip: 0.1}\nnetwork: {m: 10}\nruns: 10\nrecord:\n  values: [maxMarginError, movement]   # of the last state, in every record and table\n  series: [testErrorClean, ratio]      # over time\n  every: 10                            # steps between two entries\n```\n',
    'Those that stand *always* in records need not be named. Those *only in series* tell of the steps between two entries, and have no value of the last state alone. `benign figure DIR --y NAME` draws whatever is in the records against any parameter, `benign run` whatever is in the series over time; `benign variance`, `benign boundary` and `benign compare` take a name with `--of`. An observable [of your own](own-parts.md) is asked for alike. `range` is where every value lies, but for rounding: a record with a number beyond it is passed over.\n',
    ...QUESTIONS.map(({ asks }) => `* [${asks}](#${anchor(asks)})`),
    '* [Needs](#needs): a setting without what is needed has no such number, and a spec that asks for it is refused with the sentence in that table\n',
    ...QUESTIONS.flatMap(({ asks, says, of }) => [`## ${asks}\n`, ...(says ? [`${says}\n`] : []), ...tableOf(of)]),
    '## Needs\n',
    '| need | a setting must have |',
    '| --- | --- |',
    ...needs.map((need) => row(need, wordsOf(need))),
    '',
    '`layerNorm3` and others of a layer also need `network.depth` to be as large.',
    '',
  ].join('\n');
}

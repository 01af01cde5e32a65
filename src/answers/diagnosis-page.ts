/** A diagnosis in words: the page report.md, and the lines of the command line. */
import type { Interval } from '../core/verdict.ts';
import type { Mean } from '../diagnosis/measured.ts';
import { CLASSIFIERS, type Classifier } from '../diagnosis/plan.ts';
import { MOST_REFERENCE, MOST_UNFIT, NEAR_CHANCE, TOLERANCE, type Look, type RegimeClaim } from '../diagnosis/rule.ts';
import type { Estimated } from '../diagnosis/statistics.ts';
import type { Spec } from '../experiments/spec.ts';
import { PROVENANCE, type Constants } from '../theory/statement.ts';
import { STATEMENTS } from '../theory/index.ts';
import { SIDES, type DiagnosisAnswer, type DiagnosisVerdict, type PredictedTheorem } from './diagnosis.ts';

/** What the page says beyond the answer. */
export interface DiagnosisMaking {
  /** the data by its file, or in other words */
  readonly title: string;
  readonly spec: Spec;
  /** how to make it again */
  readonly command: string;
  /** names of the pictures that are there */
  readonly figures: readonly string[];
  /** runs that failed */
  readonly failed: number;
}

const NAMES = Object.keys(CLASSIFIERS) as Classifier[];
const digits = (x: number): string => (Number.isFinite(x) ? String(Number(x.toPrecision(3))) : '–');
const error = (x: number): string => (Number.isNaN(x) ? '–' : x.toFixed(3));
const range = ({ low, high }: Interval, of: (x: number) => string = digits): string => `${of(low)} to ${of(high)}`;
const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  '',
  row(...head),
  row(...head.map(() => '---')),
  ...rows.map((cells) => row(...cells)),
  '',
];

/** A mean with its interval over draws; of fewer draws than there are it says of how many. */
const meanText = ({ value, interval, runs }: Mean, all: number): string => {
  if (Number.isNaN(value)) return '–';
  const some = runs < all ? `, ${runs} of ${all} draws` : '';
  return interval ? `${error(value)} (${range(interval, error)}${some})` : `${error(value)}${some}`;
};

/** The first lines: what was found. */
export function verdictLines({ verdicts }: DiagnosisAnswer): string[] {
  return verdicts.map(({ of, regime, why }) => `${of}: ${regime}: ${why}`);
}

/** @returns report.md */
export function diagnosisPage(answer: DiagnosisAnswer, making: DiagnosisMaking): string {
  const { title, command, figures, failed } = making;
  const picture = (name: string, words: string): string[] =>
    figures.includes(name) ? ['', `![${words}](figures/${name}.svg)`] : [];
  const lines = [
    `# Diagnosis of ${title}`,
    '',
    ...verdictBullets(answer.verdicts),
    ...(failed > 0 ? ['', `${failed} runs failed and are not in it.`] : []),
    '',
    '## The data',
    ...dataSection(answer),
    ...picture('spectrum', 'eigenvalues of the pooled covariance by rank'),
    '',
    '## What theory predicts',
    ...theorySection(answer),
    '',
    '## What was measured',
    ...measuredSection(answer, making.spec),
    ...picture('error-over-n', 'clean test error over n'),
    ...picture('excess-over-p', 'excess over p at the largest n'),
    '',
    '## Predicted and found',
    ...besideSection(answer),
    '',
    '## The rule',
    ...ruleSection(answer),
    '',
    '## Made by',
    '',
    '```sh',
    command,
    '```',
    '',
  ];
  return lines.join('\n').replace(/\n{3,}/g, '\n\n');
}

const verdictBullets = (verdicts: readonly DiagnosisVerdict[]): string[] =>
  verdicts.map(
    ({ of, regime, why, forLaw }) =>
      `- **${of}: ${regime}**: ${why}. ${forLaw ? `For the law behind the data: ${forLaw.regime}.` : 'For the law behind the data nothing is said: the set is too small for two draws without a common point.'}`,
  );

function dataSection({ data, statistics: s, geometry }: DiagnosisAnswer): string[] {
  const { separation } = geometry;
  const estimate = (name: string, { value, low, high }: Estimated, note = ''): string[] => [
    name,
    digits(value),
    range({ low, high }),
    note,
  ];
  return [
    '',
    `${data.points[0]} points of class ${data.classes.split('/')[0]} (+1) and ${data.points[1]} of ${data.classes.split('/')[1]} (−1), ${data.dimension} coordinates. Every number is divided by ${data.divisor}, ${data.centring === 'mean' ? 'the mean of the training points is taken off' : 'nothing is taken off'}; the root mean square of ‖x‖ is then ${digits(data.norm)}.`,
    '',
    `From ${s.n} points, as many of each class, by U-statistics (no bias): μ is half the difference of the class means, Σ the covariance within the classes.`,
    ...table(
      ['', 'estimate', '95 % interval', ''],
      [
        estimate('‖μ‖²', s.signal),
        estimate('tr Σ', s.trace),
        estimate('tr Σ²', s.traceSquare),
        estimate('μᵀΣμ', s.alongSignal),
        estimate('‖Σ‖', s.norm, s.normStandsOut ? '' : 'does not stand out: an upper bound'),
        estimate(
          'tr Σ/‖Σ‖',
          s.effectiveNorm,
          s.normStandsOut ? 'effective dimension' : 'effective dimension, a lower bound',
        ),
        estimate('(tr Σ)²/tr Σ²', s.effectiveSquare, 'effective dimension'),
      ],
    ),
    ...(data.copies > 0
      ? [
          `- ${data.copies} of these ${s.n} points equal another: the estimates take points for independent, intervals are too short and what is held out may have been trained on`,
        ]
      : []),
    `- nearly orthogonal? n max |⟨x_i, x_j⟩| / min ‖x_i‖² = ${digits(geometry.overlap)} over ${geometry.points} points: theorems on nearly orthogonal data want it below a constant`,
    separation.kind === 'separable'
      ? `- true labels of ${geometry.points} points: a hyperplane through the origin separates them, hard margin ${digits(separation.margin)}, ${digits(separation.relativeMargin)} of the root mean square of ‖x‖, ${separation.supportVectors} support vectors`
      : `- true labels of ${geometry.points} points: ${separation.kind === 'inseparable' ? 'no hyperplane through the origin separates them' : 'whether a hyperplane through the origin separates them is undecided'}`,
  ];
}

function theorySection({ predicted, theorems, measured }: DiagnosisAnswer): string[] {
  const clean = predicted.filter(({ p }) => p === 0);
  const { n, p } = measured.at(-1)!;
  return [
    '',
    'The control parameter S = n‖μ‖⁴/(tr Σ² + n μᵀΣμ) weighs signal against noise. Theorems put the benign side at S above a constant and the harmful side below one, and leave the constants open; here 1 stands for both.',
    ...table(
      ['n', 'S', '95 % interval', 'side'],
      clean.map(({ n: size, control, side }) => [String(size), digits(control.value), range(control), SIDES[side]]),
    ),
    `Theorems, at n = ${n} and p = ${p}, told of isotropic noise with the same tr Σ and tr Σ², constants that a paper leaves open as benign theory takes them (named at each border), start and step as each paper writes this network. Data is no draw of their models: what is told is what they would say of such noise. One whose assumptions fail is not in force; the side of its border is told all the same.`,
    ...table(
      ['theorem', 'side', 'border', 'assumptions that hold', 'assumptions that fail, and by what factor'],
      theorems.map(theoremRow),
    ),
    'Where this setting is not the model of a theorem:',
    '',
    ...theorems.map(({ id, departures }) => `- ${id}: ${departures.join('; ')}`),
  ];
}

/** A theorem whose assumptions fail says nothing: on which side of its border the data is, is told all the same. */
const theoremWord = ({ id, regime, assumptions }: PredictedTheorem): string =>
  `${id.split('/')[0]}: ${regime}${assumptions.some(({ holds }) => holds === false) ? ' (not in force: assumptions fail)' : ''}`;

/** Values of the constants that a formula names. */
const valuesIn = (formula: string, constants: Constants): string =>
  Object.entries(constants)
    .filter(([name]) => new RegExp(`(^|[^\\w])${name}($|[^\\w])`).test(formula))
    .map(([name, value]) => ` (${name} = ${digits(value)})`)
    .join('');

function theoremRow({ id, regime, borders, constants, assumptions }: PredictedTheorem): string[] {
  const { source, provenance } = STATEMENTS.find((one) => one.id === id)!;
  const known = assumptions.filter(({ holds }) => holds !== null);
  const fails = known.filter(({ holds }) => !holds);
  const unknown = assumptions.length - known.length;
  return [
    `${id} (${source}, ${PROVENANCE[provenance]})`,
    `${regime}${fails.length > 0 ? ', not in force' : ''}`,
    borders
      .map(
        ({ side, formula, ratio }) => `${side}: ${formula}${valuesIn(formula, constants)}, left/right ${digits(ratio)}`,
      )
      .join('; '),
    `${known.length - fails.length} of ${known.length}${unknown > 0 ? `, ${unknown} not known here` : ''}`,
    fails.map(({ formula, factor }) => `${formula} (${digits(1 / factor)})`).join('; ') || 'none',
  ];
}

function measuredSection({ data, measured }: DiagnosisAnswer, spec: Spec): string[] {
  const flips = [...new Set(measured.map(({ p }) => p))];
  const ladder = [...new Set(measured.map(({ n }) => n))];
  const at = (n: number, p: number) => measured.find((cell) => cell.n === n && cell.p === p)!;
  const value = (path: string): string => String(spec.values.get(path));
  const last = ladder.at(-1)!;
  return [
    '',
    `Two layers of ${2 * Number(spec.values.get('network.m'))} filters (m = ${value('network.m')} for each class), leaky ReLU, fixed output weights, logistic loss, heavy ball with momentum ${value('training.momentum')} and step ${value('training.eta')} (half of what the curvature allows: 4 m/λ, λ = ${digits(data.lambda)}), until the training loss is ${value('training.epsilon')} or ${value('training.maxSteps')} steps are made. Beside it, of the same draws and noisy labels: the max-margin classifier, averaging Σ y_i x_i, the nearer class mean.`,
    '',
    `Each cell has ${measured[0]!.runs} draws of training points and ${data.heldOut} held-out points; all cells share them. Clean test error, mean and 95 % interval over draws from this data set:`,
    ...NAMES.flatMap((name) => [
      '',
      `**${name}**`,
      ...table(
        ['n', ...flips.map((p) => `p = ${p}`)],
        ladder.map((n) => [String(n), ...flips.map((p) => meanText(at(n, p).error[name], at(n, p).runs))]),
      ),
    ]),
    `Excess at n = ${last}: error on noisy labels beyond p + (1 − 2p) e, e that of the clean-label fit of the same draw. Over draws, and for the law behind the data (the data set is a sample of it; ${data.blocks} draws without a common point have room in it):`,
    ...table(
      ['', ...flips.slice(1).map((p) => `p = ${p}`)],
      NAMES.flatMap((name) => {
        const means = flips.slice(1).map((p) => at(last, p).excess[name]);
        return [
          [`${name}, over draws`, ...means.map((mean) => meanText(mean, measured[0]!.runs))],
          [`${name}, for the law`, ...means.map(({ law }) => (law ? range(law, error) : '–'))],
        ];
      }),
    ),
    'Does the network fit the noise? Share of training labels that it misses, and runs that fit every one:',
    ...table(
      ['n', ...flips.map((p) => `p = ${p}`)],
      ladder.map((n) => [
        String(n),
        ...flips.map((p) => {
          const { trainError, fitted, diverged, runs } = at(n, p);
          const missed = trainError === null ? '–' : `${digits(100 * trainError)} %`;
          return `${missed}, ${fitted} of ${runs}${diverged > 0 ? `, ${diverged} diverged` : ''}`;
        }),
      ]),
    ),
  ];
}

function besideSection({ data, measured, predicted, verdicts, theorems }: DiagnosisAnswer): string[] {
  const { n } = measured.at(-1)!;
  const cells = measured.map((found, at) => ({ found, told: predicted[at]! })).filter(({ found }) => found.n === n);
  const regime = (of: string): string => verdicts.find((one) => one.of === of)!.regime;
  return [
    '',
    `At n = ${n}. Φ(−√S), with n (1 − 2p)² for n, is the error of averaging${data.centring === 'mean' ? '' : ' on points that are centred, which these are not,'} where the noise is Gaussian.`,
    ...table(
      ['p', 'predicted side', 'predicted: Φ(−√S)', 'averaging', 'nearest mean', 'network', 'max-margin'],
      cells.map(({ found, told }) => [
        String(found.p),
        SIDES[told.side],
        `${error(told.averaging.value)} (${range(told.averaging, error)})`,
        ...(['averaging', 'nearest mean', 'network', 'max-margin'] as const).map((name) =>
          meanText(found.error[name], found.runs),
        ),
      ]),
    ),
    `- regime: predicted by theorems ${theorems.map(theoremWord).join(', ')}; found ${verdicts.map(({ of }) => `${of}: ${regime(of)}`).join(', ')}`,
  ];
}

function ruleSection({ verdicts, data }: DiagnosisAnswer): string[] {
  const { alpha } = verdicts[0]!;
  return [
    '',
    'The words are those of Mallinar et al. 2022 (as commonly cited), where they are about a limit; the rule is about the n that were measured. X is the excess, N the largest n, N_1 the one before, N_0 the smallest.',
    '',
    `- benign: X(N, p) ≤ ${TOLERANCE} for every p, and the clean error grows by at most ${TOLERANCE} from N_1 to N (mean over p)`,
    `- harmful: X(N, p) is on average over p at least p (1 − 2p), what the nearest neighbour tends to; or the clean error at the largest p is at least ${NEAR_CHANCE}; or it grows by at least ${TOLERANCE} from N_1 to N`,
    `- tempered: none of the three; X(N, p) ≥ ${TOLERANCE} at the largest p, the clean error rises with p, and X does not vanish with n: at N at least half of that at N_0`,
    `- asked only where the clean-label fit is wrong on at most ${MOST_REFERENCE} of the points, and where the fits miss at most ${MOST_UNFIT} of the training labels (network) or every draw is separable (max-margin)`,
    '',
    `Each interval misses with probability ${digits(alpha)}, all of them together with 0.05 (Bonferroni), by Student's t over draws, and none is narrower than what the held-out points of all draws leave open. With fewer runs or more noise words only become undecided. That is for the number of runs chosen beforehand: runs that are added after a look are a further look, which these intervals do not know of. The intervals for the law behind the data are a family of their own, with the same 0.05. There the variance of a mean over R draws is at most s² (1/R + 1/(b − 1)), b = ${data.blocks} draws without a common point (Hoeffding 1963).`,
    ...verdicts.flatMap(({ of, claims, reference }) => ['', `**${of}**`, ...claimTable(claims, reference)]),
  ];
}

const boundText = ({ low, high }: Look['bounds']): string =>
  low === -Infinity ? `≤ ${digits(high)}` : `≥ ${digits(low)}`;

const claimTable = (claims: readonly RegimeClaim[], reference: Look): string[] =>
  table(
    ['claim', 'asks', 'found', 'interval', 'bound', 'word'],
    [
      lookRow(`applicable: ${reference.word}`, reference),
      ...claims.flatMap(({ regime, word, looks }) =>
        looks.map((look, at) => lookRow(at === 0 ? `${regime}: ${word}` : '', look)),
      ),
    ],
  );

const lookRow = (claim: string, { says, mean, bounds, word }: Look): string[] => [
  claim,
  says,
  error(mean.value),
  mean.interval ? range(mean.interval, error) : '–',
  boundText(bounds),
  word,
];

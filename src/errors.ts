/** Every sentence a user can meet when something is wrong, and the error that carries it. */
import { distance } from 'fastest-levenshtein';

/** Bad input: shown as one sentence, exit code 1, no stack trace. */
export class UserError extends Error {
  /** always `UserError`: what tells it from an error of the program */
  override readonly name = 'UserError';
}

/** Words that a sentence lists; of more it names the nearest. */
const FEW = 20;

/**
 * `did you mean X?` when one of the allowed words is close to the one that came; else what is allowed, or the nearest
 * of many words.
 */
export function suggest(word: string, allowed: readonly string[]): string {
  const near = [...allowed].sort((a, b) => distance(word, a) - distance(word, b));
  const [best] = near;
  if (best !== undefined && distance(word, best) <= Math.max(2, Math.floor(best.length / 3)))
    return `did you mean ${best}?`;
  return allowed.length <= FEW
    ? `allowed: ${allowed.join(', ')}`
    : `the nearest of ${allowed.length} are ${near.slice(0, 5).join(', ')}`;
}

/** A value as it came, short enough for a sentence. */
export function shown(value: unknown): string {
  const text =
    typeof value === 'number' || typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** Text with its control characters spelled out, line ends apart: what is shown cannot act on a terminal. */
export const printable = (text: string): string =>
  text.replace(/(?!\n)[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, (c) => {
    const code = c.charCodeAt(0).toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`;
  });

/** The system's reason in words. */
export function systemReason(error: unknown): string {
  const { code, message } = error as { code?: string; message: string };
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such folder',
    ENOTDIR: 'a part of the path is a file',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the file system is read-only',
    EISDIR: 'it is a folder',
    ELOOP: 'its links lead in a circle',
    ENAMETOOLONG: 'the name is too long',
    ENOSPC: 'the disk is full',
    EDQUOT: 'the disk quota is used up',
    EMFILE: 'too many files are open',
    EIO: 'the device fails',
    EBADF: 'it is closed',
    EADDRINUSE: 'another program uses it',
  };
  return words[code ?? ''] ?? message;
}

/** The same where a number is wanted: a text that looks like one is named a text. */
export const cameAs = (value: unknown): string =>
  value === null
    ? 'nothing'
    : typeof value === 'string'
      ? `the text ${shown(value)}`
      : Array.isArray(value)
        ? `a list ${shown(value)}`
        : typeof value === 'object'
          ? 'a mapping'
          : shown(value);

/** What a number must be, beginning with what the value that came lacks. @param range in words */
export const numberWanted = (range: string, came: unknown): string => {
  const integer = range.startsWith('an integer');
  if (typeof came !== 'number') return integer ? range : `a number ${range}`.trim();
  if (Number.isFinite(came)) return range;
  return integer ? `a finite number, ${range}` : `a finite number ${range}`;
};

/** Said of what looks like the id of a part of one's own. */
const ofOnesOwn = (came: unknown): string =>
  typeof came === 'string' && /^[a-z][\w-]*\/[a-z][\w-]*$/i.test(came)
    ? ' (a part of your own needs its module: --lab FILE)'
    : '';

export const messages = {
  choice: (choices: readonly (string | boolean)[], came: unknown) =>
    `must be one of ${choices.join(', ')}, got ${shown(came)}${ofOnesOwn(came)}`,
  partTaken: (id: string) =>
    `${id}: another part has this id already in this program: choose another id, also for a new version of it`,
  partKeyTaken: (id: string, path: string) => `${id}: there is a parameter ${path} already: choose another key`,
  notAPart: (came: string) =>
    `lab.with: must get parts, made by dataModel, observable, activation, loss, rule or engine, got ${came}; those of another lab are in its .parts`,
  partWithoutModule: (id: string) =>
    `${id}: what it computes is not here: name the module that makes it (--lab FILE, or threads(count, module))`,
  partForm: (place: string, allowed: string, came: unknown) => `${place}: must be ${allowed}, got ${shown(came)}`,
  noLab: (file: string) => `${file}: must export a lab by default: export default lab.with(...)`,
  labFailed: (file: string, why: string) => `${file}: cannot be loaded: ${why}`,
  otherCopy: (file: string) =>
    `${file}: imports another copy of benign-lab than this command's: call the command of that copy (npx benign there)`,
  otherLab: (folder: string, module: string, theirs: string, file: string, ours: string) =>
    `${folder}: its runs were made with ${module} of SHA-256 ${theirs}..., and ${file} has ${ours}...: use another folder`,
  notALabFile: (file: string, why = '') =>
    `${file}: is not what a command with --lab left${why && ` (${why})`}; it says what the folder's own parts are, so put the file back`,
  ruleNeedsExplicit: (rule: string, own: boolean) =>
    own
      ? `training.rule: ${rule} leaves the span of the start and the anchors, which needs data.draw: explicit`
      : `training.rule: ${rule} moves coordinates each by itself, which no rotation of the data leaves as it is and no inner products tell: it leaves the span of the start and the anchors and needs data.draw: explicit and engine: direct`,
  flowTooLong: (steps: number, most: number) =>
    `training.maxSteps: ${steps} steps leave no room for halved ones, at most ${most} are allowed under training.rule: flow: a larger training.eta takes the same time in fewer`,
  batchBeyondSample: (batch: number, n: number) =>
    `training.batch: must be at most data.n = ${n} without replacement, got ${batch}; training.replacement: true draws any number`,
  labelRange: (low: number, high: number) =>
    `training.labelLow: must be below training.labelHigh = ${high}, got ${low}`,
  flowIsPlain: (needs: string) =>
    `training.rule: flow is the limit of plain descent for small steps, and needs ${needs}`,
  epochsBeyond: (epochs: number, steps: number, range: string) =>
    `training.maxEpochs: ${epochs} epochs are ${steps} steps, and training.maxSteps must be ${range}`,
  stepsOrEpochs: () => 'training.maxEpochs: stands in place of training.maxSteps; give one of the two',
  sgdNeedsBatch: () =>
    'training.rule: sgd is gradient descent by batches, and needs training.batch, the number of samples in one',
  sgdOnAxis: () =>
    'axes.training.rule: sgd is descent by batches: write descent, and put training.batch beside it (0: all samples)',
  figureEnding: (file: string) => `${file}: must end in .svg, .png, .pdf, .csv or .vl.json`,
  partUnknown: (id: string, known: readonly string[]) =>
    `${id}: this lab has no such part${known.length > 0 ? ` (it has ${known.join(', ')})` : ''}`,
  poolWithoutFolder: (): string =>
    'record.arrays: the arrays of a run go into a folder, and this pool has none: `threads` with `keep`, or `benign sweep`',
  poolModule: (came: string) =>
    `threads: the module must be a file: address, such as new URL('./my-lab.js', import.meta.url), got ${came}`,
  poolOtherParts: (ids: readonly string[], module: string) =>
    `${ids.join(', ')}: not in the lab of ${module}, which the threads import, or otherwise declared there`,
  labTwice: () =>
    '--lab: is given twice; one module can put the parts of others together: lab.with(...a.parts, ...b.parts)',
  poolWithoutModule: (ids: readonly string[]) =>
    `${ids.join(', ')}: threads need the module that makes it: threads(count, new URL('./my-lab.js', import.meta.url)), or --lab FILE on the command line`,
  mustBe: (path: string, allowed: string, came: unknown) => `${path}: must be ${allowed}, got ${shown(came)}`,
  mustBeNumber: (path: string, range: string, came: unknown) =>
    `${path}: must be ${numberWanted(range, came)}, got ${cameAs(came)}`,
  observable: (came: string, allowed: readonly string[]) =>
    `must be an observable, got ${shown(came)}, ${suggest(came, allowed)}${ofOnesOwn(came)}`,
  onlyOverTime: (came: string) =>
    `must be an observable of the last state, got ${shown(came)}, which only the steps show: name it under record.series`,
  misplaced: (path: string, meant: string) => `${path}: unknown key, did you mean ${meant}?`,
  unknownKey: (path: string, key: string, allowed: readonly string[]) =>
    `${path}: unknown key, ${suggest(key, allowed)}`,
  missing: (path: string, meaning: string, allowed: string) => `${path}: is missing (${meaning}; ${allowed})`,
  unreadable: (file: string, why: string) => `${file}: cannot be read (${why})`,
  tooDeep: (where: string) => `${where}: is nested too deeply for a spec, which has three levels`,
  manyDocuments: () => 'it holds more than one document (---), a spec is one',
  manyAliases: () => 'its aliases unfold to too much',
  noSpread: (of: string) => `--of ${of}: has the same value in all runs, so that there is nothing to split`,
  notYaml: (where: string, why: string) => `${where} is not valid YAML: ${why}`,
  notJson: (file: string) => `${file}: is not valid JSON; this file was changed by something else`,
  emptySpec: (file: string) => `${file}: is empty; a spec is a mapping with the keys data, network, training, ...`,
  blocksOfFolder: (folder: string) => `${folder}: holds no block yet; give the same benign variance command again`,
  varianceHoldsMore: (folder: string, of: string, there: number, here: number) =>
    `${folder}: holds ${there} blocks of ${of} and goes on with them; for ${here} choose another --out`,
  blocksMissing: (folder: string, of: string, there: number, asked: number) =>
    `${folder}: unfinished, ${asked - there} of ${asked} blocks of ${of} are missing; the same benign variance command makes them`,
  fewBlocks: (blocks: number, least: number) =>
    `no 95 % interval from ${blocks} blocks: it would not hold its coverage; from ${least} blocks on that vary there is one`,
  noBlocks: (of: string, blocks: number) =>
    `${of}: fewer than two of ${blocks} blocks have a finite value in all eight runs; is it ever 0, or do the runs diverge?`,
  flipsBeyondSample: (flips: number, n: number) => `data.flips: must be in [0, n = ${n}], got ${flips}`,
  flipLawNeeds: (law: string, needs: string, came: unknown) =>
    `data.flipLaw: ${law} needs ${needs}, got ${String(came)}`,
  realLabelsNeed: (needs: string, came: unknown) => `data.sigmaY: above 0 needs ${needs}, got ${String(came)}`,
  flipBeyondTilt: (flip: number, tilt: number) =>
    `data.flip: must be below 0.5/(1 + |data.flipTilt|) = ${Number((0.5 / (1 + Math.abs(tilt))).toPrecision(4))}, so that no label is more often wrong than right, got ${flip}`,
  uniformNeedsExplicit: () =>
    'network.init: pytorch (uniform weights) is not rotation invariant and needs data.draw: explicit; or use pytorch-gaussian, the Gaussian of equal variance',
  widthsOfDepth: (widths: string, needed: number, depth: number) =>
    `network.widths: must have ${needed} ${needed === 1 ? 'number' : 'numbers'}, one a layer between the filters and the output of network.depth: ${depth}, got ${widths}`,
  identityNeedsWidth: (filters: number) =>
    `network.hiddenInit: identity needs layers as wide as the filters, 2m = ${filters} units each; set network.width: 0`,
  frozenBeyond: (frozen: string, layer: number, depth: number) =>
    layer === depth
      ? `network.frozen: layer ${layer} is the output layer, which network.output: fixed does not train; got ${frozen}`
      : `network.frozen: layers must lie in [1, ${depth - 1}] with network.depth: ${depth}, got ${frozen}`,
  depthNeeds: (needs: string) => `network.depth: 3 or more needs ${needs}`,
  linesNeedPieces: (estimator: string, activation: string) =>
    `test.estimator: ${estimator} needs relu, leaky-relu or relu-power; with ${activation} set test.estimator: points`,
  deepLinesNeedPieces: (activation: string) =>
    `test.estimator: lines needs relu or leaky-relu at network.depth: 3 or more; with ${activation} set test.estimator: points`,
  engineNeeds: (engine: string, needs: string, came: string, other: string) =>
    `engine: ${engine} needs ${needs}; with ${came} set engine: ${other}`,
  unitNeedsNoise: (path: string) => `${path}: a unit with sigmaP needs data.sigmaP > 0`,
  unitNeedsScale: (path: string, model: string) =>
    `${path}: a unit with sigmaP needs a data.model that reads data.sigmaP, got ${model}; use absolute`,
  tooLarge: (path: string, gigabytes: number, advice: string) =>
    `${path}: the vectors would need ${gigabytes.toFixed(1)} GB, more than the 4 GB allowed; ${advice}`,
  largeGrid: (cells: number, seconds: number, gigabytes: number) =>
    `${cells} cells: tables and pictures of the whole grid take about ${seconds} s and ${gigabytes.toFixed(1)} GB`,
  gridBeyondHeap: (cells: number, gigabytes: number, limit: number) =>
    `axes: ${cells} cells take about ${gigabytes.toFixed(0)} GB of memory, and Node may use ${limit.toFixed(1)} GB here: give it more, NODE_OPTIONS=--max-old-space-size=${Math.ceil(1.3 * gigabytes) * 1000}, or split the grid`,
  largeRuns: (gigabytes: number, seconds: number, evaluations: number, workers: number) =>
    [
      `a run of the largest cell takes about ${gigabytes < 0.05 ? 'a few MB' : `${gigabytes.toFixed(1)} GB`}`,
      ...(seconds < 1
        ? []
        : [
            ` and ${seconds < 90 ? `${Math.ceil(seconds)} s` : seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`} for its test error alone${evaluations > 1 ? `, which is measured ${evaluations} times: a larger record.every, or no test error under record.series, takes less` : ''}`,
          ]),
      ...(workers > 1
        ? [`; ${workers} at once ${(workers * gigabytes).toFixed(1)} GB, fewer --workers take less`]
        : []),
    ].join(''),
  coefficientsOfTwoLayers: (depth: number) =>
    `record.arrays: coefficients are kept of networks of two layers alone, got network.depth: ${depth}; weights and margins are kept at any depth`,
  arraysTooLarge: (bytes: number, most: number) =>
    `record.arrays: one run's arrays take ${(bytes / 1e9).toFixed(1)} GB, at most ${most / 1e9} GB are allowed: a larger record.arraysEvery, or fewer arrays`,
  gridTooLarge: (cells: number) => `axes: the grid has ${cells} cells, at most 10000000 are allowed`,
  tooManyRuns: (runs: number) => `runs: cells times runs is ${runs}, at most 1000000000 are allowed`,
  precisionMinimum: (least: number, runs: number) =>
    `precision.minRuns: must be at most runs, the cap of a cell, which is ${runs}; got ${least}`,
  precisionBeyond: (halfWidth: number, fewest: number, runs: number) =>
    `precision.halfWidth: ${halfWidth} takes ${fewest} runs or more even where all errors are equal; runs, the cap of a cell, is ${runs}`,
  boundaryOwnPrecision: () => 'precision: benign boundary chooses its runs by its own --precision; leave the key out',
  unused: (path: string, needs: string) =>
    `${path}: has no effect here, it needs ${needs}; set that, or leave ${path} out`,
  scaleCircle: (paths: readonly string[]) => `scale: the laws refer to each other in a circle (${paths.join(' -> ')})`,
  scaleNeeds: (path: string, id: string) => `scale.${path}: needs a value for ${id}`,
  scaleBy: (path: string, id: string, ids: readonly string[]) =>
    `scale.${path}.${id}: is no number that a spec sets, ${suggest(id, ids)}`,
  scaledOutside: (path: string, allowed: string, written: number, name: string, came: number) =>
    `${path}: must be ${allowed}, got ${came} (${name} = ${written})`,
  noiseNeedsExplicit: (noise: string) => `data.noise: ${noise} is not rotation invariant and needs data.draw: explicit`,
  powerLawNeedsExplicit: () =>
    'data.spectrum: power has d different eigenvalues and needs data.draw: explicit; free of d are octaves (the same law in steps), spiked, and list with few groups',
  listNeedsEigenvalues: () =>
    'data.eigenvalues: must be groups of eigenvalue x multiplicity such as 4x10,1x* for data.spectrum: list, got none',
  spikesBeyond: (spikes: number, d: number) => `data.spikes: must be below data.d = ${d}, got ${spikes}`,
  eigenvaluesOf: (eigenvalues: string, total: number, d: number) =>
    `data.eigenvalues: must have multiplicities >= 1 that add up to data.d = ${d}, with * once at most for the rest; got ${eigenvalues}, which adds up to ${total}`,
  groupBeyond: (group: number, groups: number) =>
    `data.signalGroup: must be at most the number of groups of equal eigenvalues, ${groups}, got ${group}`,
  groupTooSmall: (signals: number, room: number) =>
    `data.signalGroup: must be a group with ${signals} eigenvectors or more, one a signal; it has ${room}`,
  measuresFlatSpectra: () =>
    'data.spectrum: must be flat for arrays that are measured, whose coordinates do not say which eigenvectors they are along',
  signalsBeyond: (signals: number, d: number) =>
    `data.signals: must be below data.d = ${d}, so that noise has room beside orthogonal signals, got ${signals}`,
  measuresTwoPatches: (path: 'data.patches' | 'data.signals', standard: number, came: number) =>
    `${path}: must be ${standard} for arrays that are measured, whose points have one signal and one noise, got ${came}`,
  sparsityBeyond: (sparsity: number, axes: number) =>
    `data.sparsity: must be at most the coordinates that noise can have, ${axes}, got ${sparsity}`,
  noiseNeedsPoints: (noise: string, estimator: string, others: readonly string[]) =>
    `test.estimator: ${estimator} needs Gaussian noise${noise === 'student-t' ? ', or lines Student noise in one patch (data.patches: 2)' : ''}; with data.noise: ${noise} set test.estimator: ${others.join(' or ')}`,
  noStarter: (model: string, models: readonly string[]) =>
    model === 'dataset'
      ? 'new: a spec of a data set names a file of yours: docs/specs.md#data-sets has one'
      : `new: the data model must be one of ${models.join(', ')}, got ${model}`,
  modelNeedsDimension: (model: string, least: number, d: number) =>
    `data.d: must be an integer >= ${least} for the model ${model}, got ${d}`,
  needUnmet: (id: string, need: string) => `record: ${id} needs ${need}`,
  axisTwice: (path: string, value: unknown) => `axes.${path}: the value ${shown(value)} occurs twice`,
  axisForm: (path: string) =>
    `axes.${path}: must be a list of values, {from, to, step} or {from, to, count, scale: linear | log}`,
  axisEmpty: (path: string) => `axes.${path}: has no value`,
  oneCell: (axes: readonly string[]) =>
    `a single run has no axes; the spec has ${axes.join(', ')}: fix them with --set, e.g. --set ${axes[0]}=..., or use benign sweep`,
  noMeaning: (command: string, option: string, why: string) =>
    `--${option}: has no meaning for benign ${command}: ${why}`,
  badAssignment: (text: string) => `--set ${text}: must have the form key=value, e.g. --set data.d=1000`,
  folderHoldsAnother: (folder: string, difference: string, mayGrow = false) =>
    `${folder}: holds another spec (${difference}); choose another --out${mayGrow ? ', or let the folder grow: more runs, more values of an axis and more axes go in, the old values among them' : ''}`,
  folderGrows: (folder: string, cells: number, there: number, missing: number, about: boolean) =>
    `${folder}: ${cells} new cells, ${there} runs are there and ${about ? 'about ' : ''}${missing} are missing`,
  folderHoldsValues: (folder: string, paths: readonly string[]) =>
    `${folder}: holds more values of ${paths.join(', ')} and goes on with all of them; for these alone choose another --out`,
  folderHoldsMore: (folder: string, there: number, here: number) =>
    `${folder}: holds a spec of ${there} runs a cell and goes on with it; for ${here} choose another --out`,
  reuseKind: (folder: string, command: string) =>
    `--reuse ${folder}: holds what benign ${command} left, which are no runs of a sweep`,
  reuseOtherLab: (folder: string) =>
    `--reuse ${folder}: its runs have parts of your own from another module, or no module is kept there; take a folder that was made with this --lab`,
  replicatesForm: (text: string) =>
    `must be FROM..TO, two integers with 0 <= FROM <= TO <= 999999999, as in 10..19, got ${text}`,
  replicatesPrecise: () =>
    '--replicates: the spec has a precision, under which each cell gets the runs that it needs; leave one of them out',
  durationForm: (text: string) => `must be a time such as 90s, 30m or 2h, got ${text}`,
  dryRunAlone: (option: string) => `--dry-run: makes no run, so --${option} has no meaning beside it`,
  statusKind: (folder: string) =>
    `${folder}: holds what benign variance left, which has blocks and no runs; benign table ${folder} shows them`,
  folderOfAnother: (folder: string, there: string, here: string) =>
    `${folder}: holds what benign ${there} left, which benign ${here} does not go on with; choose another --out`,
  callUnknown: (file: string) =>
    `${file}: names no command of this program; this file was changed by something else, or a newer benign-lab wrote it`,
  boundaryHoldsAnother: (folder: string, there: string, here: string) =>
    `${folder}: holds the level sets of ${there}, not of ${here}; choose another --out`,
  noLevelSets: (folder: string, unfinished: number) =>
    unfinished > 0
      ? `no crossing is finished (${unfinished} are not); benign table ${folder} lists what the runs tell so far, the same benign boundary command goes on`
      : `no crossing was found, or more level sets than can be told apart; benign table ${folder} lists them`,
  noVarianceFigure: (folder: string) => `benign variance draws no picture; benign table ${folder} has the components`,
  noLemmaFigure: (folder: string) => `no lemma of it moves over a run; benign table ${folder} lists them`,
  noCells: (folder: string) =>
    `--rows cells: ${folder} holds a search, whose runs lie on no grid; --rows runs lists them, without --rows come the level sets`,
  onlyComponents: (folder: string, rows: string) =>
    `--rows ${rows}: ${folder} holds blocks of eight runs; without --rows come the components`,
  boundaryEmpty: (folder: string) =>
    `${folder}: holds no finished run yet; the same benign boundary command makes them`,
  boundaryForgotten: (folder: string) =>
    `${folder}: its search was never finished, and nothing says what was asked; give the same benign boundary command again`,
  boundaryUnfinished: (folder: string, runs: number) =>
    `${folder}: the search has not ended, this is what its ${runs} runs tell; the same benign boundary command goes on`,
  boundaryHoldsLevels: (folder: string, levels: readonly number[]) =>
    `${folder}: holds level ${levels.join(', ')} too, and keeps it: all levels are answered together`,
  boundaryHoldsFiner: (folder: string, there: number, here: number) =>
    `${folder}: holds a precision of ${there} and goes on with it; for ${here} choose another --out`,
  boundaryKeeps: (folder: string, there: number, most: number) =>
    `${folder}: holds level sets from ${there} runs and keeps them: --max-runs ${most} ends the search that is asked for before it has as much; give more, or choose another --out`,
  verifyKind: (folder: string, command: string) =>
    `${folder}: holds what benign ${command} left, whose runs are on no grid and keep no series; benign verify reads what run, sweep, reproduce and verify leave, or makes runs of a spec`,
  folderNotOurs: (folder: string) => `${folder}: is not empty and holds no spec.yaml; choose another --out`,
  notAResult: (folder: string) =>
    `${folder}: holds no results (no spec.yaml); give the folder that reproduce, sweep or run left`,
  noRecords: (folder: string) =>
    `${folder}: holds no finished run yet; run benign sweep ${folder}/spec.yaml --out ${folder}`,
  noSlurm: (program: string, why: string) =>
    `${program} cannot be started (${why}): benign slurm hands jobs to Slurm; benign sweep --shard k/K serves any scheduler`,
  slurmSays: (program: string, why: string) => `${program} refused: ${why}`,
  shardsQueued: (queued: string) => `shards ${queued || 'that lack nothing'} are queued or run already`,
  shardsAsBefore: (before: number, asked: number) =>
    `${before} shards as before, not ${asked}: some of them are still queued`,
  shardsChosen: (chosen: number, asked: number, missing: number, all: string, each: string, most: number) =>
    `${chosen} ${chosen === 1 ? 'shard' : 'shards'}${chosen < asked ? ` instead of ${asked}` : ''}: ${missing} runs are missing, ${all} in all by a pilot, ${each} a shard (--shard-time; cells and MaxArraySize allow ${most})`,
  archiveTooLarge: (folder: string, gigabytes: number) =>
    `${folder}: has ${gigabytes.toFixed(1)} GB, more than one .zip file can hold (4.3 GB); tar it`,
  noNotebook: (folder: string, command: string) =>
    `${folder}: is what benign ${command} left, and has no table of cells: benign table ${folder} --rows runs writes its numbers as CSV`,
  badBytes: (name: string, at: number, why: string) => `${name}: byte ${at}: ${why}`,
  badData: (name: string, why: string) => `${name}: ${why}`,
  dataNotOpen: (content: string) =>
    `data.content: no data set of content ${content.slice(0, 12)}... is open here; name its files under \`files:\` of the spec, or with --data`,
  otherContent: (content: string) =>
    `data.content: the files hold another content, ${content.slice(0, 12)}...; leave data.content out, or name the files that have it`,
  filesUnopened: () =>
    'files: nothing opens them here; openData gives the content of a data set, which data.content of a spec names beside data.d',
  filesChanged: (points: string, found: string, asked: string) =>
    `${points}: holds the content ${found.slice(0, 12)}... now, and the runs were made of ${asked.slice(0, 12)}...; name the files that have it with --data`,
  dataNeeded: (preset: string, { points, says }: { points: string; says: string }, other?: { path: string }) =>
    `not run: ${preset} needs ${points} (${says}; packed by gzip or not), see docs/real-data.md: ${other ? `${other.path} holds other data; ` : ''}name their folder with --data`,
  noSuchClass: (name: string, there: readonly string[]) =>
    `data.classes: no point has the label ${shown(name)}; there are ${there.slice(0, 20).join(', ')}${there.length > 20 ? ', ...' : ''}`,
  classTwice: (name: string, text: string) => `data.classes: the label ${shown(name)} stands twice in ${shown(text)}`,
  fileChoice: (key: string, why: string) => `${key}: ${why}`,
  diagnoseClasses: (there: readonly string[]) =>
    `--classes: which two labels are meant must be said, there ${there.length === 1 ? 'is' : 'are'} ${there.length}: ${there.slice(0, FEW).join(', ')}${there.length > FEW ? ', ...' : ''}`,
  diagnoseTwoClasses: (asked: string) =>
    `--classes: must be two labels such as 0,1, or two groups of labels such as 0,2/1,3, got ${shown(asked)}`,
  diagnoseFewPoints: (label: string, there: number, least: number) =>
    `the data has ${there} points of class ${label}, and a diagnosis needs at least ${least} of each class`,
  rowsAndLabels: (rows: number, labels: number) =>
    `X and y: as many rows as labels are wanted, got ${rows} rows and ${labels} labels`,
  diagnoseWhat: (came: unknown) =>
    `diagnose: takes rows of numbers and labels, or points as openData reads them, got ${cameAs(came)}`,
  diagnosePool: () =>
    'diagnose: options.pool is missing: threads(N) makes the runs on N threads, here() in this one; see sweep',
  raggedRows: (row: number, columns: number, first: number) =>
    `X: every row must have as many numbers as the first, ${first}; row ${row} has ${columns}`,
  notFinite: (what: string, at: number, value: number) => `${what}: number ${at} is ${value}, must be finite`,
  diagnoseFlips: () => '--flips: must name a label noise beside 0, got none',
  diagnoseNoise: (p: number, least: number, most: number) =>
    `--flips: must lie in [${least}, ${most}], where benign and harmful can be told apart, got ${p}`,
  diagnoseSize: (n: number, most: number) =>
    `--n: must be an even number of training points in [16, ${most}], as many as the smaller class leaves room for, got ${n}`,
  diagnoseHeldOut: (heldOut: number, most: number) =>
    `--held-out: at most ${most} points are left beside the training points, got ${heldOut}; lower it or --n`,
  diagnoseConstant: (classes: string) =>
    `the points of the classes ${classes} are all the same: there is nothing to tell them apart`,
  diagnoseAlike: () => 'within each class the points are all the same: there is no noise that could be fitted',
  diagnoseRuns: (runs: number) => `--runs: must be an integer >= 2, a single draw has no interval, got ${runs}`,
  diagnoseDivisor: (divisor: number, norm: number) =>
    `--divisor: ${divisor} leaves points of a root mean square norm of ${norm}, must be within a factor of 10^9 of 1; leave it out and it follows from the data`,
  tooFewPoints: (training: number, heldOut: number, there: number, label: string) =>
    `data.n: ${training} training and ${heldOut} held-out points${label === '' ? '' : ` of class ${label}`} are asked for, and the data has ${there}; lower data.n or data.heldOut`,
  dataDimension: (d: number, dimension: number, layout: string) =>
    `data.d: must be ${layout === 'noise-patch' ? 'at least ' : ''}${dimension}, the dimension of a patch in this data and layout, got ${d}; leave it out where the spec names files`,
  layoutNeedsImages: (layout: string, shape: readonly number[]) =>
    `data.layout: ${layout} is for images, points of shape (height, width) or (channels, height, width), got (${shape.join(', ')})`,
  squaresDoNotFit: (side: number, height: number, width: number) =>
    `data.side: must divide height and width of the images, ${height} x ${width}, got ${side}`,
  borderTooWide: (border: number, height: number, width: number) =>
    `data.border: must leave a middle, below ${Math.min(height, width) / 2} for images of ${height} x ${width}, got ${border}`,
  dataFormat: (name: string, first: readonly number[], formats: readonly string[]) =>
    `${name}: is of no format that is read: its first bytes are ${first.join(', ')}; allowed: ${formats.join(', ')}, each also packed by gzip`,
  labelsApart: (name: string) =>
    `${name}: has points without labels: name the file of labels too (for train-images-idx3-ubyte it is train-labels-idx1-ubyte)`,
  damaged: (name: string) => `${name}: its checksum is another: the file is damaged`,
  badNpz: (name: string, why: string) => `${name}: is no .npz archive (${why}); numpy.savez writes one`,
  npzTooLarge: (name: string, gigabytes: number) =>
    `${name}: its arrays would take ${gigabytes.toPrecision(2)} GB, more than such an archive can hold or than is read (4 GB)`,
  measuresOnly: (known: string, came: string) => `data.model: measure knows ${known}, got ${came}`,
  arrayMissing: (name: string, there: readonly string[]) =>
    `array ${name}: is missing (there are ${there.join(', ') || 'none'})`,
  arrayShape: (name: string, came: readonly number[], wanted: string) =>
    `array ${name}: must have the shape ${wanted}, got (${came.join(', ')})`,
  arrayNumber: (name: string, at: number, came: number) => `array ${name}: number ${at} is ${came}, must be finite`,
  arrayLabel: (name: string, at: number, came: number) =>
    `array ${name}: label ${at} is ${came}, must be 1 or -1 (2 y - 1 of classes 0 and 1)`,
  biasWithout: (name: string) => `array ${name}: has biases, but network.bias is false`,
  otherSignal: (came: number, wanted: number) =>
    `array mu: has the norm ${came.toPrecision(6)}, but data.mu is ${wanted}`,
  noSignalPatch: (at: number) =>
    `array X: point ${at} has no patch that is mu or -mu (mu along the first coordinate where there is no array mu)`,
  otherProjection: (along: number, projected: boolean) =>
    projected
      ? `array X: a noise has ${along.toPrecision(2)} of its length along the signal, but data.projected is true; --set projected=false`
      : 'array X: every noise is orthogonal to the signal, but data.projected is false; --set projected=true',
  otherNoise: (came: number, wanted: number) =>
    `array X: the noise has a standard deviation of ${came.toPrecision(3)} a coordinate, but data.sigmaP is ${wanted}`,
  otherTrueLabel: (at: number, came: number, wanted: number) =>
    `array y_true: label ${at} is ${came}, but the signal patch of point ${at} is ${wanted > 0 ? '' : '-'}mu`,
  nothingInCommon: (a: string, b: string, axesA: string, axesB: string) =>
    `${a} and ${b}: no cell of one has the coordinates of a cell of the other (${axesA}; ${axesB}); cells are matched by the values of the axes of both`,
  unwritable: (file: string, why: string) => `${file}: cannot be written (${why})`,
  system: (what: string, why: string, code: string) =>
    code === 'ENOSPC'
      ? `${what}: could not be written (${why}); everything acknowledged so far is kept: free some space and give the same command again`
      : `${what}: cannot be read or written (${why})`,
  workerMemory: () =>
    'a worker thread ran out of memory; everything acknowledged so far is kept: lower network.m, data.n or --workers',
  workerSilent: (seconds: number) => `it said nothing for ${seconds} seconds after it was started`,
  workerEnded: (why: string) =>
    `a worker of the page ended in the midst of its work (${why || 'its script could not be loaded'}); everything acknowledged so far is kept`,
  internal: (said: string, where: string) => `internal error (${said}); please report it, ${where}`,
  ofResults: (file: string) =>
    `${file}: is a file that its result folder rests on, and is not written over; give another --out`,
  noTable: (file: string, endings: readonly string[]) =>
    `${file}: is there and does not look like a table (${endings.join(', ')}): it is not written over; give another --out`,
  diskFull: (file: string, why: string) =>
    `${file}: could not be written (${why}); everything acknowledged so far is kept: free some space and give the same command again`,
  conflictingRows: (run: string, one: string, other: string, folder: string) =>
    `run ${run}: ${one} and ${other} hold different numbers for it, and a run has one record; benign doctor ${folder} computes it again and says which line is wrong: take that line away`,
  sampleOrAll: () => '--all and --sample: give one of them; --all computes every run again, --sample N a random N',
  needsFolder: (option: string) => `${option}: needs a result folder, benign doctor DIR ${option} ...`,
  passedOver: (folder: string, lines: number, passed: number, reasons: readonly string[]) =>
    `${folder}: ${passed} of ${lines} lines of its records passed over, as if they were not there: ${reasons.join('; ')}; benign doctor ${folder} tells of each`,
  scienceDiffers: (where: string, came: unknown, ours: number) =>
    `${where}: was made by science version ${shown(came)}, this is version ${ours}: runs of different versions do not mix, so give another --out; table, figure and verify read a folder of one older version as it is`,
  scienceMixed: (where: string, came: unknown, first: number) =>
    `${where}: was made by science version ${shown(came)}, the records before it by version ${first}: a folder is read when all its records are of one version; keep the files of one of them`,
  scienceNewer: (where: string, came: unknown, ours: number) =>
    `${where}: was made by science version ${shown(came)}, this is version ${ours}: versions 1 to ${ours} can be read; install a newer benign-lab`,
  recordFormat: (where: string, came: string, ours: number) =>
    `${where}: is a record of format ${came}, this program reads v: ${ours}; install the benign-lab that wrote it`,
  notDrawn: (name: string, why: string) =>
    `figures: ${name} could not be drawn (${why}); everything else is there, and this picture is not`,
  noTrajectory: () => 'no number of the series has a place on a scale; table and records hold them as they are',
  noGlyphs: (characters: readonly string[]) =>
    `figures: the font of the PNGs (DejaVu Sans) has no glyph for ${characters
      .slice(0, 20)
      .map((one) => `${one} (U+${one.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')})`)
      .join(
        ', ',
      )}${characters.length > 20 ? ` and ${characters.length - 20} more` : ''}: they are empty boxes there, and left to the viewer's fonts in the SVGs`,
  runsMissing: (folder: string, sentence: string) =>
    `${folder}: unfinished: ${sentence}; the command that made it goes on with the others`,
  scienceOlder: (folder: string, came: number, ours: number) =>
    `${folder}: made by science version ${came}, this is version ${ours}: the numbers are those of version ${came} (CHANGELOG.md says which of them have changed)`,
  unknownPaper: (id: string, ids: readonly string[]) => `unknown paper ${shown(id)}, ${suggest(id, ids)}`,
  unknownFigure: (paper: string, id: string, ids: readonly string[]) =>
    `${paper} has no figure ${shown(id)}, ${suggest(id, ids)}`,
  unknownVariant: (figure: string, id: string, ids: readonly string[]) =>
    `${figure} has no variant ${shown(id)}, ${suggest(id, ids)}`,
  unknownRun: (id: string, folder: string) => `no run ${id} in ${folder}`,
  runNotInSpec: (id: string) =>
    `--replay ${id}: is not a run of this spec; a run id is 16 hex digits, a dash and the replicate, as in records/*.jsonl`,
  againstShape: (file: string, expected: string, came: string) =>
    `${file}: must be a table of ${expected} numbers, got ${came}`,
  badConstant: (text: string) =>
    `--constants ${text}: must have the form NAME=VALUE with a value > 0, e.g. --constants C1=100,kou-2023.C2=5`,
  unknownConstant: (where: string, name: string, names: readonly string[]) =>
    `${where}: no statement has such a constant, ${suggest(name, names)}`,
  unknownCritical: (where: string, name: string, ids: readonly string[]) =>
    `${where}: is no number of this setting, ${suggest(name, ids)}`,
  boundaryNeedsAxis: (option: string, path: string, axes: readonly string[]) =>
    `${option}: the spec needs an axis ${path}; its axes are ${axes.join(', ') || 'none'}`,
  boundaryAxesEqual: (path: string) =>
    `--along and --over are both ${path}; the boundary is searched along one axis for each value of another`,
  boundaryNeedsRange: (path: string) =>
    `axes.${path}: the search along it needs two positive numbers or more, the ends of its range`,
  boundaryNeedsNumbers: (path: string) => `axes.${path}: --over needs numbers`,
  boundaryNeedsIndependent: () =>
    'coupling: common gives all cells the same draws, and the search would count them as independent; leave coupling: independent',
  boundaryLevel: (level: number, of: string, floor: number) =>
    `--level ${level}: must lie between the floor ${floor} of ${of} and 0.5`,
  unknownLemma: (where: string, name: string, ids: readonly string[]) =>
    `${where}: unknown lemma, ${suggest(name, ids)}`,
  unknownLemmaConstant: (where: string, name: string, names: readonly string[]) =>
    `${where}: no lemma here has a constant ${name}, ${suggest(name, names)}`,
  badLemmaConstant: (text: string) =>
    `--constant ${text}: must have the form NAME=VALUE with a value > 0, e.g. --constant C=4`,
  cellElsewhere: () => 'cell: is none of the cells of the spec',
  noRunMade: () => 'no run of the spec is there yet: the work was interrupted before the first one was made',
  variantTwice: (variant: string) =>
    `variant ${variant}: a preset of your own has its variant; one of the shelf is asked for by its name`,
  noLemma: (why: string) => `no lemma is about these cells (${why})`,
  verifyFolder: (folder: string) =>
    `${folder}: is a result folder, whose records are taken as they are; --set, --seed, --every, --workers and --out need a spec`,
  formula: (where: string, why: string) => `${where}: cannot be read as a formula: ${why}`,
  unknownInFormula: (where: string, name: string, known: readonly string[]) =>
    `${where}: ${shown(name)} is no number here, ${suggest(name, known)}`,
  notKept: (where: string, id: string) =>
    `${where}: the runs do not keep ${id}; name it under record.values (what stands under record.series alone is ` +
    'drawn over time, by benign run and on the page)',
  badCondition: (where: string) => `${where}: must be a condition such as m=10, d>=400 or noise=gaussian`,
  measuredCondition: (where: string, name: string) =>
    `${where}: ${name} is measured, and runs that are chosen by what came out are no sample; a condition is on parameters`,
  wordCondition: (where: string, name: string) => `${where}: ${name} is no number; = and != can be asked of it`,
  conditionChoice: (where: string, came: string, choices: readonly string[]) =>
    `${where}: ${shown(came)} is no choice, ${suggest(came, choices)}`,
  noCellMeets: (where: readonly string[]) =>
    where.length > 0 ? `where ${where.join(' and ')}: no cell with a run meets it` : 'no cell has a run',
  cannotDraw: (why: string) =>
    `this view cannot be drawn: ${why}; fewer cells (--where), another --color or --facet may do`,
  nothingAlong: () => 'no number differs between the cells that could run along --x; name one',
  nothingUpwards: () => 'a map needs a second number that differs between the cells; name it with --y',
  measuredColour: (name: string) =>
    `--color ${name}: is measured; lines are told apart by a parameter, a map shows it over two (--x and --y)`,
  settingColour: (name: string) => `--color ${name}: is a parameter; a map over two parameters shows what is measured`,
  measuredAcross: (name: string) => `--x ${name}: is measured; a map lies over two parameters`,
  wordsAcross: (name: string) => `${name}: is no number in every cell; a map needs numbers on both axes`,
  noMeaningOnMap: (key: string) => `--${key}: has no meaning on a map; it belongs to curves (--y a measured quantity)`,
  mapScales: () => '--log: the axes of a map follow their values; only color can be logarithmic there',
  noPage: () => 'the page is not there; install benign-lab again, or build it in a clone: npm run build:web',
  noPort: (port: number, why: string) =>
    `--port ${port}: cannot be listened on (${why}); give another one, or 0 for any that is free`,
  notOnPage: (path: string) => `${shown(path)}: there is no such file; the laboratory is at /`,
  onlyRead: (method: string) => `${method}: the files of the laboratory can only be read`,
  pageAxes: (path: string) => `both axes of the map are ${path}: choose another one for one of them`,
  pageAxis: (path: string) => `${path}: must be a number of the setting, to be an axis of the map`,
  pageAxisRange: (path: string, from: number, to: number) =>
    `axis ${path}: must hold at least two values, got ${from}..${to}`,
  pageTakesLong: (preset: string) =>
    `${preset}: one run takes minutes in a browser; the command computes it and goes on where it was interrupted`,
  notParquet: (name: string, why: string) => `${name}: is no Parquet file that can be read (${why})`,
  parquetNotOurs: (name: string) =>
    `${name}: carries no spec (benign-lab.spec in its metadata); tables that benign writes do, such as table.parquet`,
  parquetColumn: (name: string, column: string) =>
    `${name}: has no column ${shown(column)}, which tables of its spec have`,
  parquetRows: (name: string, rows: number, cells: number) =>
    `${name}: has ${rows} rows, and its spec has ${cells} cells`,
  parquetRow: (name: string, row: number, why: string) => `${name}: row ${row + 1}: ${why}`,
  gridBeyondPage: (name: string, cells: number, most: number) =>
    `${name}: its spec has ${cells} cells, a page draws at most ${most}; benign figure draws more`,
  recordsWithoutSpec: (name: string) =>
    `${name}: records lie beside the spec of their folder: drop spec.yaml with them`,
  specWithoutRecords: (name: string) => `${name}: a spec without runs: drop its records/*.jsonl or a .parquet with it`,
  dropMixed: (data: string, results: string) =>
    `${data} is data and ${results} is of a results folder: drop one or the other`,
  dropNothing: () =>
    'nothing to read: drop a data set (CSV, IDX, .npy, .npz, a batch of CIFAR-10), or a results folder or its table.parquet',
  dropTooMany: (count: number) =>
    `${count} files: a data set is one file, or points and labels apart, or several batches of CIFAR-10`,
  fileTooLarge: (name: string, size: number, most: number) =>
    `${name}: has ${size} bytes, a page reads at most ${most}`,
  tableOfCells: (name: string) =>
    `${name}: holds means over runs and not the runs: views have no intervals, levels and theory through them; a folder's records, or benign table --rows runs --format parquet, have them`,
  needsRuns: (name: string, what: string) => `${what}: needs the runs, and ${name} holds means over them alone`,
  viewNumbers: (text: string) => `level: must be numbers, such as 0.2 or .1, .2, got ${shown(text)}`,
  mapUnderWay: (done: number, total: number) => `the map is still being computed: ${done} of ${total} runs are there`,
  pageNeedsData: (preset: string, points: string) =>
    `${preset}: needs ${points}, which a page does not have; drop the data under "Your data", or use the command line`,
  mapTwice: (x: string, y: string) =>
    `two cells lie at the same ${x} and ${y}: tell them apart with --facet, or leave some out with --where`,
  baselinesBeside: (name: string) =>
    `--baselines: are clean test errors, and --y is ${name}; draw them beside testErrorClean`,
  noBaselines: () =>
    '--baselines: the runs keep none; name maxMarginError, averagingError, minimumNormError, lazyError or bayesError under record.values',
  noLogOfWords: (role: string, name: string) => `--log ${role}: ${name} has words for values, which have no logarithm`,
  collapseAlone: () => '--collapse: is two panels already, and takes no --facet',
  collapseOver: (name: string) =>
    `--collapse: needs a --x of several parameters of which one runs along each line, such as S; got ${name}`,
  noGrid: (folder: string, command: string) =>
    `${folder}: holds what benign ${command} left, whose runs lie on no grid; a view is drawn of what sweep, run and reproduce leave`,
  noPdf: (file: string) =>
    `${file}: PDFs are made by Typst, which is not installed: npm install @myriaddreamin/typst-ts-node-compiler`,
  noNumbers: (file: string) =>
    `${file}: only a plot has its numbers as a table; those of this figure are in its .vl.json`,
  viewTwice: (where: string, name: string, first: number) =>
    `${where}: ${shown(name)} is the name of figures.${first} already`,
  noComparison: (what: string) => `--against: ${what} has no published table to compare with cell by cell`,
} as const;

/** How a run ended, in a sentence with advice. */
export function outcomeSentence(
  outcome: 'interpolated' | 'step-limit' | 'diverged' | 'stalled' | 'cannot-interpolate' | 'unresolved',
  steps: number,
  rule: {
    readonly stop: string;
    readonly maxSteps: number;
    readonly schedule?: string;
    readonly scheduleSteps?: number;
  },
  /** the training loss at which real labels count as fitted; absent: labels are classes */
  real?: number,
): string {
  switch (outcome) {
    case 'interpolated':
      return real === undefined
        ? `interpolated: every observed training label is fitted after ${steps} steps`
        : `interpolated: real labels are fitted to a training loss of at most ${real} after ${steps} steps`;
    case 'step-limit':
      if (rule.stop === 'steps')
        return real === undefined
          ? `step limit: some labels are not fitted after ${steps} steps`
          : `step limit: the training loss is above training.epsilon = ${real} after ${steps} steps; raise training.maxSteps or training.eta`;
      return steps >= rule.maxSteps
        ? `step limit: ${steps} steps were not enough for the rule ${rule.stop}; raise training.maxSteps or training.eta`
        : `stopped by the rule ${rule.stop} at step ${steps} with some labels not fitted; lower training.epsilon`;
    case 'diverged':
      return `diverged at step ${steps}: the loss blew up; lower training.eta`;
    case 'stalled':
      if (rule.schedule === 'cosine' && steps >= (rule.scheduleSteps ?? Infinity))
        return `stalled at step ${steps}: the schedule has brought the step size to 0; raise training.scheduleSteps or training.eta`;
      return `stalled at step ${steps}: no weight can move any more; raise network.sigma0, or use leaky-relu`;
    case 'unresolved':
      return `unresolved: halving the step size still changed the outputs at step ${steps} by more than training.flowTolerance; raise it, or lower training.eta or training.maxSteps`;
    case 'cannot-interpolate':
      return `cannot interpolate: equal inputs carry ${real === undefined ? 'opposite' : 'different'} labels (${steps} steps made); raise data.sigmaP`;
  }
}

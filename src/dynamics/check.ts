/** What every engine asks of a problem before it starts. */
import { columnParts } from '../core/frame-parts.ts';
import { hasNaN } from '../core/linear-algebra.ts';
import { checkSample } from '../data/sample.ts';
import type { Loss, OwnLoss } from '../network/loss.ts';
import type { HiddenLayers, LayerWeights } from '../network/hidden.ts';
import { checkNetwork } from '../network/two-layer.ts';
import type { Asked, Engine, Problem, Refusal, Tier } from './engine.ts';
import { checkInSpan } from './steps/in-span.ts';
import { allSamples } from './steps/puller.ts';
import { descent } from './steps/rule.ts';

/**
 * Refuses a problem whose parts are impossible or do not fit together: without it numbers come out that belong to no
 * network; and one that the engine does not take.
 *
 * @throws RangeError with one sentence that names the place
 */
export function checkProblem(problem: Problem, engine: Engine): void {
  const {
    sample,
    network,
    init,
    loss,
    stepPerSample,
    etaOutput = 1,
    rule = descent,
    puller = allSamples,
    decay,
  } = problem;
  const refuse = (place: string, allowed: string, came: unknown): never => {
    throw new RangeError(`${place}: must be ${allowed}, got ${String(came)}`);
  };
  checkSample(sample);
  checkNetwork(network);
  const { filters, outputWeights } = network;
  const { perSample } = sample.patches;
  if (network.hidden) checkHiddenStart(network.hidden, init.hidden);
  else if (outputWeights.length !== filters && outputWeights.length !== filters * perSample)
    refuse(
      'network.outputWeights',
      `of length filters = ${filters}, or filters x patches.perSample = ${filters * perSample}`,
      `length ${outputWeights.length}`,
    );
  const { used, ambient } = sample.frame;
  if (!(Number.isInteger(init.columns) && init.columns >= used && init.columns <= ambient))
    refuse('init.columns', `an integer in [frame.used, frame.ambient] = [${used}, ${ambient}]`, init.columns);
  const wanted = sample.frame.parts && columnParts(sample.frame.parts, filters).length;
  if (wanted !== undefined && init.columns !== wanted)
    refuse('init.columns', `${wanted}, with an axis a filter in each part of the frame`, init.columns);
  if (init.rows.length !== filters * init.columns)
    refuse('init.rows', `of length filters x columns = ${filters * init.columns}`, `length ${init.rows.length}`);
  if (hasNaN(init.rows)) refuse('init.rows', 'numbers', NaN);
  if (init.bias.length !== filters) refuse('init.bias', `of length filters = ${filters}`, `length ${init.bias.length}`);
  if (hasNaN(init.bias)) refuse('init.bias', 'numbers', NaN);
  if (loss !== 'logistic' && loss !== 'hinge' && loss !== 'squared') checkLoss(loss);
  if (sample.targets && loss !== 'squared') refuse('loss', 'squared where the sample has targets', nameOf(loss));
  if (sample.targets && puller.turned !== 0) refuse('puller.turned', '0 where the sample has targets', puller.turned);
  if (rule.inSpan && !OF_THE_SPAN.has(rule.id)) checkInSpan(rule);
  if (!(stepPerSample >= 0)) refuse('stepPerSample', '>= 0', stepPerSample);
  if (!(etaOutput > 0)) refuse('etaOutput', '> 0', etaOutput);
  if (puller.turned < 0 || puller.turned > 1) refuse('puller.turned', 'in [0, 1]', puller.turned);
  const { stepSize = sample.n * stepPerSample } = problem;
  const divides = !rule.inSpan || rule.normalised !== undefined || rule.ascent !== undefined;
  if (!(divides ? stepSize > 0 : stepSize >= 0)) refuse('stepSize', divides ? '> 0' : '>= 0', stepSize);
  if (decay && !(decay.lambda >= 0)) refuse('decay.lambda', '>= 0', decay.lambda);
  const [refusal] = engine.refuses(askedOf(problem));
  if (refusal) throw new RangeError(`engine ${engine.id}: needs ${refusal.needs}; ${refusal.use} takes this problem`);
}

/** What a problem asks of an engine. */
export const askedOf = ({ network, loss, rule = descent, puller = allSamples, decay, schedule }: Problem): Asked => ({
  activation: network.activation.kind === 'piecewise-linear' ? 'piecewise-linear' : 'other',
  deep: network.hidden !== undefined,
  trainsOutput: network.trainsOutput,
  loss: loss === 'logistic' || loss === 'hinge' ? loss : 'other',
  turnsLabels: puller.turned > 0,
  scalesLabels: Number.isNaN(puller.turned),
  weighs: puller.weighs,
  decays: decay !== undefined,
  schedules: schedule !== undefined,
  rule: rule.id,
  inSpan: rule.inSpan,
});

/** Rules of this program that stay in the span: the test of others is one of linear rules. */
const OF_THE_SPAN: ReadonlySet<string> = new Set(['descent', 'momentum', 'nesterov', 'normalised', 'sam']);

/** The tier of the views of an engine's runs on a problem. */
export const offersOf = (problem: Problem, engine: Engine): Tier => engine.offers?.(askedOf(problem)) ?? 'span';

/** A user's loss has no name. */
const nameOf = (loss: Loss): string => (typeof loss === 'string' ? loss : "a loss of one's own");

/** A user's loss at the margin where training starts, about 0. */
function checkLoss(loss: OwnLoss): void {
  const refuse = (place: string, came: unknown, allowed = 'a number >= 0'): never => {
    throw new RangeError(`${place}: must be ${allowed}, got ${String(came)}`);
  };
  if (typeof loss?.value !== 'function' || typeof loss.slope !== 'function')
    refuse('loss', loss, 'logistic, hinge, or a value and a slope');
  if (!(loss.value(0) >= 0)) refuse('loss.value(0)', loss.value(0));
  if (!(loss.slope(0) >= 0)) refuse('loss.slope(0)', loss.slope(0));
}

/** @throws RangeError where layers 2, ..., L-1 do not have the widths that the network says */
function checkHiddenStart({ widths }: HiddenLayers, start: readonly LayerWeights[] = []): void {
  const refuse = (place: string, allowed: string, came: unknown): never => {
    throw new RangeError(`init.hidden${place}: must be ${allowed}, got ${String(came)}`);
  };
  if (start.length !== widths.length - 1) refuse('', `${widths.length - 1} layers`, start.length);
  start.forEach(({ weights, bias }, at) => {
    const [below, units] = [widths[at]!, widths[at + 1]!];
    if (weights.length !== units * below)
      refuse(`[${at}].weights`, `of length ${units} x ${below}`, `length ${weights.length}`);
    if (hasNaN(weights)) refuse(`[${at}].weights`, 'numbers', NaN);
    if (bias.length !== units) refuse(`[${at}].bias`, `of length ${units}`, `length ${bias.length}`);
    if (hasNaN(bias)) refuse(`[${at}].bias`, 'numbers', NaN);
  });
}

const refusesDepth = ({ deep = false }: Pick<Asked, 'deep'>): readonly Refusal[] =>
  deep ? [{ of: 'deep', needs: 'network.depth: 2', use: 'gram' }] : [];

/** Of an engine that takes every two-layer network. */
export const refusesNothing: Engine['refuses'] = refusesDepth;

/** Of one that holds the weights by their coefficients alone. */
export const refusesOutOfSpan: Engine['refuses'] = (asked) => [...refusesDepth(asked), ...refusesCoordinates(asked)];

/** The same at any depth. */
export const refusesCoordinates: Engine['refuses'] = ({ inSpan }) =>
  inSpan ? [] : [{ of: 'inSpan', needs: 'steps in the span of the start and the anchors', use: 'direct' }];

/**
 * Of the engines that follow activation patterns.
 *
 * @param only the loss for which they are made
 * @param other who takes the other loss
 */
export const refusesAllButPatterns =
  (only: Asked['loss'], other: string): Engine['refuses'] =>
  ({ activation, deep = false, trainsOutput, loss, turnsLabels, scalesLabels, weighs, decays, schedules, rule }) => [
    ...refusesDepth({ deep }),
    ...(activation === 'piecewise-linear'
      ? []
      : [{ of: 'activation', needs: 'a piecewise-linear activation (relu, leaky-relu)', use: 'gram' } as const]),
    ...(trainsOutput ? [{ of: 'trainsOutput', needs: 'a fixed output layer', use: 'gram' } as const] : []),
    ...(turnsLabels ? [{ of: 'turnsLabels', needs: 'training.labelNoise: 0', use: 'gram' } as const] : []),
    ...(scalesLabels ? [{ of: 'scalesLabels', needs: 'training.labelNoiseLaw: turns', use: 'gram' } as const] : []),
    ...(weighs ? [{ of: 'weighs', needs: 'training.batch: 0', use: 'gram' } as const] : []),
    ...(decays ? [{ of: 'decays', needs: 'training.weightDecay: 0', use: 'gram' } as const] : []),
    ...(schedules ? [{ of: 'schedules', needs: 'training.schedule: constant', use: 'gram' } as const] : []),
    ...(rule === 'descent' ? [] : [{ of: 'rule', needs: 'training.rule: descent', use: 'gram' } as const]),
    ...(loss === only ? [] : [{ of: 'loss', needs: `training.loss: ${only}`, use: other } as const]),
  ];

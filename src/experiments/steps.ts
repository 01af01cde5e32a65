/** What a cell says about its steps: rule, pullers, decay, schedule. */
import type { StreamKey } from '../core/random.ts';
import type { Problem } from '../dynamics/engine.ts';
import { inBatches } from '../dynamics/steps/batches.ts';
import { gaussianLabels, turnedLabels, uniformLabels } from '../dynamics/steps/label-noise.ts';
import { allSamples, type Puller } from '../dynamics/steps/puller.ts';
import { cosine, stepwise, warmUp, type Schedule } from '../dynamics/steps/schedule.ts';
import type { Cell } from './cell.ts';
import { RULES } from './rules.ts';
import { stepPerSample, stepSize } from './units.ts';

type Steps = Pick<Problem, 'stepPerSample' | 'stepSize' | 'etaOutput' | 'rule' | 'puller' | 'decay' | 'schedule'>;

/** @param key names the streams of label noise and batches */
export function stepsOf(cell: Cell, key: StreamKey): Steps {
  const { training } = cell;
  const { make, decays } = RULES[training.rule];
  const schedule = scheduleOf(training);
  return {
    stepPerSample: stepPerSample(cell),
    stepSize: stepSize(cell),
    etaOutput: training.etaOutput,
    rule: make(training),
    puller: pullerOf(cell, key),
    ...(training.weightDecay > 0 && {
      decay: {
        lambda: training.weightDecay,
        // Where the two are alike the kernel has the second.
        coupled: decays === 'coupled' || (decays === 'either' && training.decay === 'coupled'),
      },
    }),
    ...(schedule && { schedule }),
  };
}

function pullerOf({ data: { n }, training }: Cell, key: StreamKey): Puller {
  const labels = labelsOf(training, key);
  const { batch, replacement, reduction } = training;
  return batch > 0 ? inBatches(labels, { n, batch, replacement, reduction }, key) : labels;
}

function labelsOf(training: Cell['training'], key: StreamKey): Puller {
  switch (training.labelNoiseLaw) {
    case 'turns':
      return training.labelNoise > 0 ? turnedLabels(training.labelNoise, key) : allSamples;
    case 'gaussian':
      return gaussianLabels(training.labelMean, training.labelSd, key);
    case 'uniform':
      return uniformLabels(training.labelLow, training.labelHigh, key);
  }
}

function scheduleOf({ schedule, scheduleSteps, scheduleFactor }: Cell['training']): Schedule | undefined {
  switch (schedule) {
    case 'constant':
      return undefined;
    case 'warm-up':
      return warmUp(scheduleSteps);
    case 'step':
      return stepwise(scheduleSteps, scheduleFactor);
    case 'cosine':
      return cosine(scheduleSteps);
  }
}

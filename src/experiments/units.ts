/** Parameters that are given in units of others, as plain numbers. */
import { signalAndNoise, type Cell } from './cell.ts';
import { RULES } from './rules.ts';

/** sigma_0: the standard deviation of an initial weight. */
export function initialScale(cell: Cell): number {
  const { data, network } = cell;
  const { sigmaP } = signalAndNoise(cell);
  return network.sigma0Unit === 'absolute' ? network.sigma0 : network.sigma0 / (sigmaP * Math.sqrt(data.d));
}

/**
 * v* = n^{1/4} m^{-1/2} sigma_p^{-1/2} d^{-1/4}: where the initial output weight begins to matter when both layers are
 * trained (the kink of the phase diagram of Shang et al. 2024, reconstructed; for a sum over the filters, output scale
 * 1).
 */
export function criticalOutput(cell: Cell): number {
  const { data, network } = cell;
  const { sigmaP } = signalAndNoise(cell);
  return Math.sqrt(Math.sqrt(data.n / data.d) / (network.m * sigmaP));
}

/** v_0: the output weight before the first step. */
export function initialOutputWeight(cell: Cell): number {
  return cell.network.v0Unit === 'absolute' ? cell.network.v0 : cell.network.v0 * criticalOutput(cell);
}

/** eta: the step size of the filters. */
export function stepSize(cell: Cell): number {
  const { data, network, training } = cell;
  const { sigmaP } = signalAndNoise(cell);
  switch (training.etaUnit) {
    case 'absolute':
      return training.eta;
    case 'n*m/(sigmaP^2*d)':
      return (training.eta * data.n * network.m) / (sigmaP * sigmaP * data.d);
    // With it all rules that share a limit eta -> 0 make as many steps for the same time of it.
    case '(1-momentum)*n*m/(sigmaP^2*d)': {
      const kept = RULES[training.rule].reads.includes('momentum') ? 1 - training.momentum : 1;
      return (training.eta * kept * data.n * network.m) / (sigmaP * sigmaP * data.d);
    }
    case 'n/(4*sigmaP^2*d*m*max(v0,v*)^2)': {
      const v = Math.max(initialOutputWeight(cell), criticalOutput(cell));
      return (training.eta * data.n) / (4 * sigmaP * sigmaP * data.d * network.m * v * v);
    }
  }
}

/** What a sample's slope is multiplied by in a step: eta, over n under the mean. */
export const stepPerSample = (cell: Cell): number =>
  cell.training.reduction === 'mean' ? stepSize(cell) / cell.data.n : stepSize(cell);

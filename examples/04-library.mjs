// The library: draw one problem, train it step by step, and look inside.
// gamma is what the network has learned of the signal, rho-bar what it has memorised of the noise (docs/model.md).
// In a clone, build once with `npm run build`; then:
//   node examples/04-library.mjs
import { cells, coefficients, drawProblem, specFrom, streamKey, testError, trainCell } from 'benign-lab';

const spec = specFrom(
  {
    data: { n: 20, d: 1e6, mu: 30, flip: 0.1, flipLaw: 'exact', flips: 2 },
    network: { m: 10, sigma0: 0.01, sigma0Unit: '1/(sigmaP*sqrt(d))' },
    training: { eta: 1, etaUnit: 'n*m/(sigmaP^2*d)', maxSteps: 100 },
  },
  'example',
);
const [cell] = cells(spec);
const key = streamKey(cell, spec.seed, 0); // every random number of this run comes from this key
const problem = drawProblem(cell, key);
const { sample, network } = problem;

const { ending, view } = trainCell(cell, problem, (t, now) => {
  if (t % 25 === 0)
    console.log(`t = ${t}: smallest margin ${Math.min(...sample.labels.map((y, i) => y * now.outputs[i])).toFixed(3)}`);
});

const mean = (values) => values.reduce((sum, x) => sum + x, 0) / values.length;
const { gamma, rho } = coefficients(view, sample, network);
const rhoBar = [...rho].filter((_, at) => sample.labels[at % sample.n] === network.classes[Math.floor(at / sample.n)]); // y_i = j
const error = testError(view, network.activation, sample.anchors, sample.fresh, cell.test, key);

console.log(
  `${ending.outcome} after ${ending.steps} steps, ${sample.labels.filter((y, i) => y !== sample.trueLabels[i]).length} wrong labels among ${sample.n}`,
);
console.log(`gamma ${mean([...gamma]).toFixed(4)}, rho-bar ${mean(rhoBar).toFixed(4)}`);
console.log(`test error ${error.noisy.toFixed(4)} (SE ${error.noisySe.toFixed(4)}), floor p = ${sample.fresh.flip}`);

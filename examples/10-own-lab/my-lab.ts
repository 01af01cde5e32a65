// A lab with parts of one's own: a data model with two noisy patches, and an observable. Worker threads import this
// module, so it does nothing else. my-sweep.ts uses it, and once compiled the command line:
//   npx benign sweep examples/10-own-lab/two-noises.yaml --lab examples/10-own-lab/my-lab.js --out out/two-noises
import { dataModel, drawLabels, drawNoise, lab, observable, rowProduct, singleTermPatches } from 'benign-lab';

/** The true label times the signal in one patch; the noise's variance split over two others, a share rho in the last. */
const twoNoises = dataModel({
  id: 'mine/two-noises',
  meaning: 'a signal patch and two noisy ones',
  parameters: {
    rho: { glyph: 'ρ', meaning: 'share of the noise variance in the last patch', range: [0, 1], default: 0.5 },
  },
  draw(data, key) {
    const { n, d, mu, sigmaP, rho, flip } = data;
    // 2n vectors of one law: noise 2i of sample i in patch 1, noise 2i + 1 in patch 2.
    const noise = drawNoise({ ...data, n: 2 * n }, 1, 1, key);
    const sigma = [sigmaP * Math.sqrt(1 - rho), sigmaP * Math.sqrt(rho)] as const;
    const { trueLabels, labels } = drawLabels(n, data, key, (i, j) => rowProduct(noise, 2 * i, 2 * j));
    const { used, rows, fresh } = noise;
    const vectors = new Float64Array((1 + 2 * n) * used);
    vectors[0] = mu;
    rows.forEach((x, at) => (vectors[used + at] = sigma[Math.floor(at / used) % 2]! * x));
    const anchor = Array.from({ length: 3 * n }, (_, q) => (q % 3 === 0 ? 0 : 1 + 2 * Math.floor(q / 3) + (q % 3) - 1));
    const coefficient = anchor.map((_, q) => (q % 3 === 0 ? trueLabels[q / 3]! : 1));
    return {
      n,
      frame: { ambient: d, used },
      anchors: 1 + 2 * n,
      vectors,
      patches: singleTermPatches(3, anchor, coefficient),
      labels,
      trueLabels,
      fresh: {
        kind: 'law',
        atoms: [1, -1].map((label) => ({ probability: 0.5, label, patches: [[[0, label]], [], []] })),
        noisy: [1, 2].map((patch, p) => ({ ...fresh, patch, sigma: sigma[p]! })),
        flip,
      },
      roles: { signal: [0], noisy: [1, 2], noise: Array.from({ length: 2 * n }, (_, at) => 1 + at) },
    };
  },
});

const spread = observable({
  id: 'mine/spread',
  glyph: 'max − min yf',
  meaning: 'largest less smallest margin of the training points',
  needs: [],
  of({ view, sample }) {
    const margins = sample.labels.map((y, i) => y * view.outputs[i]!);
    return Math.max(...margins) - Math.min(...margins);
  },
});

export default lab.with(twoNoises, spread);

/**
 * A lab for the tests, as a module that threads import: twins of standard parts, whose numbers are known, and a few
 * parts of their own.
 */
import { sigmoidOfMinus, softplusOfMinus } from '../../src/core/special.ts';
import { drawSignalNoise } from '../../src/data/signal-noise.ts';
import { direct } from '../../src/dynamics/direct.ts';
import { activation, dataModel, engine, lab, loss, observable, rule } from '../../src/index.ts';

const relu = activation({
  id: 'twin/relu',
  value: (h) => (h > 0 ? h : 0),
  slope: (h) => (h > 0 ? 1 : 0),
});

const logistic = loss({ id: 'twin/logistic', value: softplusOfMinus, slope: sigmoidOfMinus });

const heavyBall = rule({
  id: 'twin/heavy-ball',
  parameters: { beta: { glyph: 'β', meaning: 'what is kept of the velocity', range: [0, 1], default: 0.9 } },
  start(size, { beta }) {
    const velocity = new Float64Array(size);
    return {
      move(pull) {
        velocity.forEach((v, k) => (pull[k] = velocity[k] = beta * v + pull[k]));
        return velocity.some((v) => v !== 0);
      },
    };
  },
});

const vectors = engine({ id: 'twin/direct', refuses: () => [], start: (problem) => direct.start(problem) });

const signalNoise = dataModel({
  id: 'twin/signal-noise',
  parameters: {
    rho: { glyph: 'ρ', meaning: 'nothing that it reads', range: [0, Infinity], default: 0.5 },
    colour: { glyph: 'c', meaning: 'nothing either', range: [0, 9], integer: true, default: 3 },
  },
  draw: (data, key) => drawSignalNoise(data, key),
});

const spread = observable({
  id: 'twin/spread',
  glyph: 'max − min yf',
  meaning: 'largest less smallest margin of the training points',
  needs: [],
  of({ view, sample }) {
    const margins = sample.labels.map((y, i) => y * view.outputs[i]);
    return Math.max(...margins) - Math.min(...margins);
  },
});

/** sigma(h) = h sqrt(1 + (s h)^2): smooth, zero at zero, not homogeneous. */
const swollen = activation({
  id: 'mine/swollen',
  parameters: { s: { glyph: 's', meaning: 'how soon it bends', range: [0, 10], default: 0.5 } },
  value: (h, { s }) => h * Math.sqrt(1 + (s * h) ** 2),
  slope: (h, { s }) => (1 + 2 * (s * h) ** 2) / Math.sqrt(1 + (s * h) ** 2),
});

/** l(z) = (sqrt(z^2 + 1) - z) w: smooth, positive, falling. */
const bent = loss({
  id: 'mine/bent',
  parameters: { w: { glyph: 'w', meaning: 'a factor', range: [0.1, 10], default: 2 } },
  value: (z, { w }) => w * (Math.sqrt(z * z + 1) - z),
  slope: (z, { w }) => w * (1 - z / Math.sqrt(z * z + 1)),
});

export default lab.with(relu, logistic, heavyBall, vectors, signalNoise, spread, swollen, bent);

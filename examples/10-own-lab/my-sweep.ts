// A sweep of one's own model on two threads, and a map of one's own observable: compiled, it is a program.
//   node examples/10-own-lab/my-sweep.js
import { heatMap, memory, sweep, threads } from 'benign-lab';
import mine from './my-lab.js';

const spec = mine.spec({
  data: { model: 'mine/two-noises', n: 20, flip: 0.1 },
  network: { m: 10 },
  axes: { 'data.d': [100, 1000], 'data.mu': [1, 2, 4, 8] },
  runs: 10,
  record: { values: ['mine/spread'] },
});
const results = await sweep(mine, spec, { pool: threads(2, new URL('./my-lab.js', import.meta.url)), store: memory() });
await heatMap(results.frame(), { value: 'mine/spread' }).write('spread.svg');

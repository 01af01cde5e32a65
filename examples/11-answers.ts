// What the commands papers, theory, verify and reproduce answer, as data in a program: no folder, no text to read.
// In a clone, build once with `npm run build`; then:
//   npx tsc --module nodenext --target es2023 --types node --ignoreConfig examples/11-answers.ts
//   node examples/11-answers.js
import { lab, memory, papers, reproduce, theory, threads, verify } from 'benign-lab';

for (const { id, figures } of await papers()) console.log(`${id}: ${figures.map((figure) => figure.id).join(', ')}`);

const spec = lab.spec({
  data: { n: 20, d: 1000, mu: 4, flip: 0.1 },
  network: { m: 10, sigma0: 0.001 },
  training: { eta: 0.1, maxSteps: 400 },
  runs: 4,
});
const told = await theory(lab, spec, { delta: 0.05, critical: 'mu' });
for (const { paper, regimes, leaves } of told.papers) {
  for (const { regime, critical } of regimes)
    console.log(`${paper} predicts: ${regime}, benign from mu = ${critical.benign[0]?.toPrecision(3)} on`);
  console.log(`${paper} asks for more: ${leaves.map(({ id }) => id).join(', ') || 'nothing'}`);
}

const pool = threads(2);
const checked = await verify(lab, spec, { pool, store: memory(), lemmas: ['kou-2023'] });
for (const { lemma, verdict, met, rate } of checked.lemmas)
  if (rate)
    console.log(`${lemma}: ${verdict}, on ${met} runs broken at a rate in [${rate.low}, ${rate.high.toFixed(2)}]`);

const made = await reproduce(lab, 'cao-2022/dimension', { pool, store: memory(), quick: true });
for (const { id, verdict, basis, ours } of made.comparisons) console.log(`${id}: ${verdict} (${basis}), ours ${ours}`);
console.log(`${made.paper}/${made.figure} ${made.variant}: ${made.verdict}`);
await made.figures[0]?.write('dimension.svg');

import { runCell } from '../src/experiments/run.ts';
import { LEMMAS } from '../src/verification/lemmas/index.ts';
import { check, needs } from '../src/verification/verify.ts';
import { FAMILIES, randomCell, type Family } from './lemma-settings.ts';
const count = Number(process.argv[2] ?? 50);
for (const family of Object.keys(FAMILIES) as Family[]) {
  const lemmas = LEMMAS.filter(({ id }) => FAMILIES[family](id));
  const need = needs(lemmas);
  const t0 = performance.now();
  const res = new Map<string, any[]>(lemmas.map((l) => [l.id, []]));
  for (let i = 0; i < count; i++) {
    const cell = randomCell(family, i, 1);
    const record = runCell(cell, 1, 0, { ...need, every: 10 });
    for (const l of lemmas) res.get(l.id)!.push({ ...check(l, cell, record), o: record.outcome, tl: record.values.trainLoss });
  }
  console.log(family, ((performance.now() - t0) / count).toFixed(1), 'ms each', count);
  for (const [id, all] of res) {
    const c: Record<string, number> = {};
    all.forEach((o) => (c[o.verdict] = (c[o.verdict] ?? 0) + 1));
    const met = all.filter((o) => o.unmet.length === 0 && o.least !== undefined);
    const u: Record<string, number> = {};
    all.forEach((o) => o.unmet.forEach((x: string) => (u[x] = (u[x] ?? 0) + 1)));
    console.log(' ', id.padEnd(36), JSON.stringify(c), 'least', Math.min(...met.map((o) => o.least)).toPrecision(3), 'most', Math.max(...met.map((o) => o.most)).toPrecision(3), JSON.stringify(u), JSON.stringify(all.flatMap((o) => o.missing).slice(0, 2)));
  }
}

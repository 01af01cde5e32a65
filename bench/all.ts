/**
 * Measures every claim and writes bench/RESULTS.md:
 *
 *   npm run build && node dist/bench/all.js
 *
 * With --quick: a smoke test, printed and not written, because its numbers are no result.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { machine, note, options, ROOT, section, type Claim } from './claim.ts';
import { dimension } from './dimension.ts';
import { frozenPatterns } from './frozen.ts';
import { fullMap } from './full-map.ts';
import { karhadkarMap } from './karhadkar-map.ts';
import { kouCell } from './kou-cell.ts';
import { largeN } from './large-n.ts';
import { longRuns } from './long-runs.ts';
import { manyCells } from './many-cells.ts';
import { map } from './map.ts';
import { rare } from './rare.ts';
import { steps } from './steps.ts';
import { wholeRuns } from './whole-run.ts';
import { workers } from './workers.ts';

const { quick } = options();
const claims: Claim[] = [];
for (const measure of [
  steps,
  wholeRuns,
  largeN,
  dimension,
  kouCell,
  fullMap,
  map,
  karhadkarMap,
  workers,
  manyCells,
  longRuns,
  frozenPatterns,
  rare,
])
  claims.push(await measure({ quick }));
const text = `# Benchmarks

Made by \`npm run build && node dist/bench/all.js${quick ? ' --quick' : ''}\`.

${machine(claims)}

${claims.map(section).join('\n')}`;
if (quick) process.stdout.write(text);
else {
  const file = join(ROOT, 'bench', 'RESULTS.md');
  writeFileSync(file, text);
  note(`written: ${file}`);
}
if (claims.some(({ holds }) => !holds)) process.exitCode = 3;

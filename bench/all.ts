/**
 * Measures every claim, or those that are named, and writes each into bench/RESULTS.md as it comes:
 *
 *   npm run build && node dist/bench/all.js [SECTION ...]
 *
 * With --quick: a smoke test, printed and not written, because its numbers are no result.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { note, options, ROOT, section, under } from './claim.ts';
import { deepSteps } from './deep.ts';
import { dimension } from './dimension.ts';
import { frozenPatterns } from './frozen.ts';
import { fullMap } from './full-map.ts';
import { images } from './images.ts';
import { karhadkarMap } from './karhadkar-map.ts';
import { kouCell } from './kou-cell.ts';
import { largeN } from './large-n.ts';
import { longRuns } from './long-runs.ts';
import { manyCells } from './many-cells.ts';
import { map } from './map.ts';
import { page } from './page.ts';
import { rare } from './rare.ts';
import { rules } from './rules.ts';
import { steps } from './steps.ts';
import { wholeRuns } from './whole-run.ts';
import { workers } from './workers.ts';

const MEASURES = {
  steps,
  rules,
  deep: deepSteps,
  'whole-run': wholeRuns,
  'large-n': largeN,
  images,
  dimension,
  'kou-cell': kouCell,
  'full-map': fullMap,
  map,
  'karhadkar-map': karhadkarMap,
  workers,
  'many-cells': manyCells,
  'long-runs': longRuns,
  frozen: frozenPatterns,
  rare,
  page,
} as const;
const FILE = join(ROOT, 'bench', 'RESULTS.md');
const HEAD = `# Benchmarks

Made by \`npm run bench\`, each section when it was measured: \`node dist/bench/all.js SECTION ...\` measures some again (${Object.keys(MEASURES).join(', ')}).
`;

const { quick } = options();
const asked = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const strange = asked.find((name) => !(name in MEASURES));
if (strange !== undefined) throw new Error(`no section ${strange}; there are ${Object.keys(MEASURES).join(', ')}`);

for (const [name, measure] of Object.entries(MEASURES)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const claim = await measure({ quick });
  if (!claim.holds) process.exitCode = 3;
  const text = `${section(claim)}\n${under(claim)}\n`;
  if (quick) process.stdout.write(`${text}\n`);
  else keep(claim.title, text);
}

/** In the place of the section of that title, or behind all others. */
function keep(title: string, text: string): void {
  const [, ...old] = readFileSync(FILE, 'utf8').split(/^(?=## )/m);
  const at = old.findIndex((one) => one.startsWith(`## ${title}\n`));
  if (at < 0) old.push(text);
  else old[at] = text;
  writeFileSync(FILE, [HEAD.trimEnd(), ...old.map((one) => one.trim())].join('\n\n').concat('\n'));
  note(`written: ${title}`);
}

/**
 * Claim: wall time of the published map of Karhadkar et al. 2024, 550 trials, with the labels as plotted and as coded.
 */
import { findPreset } from '../src/reproduction/preset.ts';
import { UserError } from '../src/errors.ts';
import { main, table, type Claim, type Options } from './claim.ts';
import { reproduction } from './full-map.ts';

const PRESET = 'karhadkar-2024/heat-map';
/** The most that a variant may take, in seconds. */
const LIMITS = { 'as-plotted': 60, 'as-coded': 15 } as const;

export async function karhadkarMap({ quick }: Options): Promise<Claim> {
  const rows: string[][] = [];
  let holds = true;
  for (const [variant, limit] of Object.entries(LIMITS)) {
    try {
      findPreset(PRESET, variant);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      rows.push([`${PRESET} ${variant}: no such preset yet`, '', '', '', String(limit), '']);
      continue;
    }
    const { command, runs, workers, wallSeconds, verdict } = await reproduction(PRESET, [
      '--variant',
      variant,
      ...(quick ? ['--quick'] : []),
    ]);
    holds &&= wallSeconds <= limit;
    rows.push([
      `\`${command}\``,
      runs.toLocaleString('en'),
      String(workers),
      wallSeconds.toFixed(1),
      String(limit),
      verdict,
    ]);
  }
  return {
    title: 'The map of Karhadkar et al.',
    text: [
      table(['command', 'runs', 'worker threads', 'wall seconds', 'bound', 'verdict'], rows),
      'From the start of the process to its end: every run, the store on disk, tables, figures and report.',
    ].join('\n\n'),
    holds,
  };
}

await main(import.meta.url, karhadkarMap);

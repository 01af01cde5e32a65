/** `benign sweep SPEC.yaml --out DIR`: every run of a spec, on threads, resumable. */
import { join } from 'node:path';
import type { Ended } from '../experiments/precision.ts';
import { messages, UserError } from '../errors.ts';
import { specAt } from './data.ts';
import { fields, type Frame } from '../experiments/frame.ts';
import { rowsOf } from '../experiments/table.ts';
import { SYMBOLS } from '../notation.ts';
import { sweepFigures, whyNoFigure } from '../reproduction/sweep-figures.ts';
import type { Replicates, Shard } from '../sweeps/plan.ts';
import { compute, type Computed } from './compute.ts';
import { EXIT, printJson, say } from './context.ts';

import { defaultWorkers } from './options.ts';
import { writeFigures, writeTables } from './outputs.ts';

export interface SweepCommandOptions {
  set: string[];
  out: string;
  workers?: number;
  json?: boolean;
  dryRun?: boolean;
  maxTime?: number;
  checkpoint: number;
  retryFailed?: boolean;
  replicates?: Replicates;
  shard?: Shard;
  reuse: string[];
  lease: number;
}

export async function sweep(file: string, options: SweepCommandOptions): Promise<number> {
  const written = await specAt(file, options.set);
  const workers = options.workers ?? defaultWorkers();
  const { replicates, shard, maxTime, checkpoint, retryFailed = false, reuse, lease } = options;
  if (replicates && written.precision) throw new UserError(messages.replicatesPrecise());
  // Replicates beyond the spec's runs are more runs.
  const asked = replicates ? { ...written, runs: Math.max(written.runs, replicates.to) } : written;
  if (options.dryRun) return (await import('./dry-run.ts')).dryRun(asked, workers, options);
  const computed = await compute(
    asked,
    options.out,
    workers,
    `benign sweep ${[file, ...options.set.map((one) => `--set ${one}`)].join(' ')}`,
    { command: 'sweep' },
    { replicates, shard, maxTime, checkpoint, reuse, lease, passFailed: !retryFailed },
  );
  if (computed.interruptedBy !== null) return computed.interruptedBy;
  const { report, wallSeconds } = computed;
  // Who comes last makes the tables: those of a part would be taken for the whole.
  if (shard && !computed.results.complete) return ofShard(shard, computed, options);
  const frame = computed.results.frame();
  const { spec } = frame;
  writeTables(options.out, spec, rowsOf(frame));
  const figures = await writeFigures(options.out, sweepFigures(frame, { title: spec.name || 'sweep' }));
  const ended = spec.precision && endings(frame);
  const summary = {
    folder: options.out,
    cells: frame.cells.length,
    runs: frame.count,
    runsNow: report.made,
    failed: report.failed,
    ...(ended && { ended }),
    wallSeconds: Number(wallSeconds.toFixed(3)),
    workers,
    figures,
  };
  if (options.json) printJson(summary);
  else {
    say(
      `${frame.cells.length} cells (${spec.axes.map(({ id, glyph, values }) => `${values.length} ${glyph ?? SYMBOLS[id].glyph}`).join(' x ') || 'one'}), ${frame.count} runs, ${report.made} made now in ${wallSeconds.toFixed(1)} s`,
    );
    if (ended)
      say(
        `${ended.precise} cells to ± ${spec.precision!.halfWidth} in the mean ${SYMBOLS[spec.precision!.of].glyph}, ${ended['max-runs']} at the cap of ${spec.runs} runs`,
      );
    say(`table:   ${join(options.out, 'table.csv')}`);
    say(
      figures.length > 0
        ? `picture: ${join(options.out, 'figures', `${figures[0]}.png`)}`
        : `no picture: ${whyNoFigure(spec) || 'none could be drawn'}`,
    );
  }
  return report.failed.length > 0 ? EXIT.someFailed : EXIT.ok;
}

function ofShard({ at, of }: Shard, { results, report }: Computed, { out, json }: SweepCommandOptions): number {
  const name = `${at + 1}/${of}`;
  const { count: runs, expected } = results;
  if (json) printJson({ folder: out, shard: name, runs, runsNow: report.made, failed: report.failed });
  else say(`shard ${name} is done: ${report.made} runs made now, ${runs} of ${expected} are in ${out}`);
  return report.failed.length > 0 ? EXIT.someFailed : EXIT.ok;
}

/** How many cells ended for which reason; one that waits for a failed run has not. */
function endings(frame: Frame): Record<Ended, number> {
  const ended = fields(frame, 'ended');
  const count = (why: Ended): number => ended.filter((one) => one === why).length;
  return { precise: count('precise'), 'max-runs': count('max-runs') };
}

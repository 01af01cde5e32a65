/** Plays one run: its numbers over time, and what its filters and samples do. In a worker that may be ended at any step. */
import * as Comlink from 'comlink';
import { listen } from '../../core/heartbeat.ts';
import { useCompiled } from '../../core/kernel.ts';
import { outcomeSentence } from '../../errors.ts';
import { runCell } from '../../experiments/run.ts';
import { WatchedRun, type Scene, type Seen } from '../../experiments/watched-run.ts';
import { realLabelLoss } from '../../experiments/real-labels.ts';
import type { SymbolId } from '../../notation.ts';
import { told } from './told.ts';
import { everySecond } from '../../sweeps/web/clock.ts';
import type { Asked, Played, Player, Told } from './wire.ts';

const IDS: readonly SymbolId[] = [
  'trainLoss',
  'trainError',
  'testError',
  'testErrorClean',
  'marginMin',
  'marginMax',
  'ratio',
  'gamma',
  'rhoBar',
];
/** Entries over the whole run, and of them at its beginning one a step. */
const ENTRIES = 240;
const EARLY = 48;
/** Numbers in all scenes together. */
const MOST = 1.5e6;

class RunPlayer implements Player {
  private known: { readonly of: string; readonly run: WatchedRun } | undefined;

  play(asked: Asked, step: (step: number) => void): Told<Played> {
    listen(everySecond(step));
    return told(() => {
      const { cell, seed, replicate } = asked;
      const run = this.runOf(asked);
      const record = runCell(cell, seed, replicate);
      const steps: number[] = [];
      const rows: Float64Array[] = [];
      const scenes: Scene[] = [];
      const { filters, n, directions } = run.cast;
      const room = Math.max(8, Math.floor(MOST / (filters * (n + directions.length))));
      const every = Math.max(1, Math.ceil(record.steps / ENTRIES));
      const thin = Math.max(1, Math.ceil((ENTRIES + EARLY) / room));
      const see = (seen: Seen): void => {
        if (seen.t <= (steps.at(-1) ?? -1)) return;
        steps.push(seen.t);
        rows.push(seen.values());
        if (steps.length % thin === 1 || thin === 1) scenes.push(seen.scene());
      };
      if (every > 1) run.follow({ from: 0, to: EARLY, every: 1 }, see);
      run.follow({ from: 0, to: cell.training.maxSteps, every }, see);
      const last = steps.at(-1)!;
      if (scenes.at(-1)?.t !== last) {
        const moments = { from: last, to: last, every: Math.max(1, last) };
        run.follow(moments, (seen) => scenes.push(seen.scene()));
      }
      return {
        record,
        sentence: outcomeSentence(record.outcome, record.steps, cell.training, realLabelLoss(cell)),
        cast: run.cast,
        ids: run.ids,
        steps,
        columns: run.ids.map((_, k) => Float64Array.from(rows, (row) => row[k]!)),
        scenes,
      };
    });
  }

  scenes(asked: Asked, from: number, to: number): Told<readonly Scene[]> {
    return told(() => {
      const scenes: Scene[] = [];
      this.runOf(asked).follow({ from, to, every: 1 }, (seen) => scenes.push(seen.scene()));
      return scenes;
    });
  }

  private runOf({ cell, seed, replicate }: Asked): WatchedRun {
    const of = JSON.stringify([cell, seed, replicate]);
    if (this.known?.of !== of) this.known = { of, run: new WatchedRun(cell, seed, replicate, IDS) };
    return this.known.run;
  }
}

/** Begins with the kernel. */
const opened = (kernel: object): Player & Comlink.ProxyMarked => {
  useCompiled(kernel);
  return Comlink.proxy(new RunPlayer());
};

Comlink.expose({ opened });

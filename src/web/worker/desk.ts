/**
 * The laboratory behind the page, in a worker of its own: it reads states, hands runs to its workers and tells what comes
 * of them. A new question of a kind ends the one before it.
 */
import { meanFlip } from '../../core/flip-laws.ts';
import type { RunAnswer } from '../../answers/run.ts';
import * as Comlink from 'comlink';
import { useCompiled } from '../../core/kernel.ts';
import { UserError } from '../../errors.ts';
import { FirstRuns, runAnswer } from '../../answers/run.ts';
import { fields, inCell, numbers, overRuns, type Frame } from '../../experiments/frame.ts';
import { Results } from '../../experiments/results.ts';
import type { RunRecord } from '../../experiments/record.ts';
import type { Spec } from '../../experiments/spec.ts';
import { hasRealLabels } from '../../experiments/real-labels.ts';
import { PAPERS } from '../../papers/index.ts';
import { memory, type Memory } from '../../sweeps/memory.ts';
import { sweep } from '../../sweeps/sweep.ts';
import { keptWorkers } from '../../sweeps/web/kept-workers.ts';
import type { ModuleWorker } from '../../sweeps/web/workers.ts';
import type { PageState } from '../state/page-state.ts';
import { hiring } from './door.ts';
import { measuredLines, theoryTasks } from './map-lines.ts';
import { mapPicture, runPicture } from './pictures.ts';
import { benignShare } from './shares.ts';
import { cellOf, coarserSpec, describe, mapSpec, settingSpec, spanning } from './spec-of.ts';
import { commandText, specText } from './texts.ts';
import { lemmasOf, theoryOf } from './theory.ts';
import { told, toldLater } from './told.ts';
import type { Asked, Desk, LemmaLights, MapLine, MapPart, Shelf, Slot, TheoryTold, Told } from './wire.ts';

/** Strides of the maps that come before the finest, whose cells are among its own. */
const STRIDES = [8, 2, 1];
/** Milliseconds between two looks at a map on its way. */
const OFTEN = 150;
/** Records that are kept for maps to come. */
const MOST_LINES = 60_000;

export class LabDesk implements Desk {
  private readonly many: ReturnType<typeof keptWorkers>;
  private readonly one: ReturnType<typeof keptWorkers>;
  private readonly mapping = new Map<Slot, AbortController>();
  private asking: AbortController | undefined;
  private readonly judging = new Map<Slot, AbortController>();
  /** by slot: records of its maps, and the spec whose cells they are, axes apart */
  private readonly kept = new Map<Slot, { readonly of: string; readonly store: Memory }>();

  /** the last map that was made whole, by slot */
  private readonly made = new Map<
    Slot,
    { readonly of: string; readonly frame: Frame; readonly theory: readonly MapLine[] }
  >();

  constructor(workers: number, make: () => ModuleWorker, died: (why: string) => void) {
    this.many = keptWorkers(workers, { make, died });
    this.one = keptWorkers(1, { make, died });
  }

  presets(): Shelf {
    return PAPERS.map(({ id: paper, figures }) => ({
      paper,
      presets: figures.flatMap((figure) =>
        figure.variants.map(({ id, needs }) => ({ id: `${paper}/${figure.id}/${id}`, needsData: needs !== undefined })),
      ),
    }));
  }

  describe(state: PageState): ReturnType<Desk['describe']> {
    return told(() => describe(state));
  }

  asked(state: PageState): Told<Asked> {
    return told(() => {
      const spec = settingSpec(state);
      return { cell: cellOf(spec), seed: spec.seed, replicate: state.replicate };
    });
  }

  texts(state: PageState): ReturnType<Desk['texts']> {
    return told(() => ({
      run: specText(settingSpec(state), state),
      map: specText(mapSpec(state).spec, state),
      command: commandText(settingSpec(state), state),
    }));
  }

  theory(state: PageState): Told<TheoryTold> {
    return told(() => theoryOf(state));
  }

  lemmas(state: PageState): Promise<Told<LemmaLights>> {
    this.asking?.abort();
    const { signal } = (this.asking = new AbortController());
    return toldLater(() => lemmasOf(state, this.one, signal));
  }

  picture(state: PageState, of: 'map' | 'run', says?: string): ReturnType<Desk['picture']> {
    return told(() => (of === 'map' ? mapPicture(state, this.kept.get('A')?.store) : runPicture(state, says)));
  }

  async map(state: PageState, slot: Slot, see: (part: MapPart) => void): Promise<Told<null>> {
    const { signal } = begun(this.mapping, slot);
    return toldLater(async () => {
      const { spec } = mapSpec(state);
      const of = keyOf(spec, spec.axes);
      const made = this.made.get(slot);
      // Another colour of the same runs.
      if (made?.of === of) {
        see(partOf(made.frame, state, 1, [...made.theory, ...measuredLines(made.frame, state)]));
        return null;
      }
      const store = this.storeFor(spec, slot);
      const strides = STRIDES.filter(
        (stride) => stride === 1 || spec.axes.every(({ values }) => values.length > stride),
      );
      let under: MapPart['under'];
      let theory: readonly MapLine[] | undefined;
      for (const stride of strides) {
        const results = new Results(coarserSpec(spec, stride));
        let last = performance.now();
        let lines: readonly MapLine[] = [];
        const show = (): void => {
          const frame = results.frame();
          if (frame.complete) lines = [...(theory ?? []), ...measuredLines(frame, state)];
          const part = partOf(frame, state, stride, lines);
          see(under && part.done < part.total ? { ...part, under } : part);
          if (part.done === part.total) under = part;
          if (part.complete) this.made.set(slot, { of, frame, theory: theory ?? [] });
        };
        const { failed } = await sweep(results, {
          pool: this.many,
          store,
          signal,
          progress: (done, total) => {
            const now = performance.now();
            if (signal.aborted || done === 0 || done === total || now - last < OFTEN) return;
            show();
            // A look at a large map costs more than a moment.
            last = 2 * performance.now() - now;
          },
        });
        if (signal.aborted) return null;
        if (failed.length > 0) {
          show();
          throw new UserError(`${failed[0]!.run}: ${failed[0]!.why}`);
        }
        if (theory === undefined) {
          show();
          theory = await theoryOver(new Results(spanning(spec, stride)).frame(), signal);
          if (signal.aborted) return null;
        }
        show();
      }
      return null;
    });
  }

  async verdict(state: PageState, slot: Slot, see: (answer: RunAnswer) => void): Promise<Told<null>> {
    const { signal } = begun(this.judging, slot);
    return toldLater(async () => {
      const results = new Results(settingSpec(state));
      const store = memory();
      const look = (): void => {
        const frame = results.frame();
        const first = new FirstRuns(frame);
        for (const line of store.lines) first.see(JSON.parse(line) as RunRecord);
        if (first.shown) see(runAnswer(frame, first.shown, first.unfit));
      };
      let last = performance.now();
      const progress = (done: number, total: number): void => {
        if (signal.aborted || done === 0 || done === total || performance.now() - last < OFTEN) return;
        look();
        last = performance.now();
      };
      const { failed } = await sweep(results, { pool: this.one, store, signal, progress });
      if (signal.aborted) return null;
      if (failed.length > 0) throw new UserError(`${failed[0]!.run}: ${failed[0]!.why}`);
      look();
      return null;
    });
  }

  end(slot: Slot): void {
    for (const asked of [this.mapping, this.judging]) {
      asked.get(slot)?.abort();
      asked.delete(slot);
    }
    this.kept.delete(slot);
    this.made.delete(slot);
  }

  /** Maps of one setting share records, wherever their axes lie. */
  private storeFor({ values, scale, seed, runs, record }: Spec, slot: Slot): Memory {
    const of = keyOf({ values, scale, seed, runs, record });
    let kept = this.kept.get(slot);
    if (kept?.of !== of || kept.store.lines.length > MOST_LINES) {
      kept = { of, store: memory() };
      this.kept.set(slot, kept);
    }
    return kept.store;
  }
}

/** What a map's runs depend on. */
const keyOf = (
  { values, scale, seed, runs, record }: Pick<Spec, 'values' | 'scale' | 'seed' | 'runs' | 'record'>,
  axes: Spec['axes'] = [],
): string => JSON.stringify([[...values], [...scale], seed, runs, record, axes]);

/** A new question of a slot, which ends the one before it. */
function begun(asked: Map<Slot, AbortController>, slot: Slot): AbortController {
  asked.get(slot)?.abort();
  const controller = new AbortController();
  asked.set(slot, controller);
  return controller;
}

/** One statement after the other; between them other questions have their turn. */
async function theoryOver(frame: Frame, signal: AbortSignal): Promise<MapLine[]> {
  const lines: MapLine[] = [];
  for (const make of theoryTasks(frame)) {
    await new Promise((resolve) => setTimeout(resolve));
    if (signal.aborted) break;
    lines.push(...make());
  }
  return lines;
}

function partOf(frame: Frame, state: PageState, stride: number, lines: readonly MapLine[]): MapPart {
  const [up, right] = frame.spec.axes as [Spec['axes'][0], Spec['axes'][0]];
  const column = (name: string): (number | null)[] => (name in frame.columns ? numbers(frame, name) : []);
  const count = frame.cells.length;
  const values = new Float64Array(count).fill(NaN);
  const se = new Float64Array(count).fill(NaN);
  if (state.show === 'benign') {
    const error = overRuns(frame, 'testError');
    const missed = overRuns(frame, 'trainError');
    frame.cells.forEach((cell, at) => {
      const { data } = cell;
      if (hasRealLabels(cell)) return; // whose signs do not say whether they are fitted
      const errors = inCell(frame, error, at);
      const unfit = inCell(frame, missed, at);
      const share = benignShare(errors, unfit, meanFlip(data));
      if (share === undefined) return;
      values[at] = share;
      se[at] = Math.sqrt((share * (1 - share)) / errors.length);
    });
  } else {
    column(state.show).forEach((value, at) => (values[at] = value ?? NaN));
    column(`${state.show}Se`).forEach((value, at) => (se[at] = value ?? NaN));
  }
  const complete = stride === 1 && frame.complete;
  return {
    x: right.values as number[],
    y: up.values as number[],
    values,
    se,
    runs: Uint16Array.from(fields(frame, 'runs') as number[]),
    diverged: Uint16Array.from(column('diverged').map((one) => one ?? 0)),
    stride,
    done: frame.count,
    total: frame.expected,
    complete,
    lines,
  };
}

/** What the page hands over first. */
export interface Opening {
  readonly kernel: object;
  readonly workers: number;
  /** through which workers of runs are hired: see door.ts */
  readonly door: MessagePort;
}

/** Begins with the kernel; tells of workers that died. */
export const opened = ({ kernel, workers, door }: Opening, died: (why: string) => void): Desk & Comlink.ProxyMarked => {
  useCompiled(kernel);
  return Comlink.proxy(new LabDesk(workers, hiring(door), died));
};

/** One's own data and results, in a worker: opens files, diagnoses, draws. */
import * as Comlink from 'comlink';
import { useCompiled } from '../../core/kernel.ts';
import { offer } from '../../data/content.ts';
import type { DataChoice } from '../../data/readers/choice.ts';
import { DEFAULTS, type DiagnosisChoice } from '../../diagnosis/plan.ts';
import { messages, UserError } from '../../errors.ts';
import { measuredNames } from '../../experiments/cell-columns.ts';
import { CELL_PARAMETERS } from '../../notation.ts';
import { valueAt } from '../../experiments/cell.ts';
import { DERIVED } from '../../experiments/derived.ts';
import { memory, type Memory } from '../../sweeps/memory.ts';
import { keptWorkers } from '../../sweeps/web/kept-workers.ts';
import type { ModuleWorker } from '../../sweeps/web/workers.ts';
import { keepRuns, keptRuns } from '../state/kept.ts';
import type { DataDesk, Opened, OpenedData, OpenedResults, Progress } from './data-wire.ts';
import type { Opening } from './desk.ts';
import { hiring } from './door.ts';
import { diagnosed, type Diagnosed, type OfferedData } from './diagnosing.ts';
import { drawResults, type DrawnResults, type ViewForm } from './draw-results.ts';
import { readDropped, sortDropped, type Dropped, type ResultFiles } from './drop.ts';
import { readResults, type ReadResults } from './results-files.ts';
import { told, toldLater } from './told.ts';
import type { Told } from './wire.ts';

/** Bytes of a file, at the most: a browser holds no larger array surely. */
const LARGEST = 2 ** 31 - 1;
/** Milliseconds between two words on the progress, and between two keepings of what was made. */
const OFTEN = 200;
const KEEP = 4000;

export class RoomDesk implements DataDesk {
  private readonly pool: ReturnType<typeof keptWorkers>;
  private data: (OfferedData & { readonly store: Memory }) | undefined;
  private results: readonly ReadResults[] = [];
  private stopping: AbortController | undefined;

  constructor(workers: number, make: () => ModuleWorker, died: (why: string) => void) {
    this.pool = keptWorkers(workers, { make, died });
  }

  async open(files: readonly Dropped<Blob>[], choice: DataChoice): Promise<Told<Opened>> {
    return toldLater(async () => {
      const { data, results } = sortDropped(files);
      if (results.length > 0) return this.openResults(results);
      return this.openData(await Promise.all(data.map(read)), choice);
    });
  }

  async diagnose(choice: DiagnosisChoice, see: (progress: Progress) => void): Promise<Told<Diagnosed | null>> {
    this.stopping?.abort();
    const { signal } = (this.stopping = new AbortController());
    return toldLater(async () => {
      const { data } = this;
      if (!data) throw new UserError(messages.dropNothing());
      const { content, store } = data;
      let last = 0;
      let keeping = performance.now();
      let now: Progress = { done: 0, total: 0 };
      const progress = (done: number, total: number): void => {
        now = { done, total };
        const time = performance.now();
        if (done < total && time - last < OFTEN) return;
        last = time;
        see(now);
        if (done < total && time - keeping < KEEP) return;
        keeping = time;
        keepRuns(content, store.lines);
      };
      const working = (step: number, most: number): void => see({ ...now, step, most });
      const made = await diagnosed(data, choice, { pool: this.pool, store, signal, progress, working });
      keepRuns(content, store.lines);
      return made;
    });
  }

  stop(): void {
    this.stopping?.abort();
  }

  draw(form: ViewForm): Told<DrawnResults> {
    return told(() => drawResults(this.results, form));
  }

  private async openData(files: readonly Dropped[], choice: DataChoice): Promise<OpenedData> {
    const { name, points, files: written } = readDropped(files, choice);
    const content = offer(points);
    this.data = { content, files: written, store: memory(await keptRuns(content)) };
    const counts = new Map<string, number>();
    for (const label of points.labels) {
      const word = points.classNames?.[label] ?? String(label);
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
    const classes = [...counts].sort(([a], [b]) => Number(a) - Number(b) || (a < b ? -1 : 1));
    return { kind: 'data', name, shape: points.shape, count: points.count, classes, standard: DEFAULTS };
  }

  private async openResults(groups: readonly ResultFiles<Blob>[]): Promise<OpenedResults> {
    const opened: ReadResults[] = [];
    for (const { name, spec, call, report, records, tables } of groups)
      opened.push(
        await readResults({
          name,
          ...(spec && { spec: await read(spec) }),
          ...(call && { call: await read(call) }),
          ...(report && { report: await read(report) }),
          records: await Promise.all(records.map(read)),
          tables: await Promise.all(tables.map(read)),
        }),
      );
    this.results = opened;
    const frames = opened.map(({ frame }) => frame);
    const all = frames.flatMap(({ cells }) => cells);
    const differs = [...CELL_PARAMETERS].flatMap(([path, { id }]) =>
      new Set(all.map((cell) => valueAt(cell, path))).size > 1 ? [id] : [],
    );
    const axes = frames.flatMap(({ spec }) => spec.axes.map(({ name }) => name));
    const columns = new Set(frames.flatMap(({ columns: made }) => Object.keys(made)));
    const measured = frames.flatMap(({ spec, cells }) => measuredNames(spec, cells.slice(0, 1)));
    const derived = Object.keys(DERIVED).filter((name) => columns.has(name));
    return {
      kind: 'results',
      of: opened.map(({ name, frame }) => ({
        name,
        title: frame.spec.name,
        cells: frame.cells.length,
        runs: frame.count,
      })),
      parameters: [...new Set([...axes, ...differs, ...derived])],
      measured: [...new Set(measured)].filter((name) => columns.has(name) && !derived.includes(name)),
      notes: opened.flatMap(({ notes }) => notes),
    };
  }
}

async function read({ path, file }: Dropped<Blob>): Promise<Dropped> {
  if (file.size > LARGEST) throw new UserError(messages.fileTooLarge(path, file.size, LARGEST));
  try {
    return { path, file: new Uint8Array(await file.arrayBuffer()) };
  } catch (error) {
    throw new UserError(messages.unreadable(path, (error as Error).message));
  }
}

/** Begins with the kernel; tells of workers that died. */
const opened = ({ kernel, workers, door }: Opening, died: (why: string) => void): DataDesk & Comlink.ProxyMarked => {
  useCompiled(kernel);
  return Comlink.proxy(new RoomDesk(workers, hiring(door), died));
};

Comlink.expose({ opened });

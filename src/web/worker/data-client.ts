/** The page's side of the worker that has one's own data. Other files are another worker: what was open is gone with it. */
import * as Comlink from 'comlink';
import type { DataChoice } from '../../data/readers/choice.ts';
import type { DiagnosisChoice } from '../../diagnosis/plan.ts';
import type { DataDesk, Opened, Progress } from './data-wire.ts';
import type { Opening } from './desk.ts';
import type { Diagnosed } from './diagnosing.ts';
import { doorFor } from './door.ts';
import type { DrawnResults, ViewForm } from './draw-results.ts';
import type { Dropped } from './drop.ts';
import { hire } from './hire.ts';
import type { Told } from './wire.ts';

type Opens = { opened(opening: Opening, died: (why: string) => void): DataDesk & Comlink.ProxyMarked };

export class DataClient {
  private readonly worker: Worker;
  private readonly desk: Promise<Comlink.Remote<DataDesk>>;
  private readonly dead: Promise<never>;
  private bury: (why: Error) => void = () => {};

  /** @param say tells the reader of a worker that died */
  constructor(kernel: Promise<WebAssembly.Module>, say: (sentence: string) => void) {
    this.worker = hire('data');
    this.dead = new Promise<never>((_, reject) => (this.bury = reject));
    this.dead.catch(() => {});
    this.worker.addEventListener('error', ({ message }) =>
      this.bury(new Error(`The worker that has the data ended (${message || 'without a word'}); open it once more.`)),
    );
    const workers = Math.max(1, (navigator.hardwareConcurrency || 2) - 1);
    const open = async (): Promise<Comlink.Remote<DataDesk>> => {
      const room = Comlink.wrap<Opens>(this.worker);
      const died = (why: string): void => say(`A worker ended (${why || 'without a word'}) and was replaced.`);
      const module = await kernel;
      const { door, end } = doorFor(module);
      // Its workers of runs end with it.
      this.dead.catch(end);
      const opening = Comlink.transfer({ kernel: module, workers, door }, [door]);
      return (await room.opened(opening, Comlink.proxy(died))) as never;
    };
    this.desk = open();
    this.desk.catch(() => {});
  }

  open(files: readonly Dropped<Blob>[], choice: DataChoice): Promise<Told<Opened>> {
    return this.asked((desk) => desk.open(files, choice) as Promise<Told<Opened>>);
  }

  diagnose(choice: DiagnosisChoice, see: (progress: Progress) => void): Promise<Told<Diagnosed | null>> {
    return this.asked((desk) => desk.diagnose(choice, Comlink.proxy(see)) as Promise<Told<Diagnosed | null>>);
  }

  stop(): void {
    void this.asked((desk) => desk.stop()).catch(() => {});
  }

  draw(form: ViewForm): Promise<Told<DrawnResults>> {
    return this.asked((desk) => desk.draw(form) as Promise<Told<DrawnResults>>);
  }

  end(): void {
    this.worker.terminate();
    this.bury(new Error('the data was closed'));
  }

  private asked<T>(ask: (desk: Comlink.Remote<DataDesk>) => Promise<T>): Promise<T> {
    return Promise.race([this.desk.then(ask), this.dead]);
  }
}

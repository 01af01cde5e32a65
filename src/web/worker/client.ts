/** The page's side of its two workers: starts them with the kernel, replaces them, and hands over their answers. */
import type { RunAnswer } from '../../answers/run.ts';
import type { Scene } from '../../experiments/watched-run.ts';
import * as Comlink from 'comlink';
import type { PageState } from '../state/page-state.ts';
import type { Opening } from './desk.ts';
import { doorFor } from './door.ts';
import { hire } from './hire.ts';
import type {
  Asked,
  Desk,
  Described,
  LemmaLights,
  MapPart,
  Picture,
  Played,
  Player,
  Shelf,
  Slot,
  Texts,
  TheoryTold,
  Told,
} from './wire.ts';

type Opens<D, A extends unknown[]> = { opened(...args: A): D & Comlink.ProxyMarked };

interface Started<D> {
  readonly worker: Worker;
  readonly answers: Promise<Comlink.Remote<D>>;
  /** rejects when the worker dies */
  readonly dead: Promise<never>;
}

export class Client {
  readonly kernel: Promise<WebAssembly.Module>;
  private readonly say: (sentence: string) => void;
  private desk: Started<Desk> | undefined;
  private readonly players = new Map<Slot, Started<Player>>();
  /** runs that are being computed, by slot */
  private readonly playing = new Map<Slot, number>();

  /** @param say tells the reader of a worker that died */
  constructor(kernelFile: URL, say: (sentence: string) => void) {
    this.say = say;
    this.kernel = fetch(kernelFile).then(async (response) => {
      if (!response.ok) throw new Error(`the kernel cannot be read (${response.status})`);
      return WebAssembly.compile(await response.arrayBuffer());
    });
    // Whoever asks first is told.
    this.kernel.catch(() => {});
  }

  async presets(): Promise<Shelf> {
    return this.ofDesk((desk) => desk.presets() as Promise<Shelf>);
  }

  async describe(state: PageState): Promise<Told<Described>> {
    return this.ofDesk((desk) => desk.describe(state) as Promise<Told<Described>>);
  }

  async map(state: PageState, slot: Slot, see: (part: MapPart) => void): Promise<Told<null>> {
    return this.ofDesk((desk) => desk.map(state, slot, Comlink.proxy(see)) as Promise<Told<null>>);
  }

  async verdict(state: PageState, slot: Slot, see: (answer: RunAnswer) => void): Promise<Told<null>> {
    return this.ofDesk((desk) => desk.verdict(state, slot, Comlink.proxy(see)) as Promise<Told<null>>);
  }

  async texts(state: PageState): Promise<Told<Texts>> {
    return this.ofDesk((desk) => desk.texts(state) as Promise<Told<Texts>>);
  }

  async theory(state: PageState): Promise<Told<TheoryTold>> {
    return this.ofDesk((desk) => desk.theory(state) as Promise<Told<TheoryTold>>);
  }

  async lemmas(state: PageState): Promise<Told<LemmaLights>> {
    return this.ofDesk((desk) => desk.lemmas(state) as Promise<Told<LemmaLights>>);
  }

  async picture(state: PageState, of: 'map' | 'run', says?: string): Promise<Told<Picture>> {
    return this.ofDesk((desk) => desk.picture(state, of, says) as Promise<Told<Picture>>);
  }

  /** Ends what a slot has asked for, with the worker that plays its runs: nobody looks at it any more. */
  async end(slot: Slot): Promise<void> {
    this.players.get(slot)?.worker.terminate();
    this.players.delete(slot);
    this.playing.delete(slot);
    await (await this.desk?.answers)?.end(slot);
  }

  /** A later call of a slot ends those before it with their worker; they never answer. */
  async play(state: PageState, slot: Slot, step: (step: number) => void): Promise<Told<Played>> {
    if ((this.playing.get(slot) ?? 0) > 0) {
      this.players.get(slot)?.worker.terminate();
      this.players.delete(slot);
      this.playing.set(slot, 0);
    }
    const asked = await this.asked(state);
    if ('error' in asked) return asked;
    const started = this.player(slot);
    const player = await started.answers;
    this.playing.set(slot, (this.playing.get(slot) ?? 0) + 1);
    try {
      return (await Promise.race([player.play(asked.value, Comlink.proxy(step)), started.dead])) as Told<Played>;
    } finally {
      if (this.players.get(slot) === started) this.playing.set(slot, (this.playing.get(slot) ?? 1) - 1);
    }
  }

  async scenes(state: PageState, from: number, to: number): Promise<Told<readonly Scene[]>> {
    const asked = await this.asked(state);
    if ('error' in asked) return asked;
    const { answers, dead } = this.player('A');
    return Promise.race([(await answers).scenes(asked.value, from, to) as Promise<Told<readonly Scene[]>>, dead]);
  }

  private async asked(state: PageState): Promise<Told<Asked>> {
    return this.ofDesk((desk) => desk.asked(state) as Promise<Told<Asked>>);
  }

  /** What a dead worker was asked fails, and does not wait for ever. */
  private async ofDesk<T>(ask: (desk: Comlink.Remote<Desk>) => Promise<T>): Promise<T> {
    const { answers, dead } = this.theDesk();
    return Promise.race([ask(await answers), dead]);
  }

  private theDesk(): Started<Desk> {
    if (!this.desk) {
      const worker = hire('lab');
      const workers = Math.max(2, (navigator.hardwareConcurrency || 2) - 1);
      const dead = this.death(worker, () => (this.desk = undefined));
      const open = async (): Promise<Comlink.Remote<Desk>> => {
        const lab = Comlink.wrap<Opens<Desk, [Opening, (why: string) => void]>>(worker);
        const kernel = await this.kernel;
        const { door, end } = doorFor(kernel);
        // Its workers of runs end with it.
        dead.catch(end);
        return (await lab.opened(
          Comlink.transfer({ kernel, workers, door }, [door]),
          Comlink.proxy((why: string) => this.say(`A worker ended (${why || 'without a word'}) and was replaced.`)),
        )) as unknown as Comlink.Remote<Desk>;
      };
      this.desk = { worker, dead, answers: Promise.race([open(), dead]) };
    }
    return this.desk;
  }

  private player(slot: Slot): Started<Player> {
    let player = this.players.get(slot);
    if (!player) {
      const worker = hire('player');
      const open = async (): Promise<Comlink.Remote<Player>> => {
        const lab = Comlink.wrap<Opens<Player, [object]>>(worker);
        return (await lab.opened(await this.kernel)) as unknown as Comlink.Remote<Player>;
      };
      const forget = (): void => void this.players.delete(slot);
      const dead = this.death(worker, forget);
      player = { worker, dead, answers: Promise.race([open(), dead]) };
      this.players.set(slot, player);
    }
    return player;
  }

  /** Never resolves; rejects when the worker dies. */
  private death(worker: Worker, forget: () => void): Promise<never> {
    const dead = new Promise<never>((_, reject) => {
      worker.addEventListener('error', (event) => {
        forget();
        worker.terminate();
        this.say(`A worker of the laboratory ended (${event.message || 'without a word'}); it is started anew.`);
        reject(new Error(event.message || 'a worker ended'));
      });
    });
    dead.catch(() => {});
    return dead;
  }
}

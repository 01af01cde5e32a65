/**
 * How a worker has workers of its own: the page starts them, and a port joins the two. Firefox (ESR 153) now and then
 * blocks for ever a worker that starts another one.
 */
import type { ModuleWorker } from '../../sweeps/web/workers.ts';
import { hire } from './hire.ts';

/** What a worker of runs is told first. */
export interface Hired {
  readonly port: MessagePort;
  readonly kernel: object;
}

/** What is asked of the page: a worker that hears this port, or the end of one. */
type Asked = { readonly hire: number; readonly port: MessagePort } | { readonly end: number };

/** What the page says: a worker died. */
interface Died {
  readonly died: number;
  readonly message: string;
}

/** The page's side. @returns the other side, for a worker, and what ends all that it has hired */
export function doorFor(kernel: object): { readonly door: MessagePort; end(): void } {
  const { port1: own, port2: theirs } = new MessageChannel();
  const workers = new Map<number, Worker>();
  own.addEventListener('message', ({ data }: MessageEvent<Asked>) => {
    if ('end' in data) {
      workers.get(data.end)?.terminate();
      workers.delete(data.end);
      return;
    }
    const worker = hire('runs');
    workers.set(data.hire, worker);
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      own.postMessage({ died: data.hire, message: event.message } satisfies Died);
    });
    worker.postMessage({ port: data.port, kernel } satisfies Hired, [data.port]);
  });
  own.start();
  return {
    door: theirs,
    end() {
      own.close();
      for (const worker of workers.values()) worker.terminate();
      workers.clear();
    },
  };
}

/** The worker's side. @returns what starts a worker of runs */
export function hiring(door: MessagePort): () => ModuleWorker {
  let last = 0;
  const deaths = new Map<number, ((event: { readonly message: string }) => void)[]>();
  door.addEventListener('message', ({ data }: MessageEvent<Died>) => {
    for (const hear of deaths.get(data.died) ?? []) hear(data);
  });
  door.start();
  return () => {
    const mine = ++last;
    const { port1: own, port2: theirs } = new MessageChannel();
    door.postMessage({ hire: mine, port: theirs } satisfies Asked, [theirs]);
    own.start();
    return {
      // The kernel is there already, and not every browser lets one through a port.
      postMessage: ({ kernel: _kernel, ...order }) => own.postMessage(order),
      terminate() {
        door.postMessage({ end: mine } satisfies Asked);
        deaths.delete(mine);
        own.close();
      },
      addEventListener(kind: 'message' | 'error', hear: (event: never) => void) {
        if (kind === 'message') own.addEventListener('message', hear as (event: MessageEvent) => void);
        else deaths.set(mine, [...(deaths.get(mine) ?? []), hear as (event: { readonly message: string }) => void]);
      },
    };
  };
}

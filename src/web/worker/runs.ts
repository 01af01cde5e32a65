/** The module of a worker of runs: the page says through which port its orders come. */
import { useCompiled } from '../../core/kernel.ts';
import { serve, type Channel } from '../../sweeps/web/serve.ts';
import type { Hired } from './door.ts';

/** As far as it is used here: the types of a worker's globals contradict those of a page. */
declare const self: { addEventListener(kind: 'message', hear: (event: MessageEvent<Hired>) => void): void };

self.addEventListener('message', ({ data: { port, kernel } }) => {
  useCompiled(kernel);
  serve(port as unknown as Channel);
  port.start();
  // Whoever has hired it waits for a sign of life.
  port.postMessage({ lane: 0, step: 0 });
});

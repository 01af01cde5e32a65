/**
 * The one script of all the page's workers, so that what they share is read once: a worker's name says which of them it
 * is. What comes before its module is there waits.
 */
/** As far as it is used here: the types of a worker's globals contradict those of a page. */
declare const self: {
  readonly name: string;
  addEventListener(kind: 'message', hear: (event: MessageEvent) => void): void;
  removeEventListener(kind: 'message', hear: (event: MessageEvent) => void): void;
  dispatchEvent(event: Event): boolean;
};

const early: MessageEvent[] = [];
const keep = (event: MessageEvent): void => void early.push(event);
self.addEventListener('message', keep);
if (self.name === 'lab') await import('./lab-worker.ts');
else if (self.name === 'player') await import('./player.ts');
else if (self.name === 'data') await import('./data-desk.ts');
else if (self.name === 'draw') await import('../draw/draw-worker.ts');
else await import('./runs.ts');
self.removeEventListener('message', keep);
for (const { data, ports } of early)
  self.dispatchEvent(new MessageEvent('message', { data: data as unknown, ports: [...ports] }));

/**
 * Keeps the page for visits without a network: all its files, under the version that the build writes in. A newer page
 * takes the place of an older one with its next visit, whole.
 */

interface Kept {
  waitUntil(done: Promise<unknown>): void;
}
interface Asked extends Kept {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

/** As far as it is used here: the types of a worker's globals contradict those of a page. */
declare const self: {
  readonly registration: { readonly scope: string };
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
  addEventListener(kind: 'install' | 'activate', hear: (event: Kept) => void): void;
  addEventListener(kind: 'fetch', hear: (event: Asked) => void): void;
};
/** Written in by scripts/web.mjs. */
declare const PAGE_FILES: readonly string[];
declare const PAGE_VERSION: string;

const NAME = `benign-lab ${self.registration.scope} `;
const cacheName = NAME + PAGE_VERSION;

self.addEventListener('install', (event) =>
  event.waitUntil(
    caches
      .open(cacheName)
      .then((cache) => cache.addAll(PAGE_FILES.map((file) => new Request(file, { cache: 'no-cache' }))))
      .then(() => self.skipWaiting()),
  ),
);

self.addEventListener('activate', (event) =>
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(
          names.filter((name) => name.startsWith(NAME) && name !== cacheName).map((name) => caches.delete(name)),
        ),
      )
      .then(() => self.clients.claim()),
  ),
);

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(self.registration.scope)) return;
  event.respondWith(answer(request));
});

/** Files that are named by their content as they are kept; the page itself from the network where there is one. */
async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(request, { ignoreSearch: true });
  if (kept && /\/assets\/[^/]*$/.test(request.url)) return kept;
  try {
    return await fetch(request);
  } catch (error) {
    const page = kept ?? (request.mode === 'navigate' ? await cache.match('./') : undefined);
    if (page) return page;
    throw error;
  }
}

/**
 * Keeps the page for visits without a network: all files of the laboratory, under the version that the build writes in.
 * A newer page takes the place of an older one with its next visit, whole. The documentation follows when a page asks
 * for it, its pictures when they were seen.
 */

interface Kept {
  waitUntil(done: Promise<unknown>): void;
}
interface Told extends Kept {
  readonly data: unknown;
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
  addEventListener(kind: 'message', hear: (event: Told) => void): void;
  addEventListener(kind: 'fetch', hear: (event: Asked) => void): void;
};
/** Written in by scripts/web.mjs. */
declare const PAGE_FILES: readonly string[];
declare const DOCS_FILES: readonly string[];
declare const PAGE_VERSION: string;

const NAME = `benign-lab ${self.registration.scope} `;
const cacheName = NAME + PAGE_VERSION;
const DOCS = new URL('docs/', self.registration.scope).pathname;

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

self.addEventListener('message', (event) => {
  if (event.data === 'keep the documentation') event.waitUntil(keepDocs());
});

/** One file after the other: nothing waits for them. */
async function keepDocs(): Promise<void> {
  const cache = await caches.open(cacheName);
  for (const file of DOCS_FILES)
    if (!(await cache.match(file))) await cache.add(new Request(file, { cache: 'no-cache' })).catch(() => {});
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(self.registration.scope)) return;
  event.respondWith(answer(request));
});

/** Files that are named by their content as they are kept; the page itself from the network where there is one. */
async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  const inDocs = new URL(request.url).pathname.startsWith(DOCS);
  const kept = await cache.match(request, { ignoreSearch: true });
  if (kept && /\/assets\/[^/]*$/.test(request.url)) return kept;
  try {
    const got = await fetch(request);
    if (inDocs && got.ok && request.destination === 'image') await cache.put(request, got.clone());
    return got;
  } catch (error) {
    if (kept) return kept;
    if (request.mode !== 'navigate') throw error;
    if (inDocs) return folderOf(cache, request.url);
    return (await cache.match('./'))!;
  }
}

/** The front of a folder, whose address may be without its file's name; or a sentence. */
async function folderOf(cache: Cache, url: string): Promise<Response> {
  const front = url.endsWith('/') ? await cache.match(`${url}index.html`) : undefined;
  const says = 'This page of the documentation has not been kept yet, and there is no network.';
  return front ?? new Response(says, { status: 503, headers: { 'content-type': 'text/plain' } });
}

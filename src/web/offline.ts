/** Visits without a network: the service worker keeps the laboratory, and when asked the documentation. */

/** @param folder of the page, as an address; a page that is opened otherwise than from a server keeps nothing */
export async function keepOffline(folder: string): Promise<void> {
  if (!('serviceWorker' in navigator) || !isSecureContext) return;
  const registration = await navigator.serviceWorker.register(new URL('sw.js', folder));
  const worker = registration.installing ?? registration.waiting ?? registration.active;
  if (!worker) return;
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (worker.state === 'activated' || worker.state === 'redundant') resolve();
    };
    worker.addEventListener('statechange', look);
    look();
  });
  registration.active?.postMessage('keep the documentation');
}

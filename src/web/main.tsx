/** The page's entry: the first view from what was computed beforehand, then the laboratory. */
import { render } from 'preact';
import { App } from './views/app.tsx';
import { Store } from './state/store.ts';
import { FIRST } from './state/page-state.ts';
import type { Client } from './worker/client.ts';
import type { Hero } from './worker/wire.ts';

/** Written in by scripts/web.mjs: files that are named by their content. */
declare const HERO_FILE: string;
declare const KERNEL_FILE: string;

const store = new Store();
const { state } = store;

/** What was computed beforehand is of the first preset as it is; the setting may move along its map. */
async function heroOf(): Promise<Hero | undefined> {
  const { preset, set, x, y, show } = state;
  if (preset !== FIRST.preset || x || y || show !== FIRST.show) return undefined;
  try {
    const hero = (await (await fetch(new URL(HERO_FILE, document.baseURI))).json()) as Hero;
    const along = [hero.described.x.path, hero.described.y.path];
    return Object.keys(set).every((path) => along.includes(path)) ? hero : undefined;
  } catch {
    return undefined;
  }
}

/** Once the first view is painted. */
async function start(say: (sentence: string) => void): Promise<Client> {
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const { Client } = await import('./worker/client.ts');
  return new Client(new URL(KERNEL_FILE, document.baseURI), say);
}

const hero = await heroOf();
render(<App store={store} hero={hero} start={start} />, document.getElementById('page')!);

/** Milliseconds: what the first map needs comes first. */
const OFFLINE_AFTER = 8000;

setTimeout(
  () => void import('./offline.ts').then(({ keepOffline }) => keepOffline(document.baseURI)).catch(() => {}),
  OFFLINE_AFTER,
);

/** The page: its rooms, and what is said to the reader. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Room } from '../state/page-state.ts';
import { useStore, type Store } from '../state/store.ts';
import type { Client } from '../worker/client.ts';
import type { Hero } from '../worker/wire.ts';
import { Lab } from './lab.tsx';
import { later } from './later.tsx';

const ROOM_WORDS: Readonly<Record<Room, string>> = { lab: 'Laboratory', papers: 'Papers', data: 'Your data' };

/** Of the documentation, which lies beside the laboratory. */
const PAGES = [
  ['Docs', 'index.html'],
  ['Gallery', 'gallery.html'],
  ['API', 'api.html'],
  ['Search', 'search.html'],
] as const;

const Papers = later(async () => (await import('./papers.tsx')).Papers);
const DataRoom = later(async () => (await import('./data-room.tsx')).DataRoom);

export interface AppProps {
  readonly store: Store;
  readonly hero: Hero | undefined;
  /** started once the first view is there */
  readonly start: (say: (sentence: string) => void) => Promise<Client>;
}

export function App({ store, hero, start }: AppProps): JSX.Element {
  const state = useStore(store);
  const [client, setClient] = useState<Client>();
  const [said, setSaid] = useState('');
  useEffect(() => {
    start(setSaid).then(setClient, (error: unknown) => setSaid(`The laboratory cannot start: ${String(error)}`));
  }, [start]);
  // Another page that embeds a part has its own head and foot.
  useEffect(() => {
    document.body.classList.toggle('alone', state.only !== undefined);
    document.body.dataset['room'] = state.room;
  }, [state.only, state.room]);
  return (
    <>
      {!state.only && (
        <nav aria-label="Rooms">
          {(Object.keys(ROOM_WORDS) as Room[]).map((room) => (
            <a
              key={room}
              href={`#room=${room}`}
              aria-current={state.room === room ? 'page' : undefined}
              onClick={(event) => {
                event.preventDefault();
                store.change({ room }, true);
              }}
            >
              {ROOM_WORDS[room]}
            </a>
          ))}
          {PAGES.map(([words, file]) => (
            <a key={file} class={words === 'Docs' ? 'page' : 'page more'} href={`docs/${file}`}>
              {words}
            </a>
          ))}
        </nav>
      )}
      <p class="said" role="status">
        {[...store.complaints, said].filter(Boolean).join(' ')}
      </p>
      {state.room === 'data' && <DataRoom client={client} />}
      {state.room === 'papers' && <Papers store={store} state={state} client={client} />}
      {state.room === 'lab' && <Lab store={store} state={state} client={client} hero={hero} />}
    </>
  );
}

/** The room of the papers: the list of chapters, or the one that is open. Loaded when it is entered. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Chapter, ChapterName } from '../chapters/chapter.ts';
import { writeHash } from '../state/hash.ts';
import { FIRST, type PageState } from '../state/page-state.ts';
import type { Store } from '../state/store.ts';
import type { Client } from '../worker/client.ts';
import { ChapterView } from './chapter.tsx';

export interface PapersProps {
  readonly store: Store;
  readonly state: PageState;
  readonly client: Client | undefined;
}

type Got<T> = { readonly of: string; readonly value?: T; readonly why?: string };

/** A file of the page. */
function useFile<T>(name: string | undefined): Got<T> | undefined {
  const [got, setGot] = useState<Got<T>>();
  useEffect(() => {
    if (name === undefined) return;
    let wanted = true;
    const tell = (what: Omit<Got<T>, 'of'>): void => {
      if (wanted) setGot({ of: name, ...what });
    };
    const read = async (): Promise<void> => {
      try {
        const response = await fetch(new URL(`chapters/${name}.json`, document.baseURI));
        if (!response.ok) tell({ why: `its file cannot be read (${response.status})` });
        else tell({ value: (await response.json()) as T });
      } catch {
        tell({ why: 'its file cannot be read' });
      }
    };
    void read();
    return () => {
      wanted = false;
    };
  }, [name]);
  return got?.of === name ? got : undefined;
}

export function Papers({ store, state, client }: PapersProps): JSX.Element {
  const { paper } = state;
  const names = useFile<readonly ChapterName[]>('index');
  const known = names?.value?.some(({ id }) => id === paper);
  const chapter = useFile<Chapter>(known ? paper : undefined);
  const wrong = chapter?.why ?? (names?.value && !known ? 'there is none of this name; these are there' : undefined);
  const open = (id: string): void => {
    store.change({ room: 'papers', paper: id }, true);
    scrollTo(0, 0);
  };
  if (paper !== '' && chapter?.value)
    return (
      <ChapterView
        key={paper}
        chapter={chapter.value}
        client={client}
        onList={() => open('')}
        onLoad={(setting) => {
          store.put({ ...setting, room: 'lab', paper: '' }, true);
          scrollTo(0, 0);
        }}
      />
    );
  return (
    <section class="chapters" aria-labelledby="chapters-head">
      {paper !== '' && (
        <p class={wrong ? 'wrong' : 'wait'} role={wrong ? 'alert' : undefined}>
          {wrong ? `The chapter ${paper}: ${wrong}.` : 'The chapter is being read …'}
        </p>
      )}
      {(paper === '' || wrong || names?.why) && (
        <>
          <h2 id="chapters-head">Papers</h2>
          <p class="lead">
            What each paper asks and proves, with its figures live: settings are those of the presets, and words in the
            text set them. Every figure says where it departs from its paper.
          </p>
          {names?.why && <p class="wrong">The list of chapters: {names.why}.</p>}
          <List title="Written by hand" names={(names?.value ?? []).filter((one) => one.written)} open={open} />
          <List
            title="Made of the shelf's entries"
            names={(names?.value ?? []).filter((one) => !one.written)}
            open={open}
          />
        </>
      )}
    </section>
  );
}

function List({
  title,
  names,
  open,
}: {
  readonly title: string;
  readonly names: readonly ChapterName[];
  readonly open: (id: string) => void;
}): JSX.Element | null {
  if (names.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul class="chapter-list">
        {names.map(({ id, title: name, authors, venue, figures }) => (
          <li key={id}>
            <a
              href={`#${writeHash({ ...FIRST, room: 'papers', paper: id })}`}
              onClick={(event) => {
                if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                event.preventDefault();
                open(id);
              }}
            >
              {name}
            </a>
            <span>
              {authors}. {venue}. {figures} {figures === 1 ? 'figure' : 'figures'}.
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

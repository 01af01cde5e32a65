/** A chapter: its text, the figures in it, and words that set them. */
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Chapter, ChapterFigure, ChapterVariant } from '../chapters/chapter.ts';
import { readHash, writeHash } from '../state/hash.ts';
import { FIRST, type PageState } from '../state/page-state.ts';
import type { Client } from '../worker/client.ts';
import { LiveFigure } from './live-figure.tsx';

export interface ChapterViewProps {
  readonly chapter: Chapter;
  readonly client: Client | undefined;
  readonly onList: () => void;
  readonly onLoad: (state: PageState) => void;
}

interface Shown {
  readonly variant: ChapterVariant;
  readonly state: PageState;
}

const first = (variant: ChapterVariant): Shown => ({ variant, state: readHash(variant.hash ?? '').state });

const figuresOf = ({ parts }: Chapter): ChapterFigure[] =>
  parts.flatMap((part) => (part.kind === 'figure' ? [part.figure] : []));

/** A state with the changes of a word: what is said later counts. */
const withWord = (state: PageState, word: string): PageState => readHash(`${writeHash(state)}&${word}`).state;

const isSet = (state: PageState, word: string): boolean => writeHash(withWord(state, word)) === writeHash(state);

/** The changes of a word taken back: what the variant's own address has of them, or nothing. */
function withoutWord({ state, variant }: Shown, word: string): PageState {
  const keyOf = (piece: string): string => piece.slice(0, piece.indexOf('='));
  const keys = word.split('&').map(keyOf);
  const rest = writeHash(state)
    .split('&')
    .filter((piece) => !keys.includes(keyOf(piece)));
  const own = (variant.hash ?? '').split('&').filter((piece) => keys.includes(keyOf(piece)));
  return readHash([...rest, ...own].join('&')).state;
}

export function ChapterView({ chapter, client, onList, onLoad }: ChapterViewProps): JSX.Element {
  const [shown, setShown] = useState<Readonly<Record<string, Shown>>>(() =>
    Object.fromEntries(figuresOf(chapter).map(({ id, variants }) => [id, first(variants[0]!)])),
  );
  const box = useRef<HTMLElement>(null);
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus({ preventScroll: true }), []);
  useLayoutEffect(() => {
    for (const word of box.current!.querySelectorAll<HTMLElement>('[data-set]')) {
      const { figure = '', set = '' } = word.dataset;
      word.setAttribute('aria-pressed', String(isSet(shown[figure]!.state, set)));
    }
  }, [shown]);
  const put = (id: string, state: PageState): void =>
    setShown((all) => ({ ...all, [id]: { ...all[id]!, state: { ...state, room: FIRST.room, paper: '' } } }));
  const onWord = (event: Event): void => {
    const word = (event.target as Element).closest<HTMLElement>('[data-set]');
    if (!word) return;
    event.preventDefault();
    const { figure = '', set = '' } = word.dataset;
    // Words speak of the variant that the text is about.
    const own = figuresOf(chapter).find(({ id }) => id === figure)!.variants[0]!;
    const now = shown[figure]!.variant === own ? shown[figure]! : first(own);
    const state = isSet(now.state, set) ? withoutWord(now, set) : withWord(now.state, set);
    setShown((all) => ({ ...all, [figure]: { variant: own, state } }));
    const target = document.getElementById(`figure-${figure}`);
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    target?.scrollIntoView({ block: 'nearest', behavior: calm ? 'auto' : 'smooth' });
  };
  return (
    <article
      class="chapter"
      ref={box}
      aria-labelledby="chapter-head"
      onClick={onWord}
      onKeyDown={(event) => (event.key === 'Enter' || event.key === ' ') && onWord(event)}
    >
      <p class="back">
        <button type="button" class="link" onClick={onList}>
          all papers
        </button>
      </p>
      <h2 id="chapter-head" ref={head} tabIndex={-1}>
        {chapter.title}
      </h2>
      <p class="cited">
        {chapter.authors}. {chapter.venue}.{' '}
        {chapter.arxiv && (
          <a href={`https://arxiv.org/abs/${chapter.arxiv}`} rel="noreferrer">
            arXiv {chapter.arxiv}
          </a>
        )}
        {chapter.pages?.map(({ words, to }) => (
          <span key={to}>
            {' · '}
            <a href={to}>{words}</a>
          </span>
        ))}
      </p>
      {chapter.parts.map((part, at) =>
        part.kind === 'text' ? (
          <div key={at} class="text" dangerouslySetInnerHTML={{ __html: part.html }} />
        ) : (
          <LiveFigure
            key={part.figure.id}
            figure={part.figure}
            variant={shown[part.figure.id]!.variant}
            state={shown[part.figure.id]!.state}
            client={client}
            onState={(state) => put(part.figure.id, state)}
            onVariant={(id) =>
              setShown((all) => ({
                ...all,
                [part.figure.id]: first(part.figure.variants.find((one) => one.id === id)!),
              }))
            }
            onLoad={onLoad}
          />
        ),
      )}
    </article>
  );
}

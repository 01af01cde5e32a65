/** Between page and command line: the setting as an address, a spec, a command, a record; embedded in another page; a second setting. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { writeHash } from '../state/hash.ts';
import { PARTS, type PageState, type Part } from '../state/page-state.ts';
import type { Store } from '../state/store.ts';
import type { Client } from '../worker/client.ts';
import type { Played, Texts } from '../worker/wire.ts';

export interface ShareProps {
  readonly state: PageState;
  readonly store: Store;
  readonly client: Client;
  readonly played: Played | undefined;
}

const PART_WORDS: Readonly<Record<Part, string>> = {
  controls: 'setting and verdict',
  map: 'map',
  run: 'run',
  filters: 'inside the network',
  theory: 'theory',
  share: 'taking away',
};

export function Share({ state, store, client, played }: ShareProps): JSX.Element {
  const [texts, setTexts] = useState<Texts>();
  useEffect(() => {
    let wanted = true;
    const timer = setTimeout(async () => {
      const told = await client.texts(state);
      if (wanted && 'value' in told) setTexts(told.value);
    }, 150);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [state]);
  const here = new URL(location.href);
  here.hash = writeHash(state);
  const embedded = (part: Part): string => {
    const url = new URL(here);
    url.hash = writeHash({ ...state, only: part });
    return `<iframe src="${url.href.replaceAll('&', '&amp;')}" title="benign-lab: ${PART_WORDS[part]}" width="720" height="620"></iframe>`;
  };
  const [part, setPart] = useState<Part>('map');
  return (
    <section class="share" aria-labelledby="share-head">
      <h2 id="share-head">Take it away</h2>
      <Copied label="Address of this view" text={here.href} />
      {texts && <Copied label="Command that gives the same bits" text={texts.command} />}
      {texts && <Copied label="Spec of the setting" text={texts.run} file="setting.yaml" />}
      {texts && <Copied label="Spec of the map" text={texts.map} file="map.yaml" />}
      {played?.cast && (
        <Copied
          label="Record of the run that plays, as benign sweep stores it"
          text={JSON.stringify(played.record)}
          file={`${played.record.run}.json`}
          test="record"
        />
      )}
      <details>
        <summary>In another page, or with parts left out</summary>
        <label class="choice">
          <span>one figure alone</span>
          <select value={part} onChange={(event) => setPart(event.currentTarget.value as Part)}>
            {PARTS.map((one) => (
              <option key={one} value={one}>
                {PART_WORDS[one]}
              </option>
            ))}
          </select>
        </label>
        <Copied label="HTML to embed it" text={embedded(part)} />
        <fieldset>
          <legend>Parts that this address shows</legend>
          {PARTS.map((one) => (
            <label key={one} class="tick">
              <input
                type="checkbox"
                checked={!state.hide.includes(one)}
                onChange={(event) =>
                  store.change({
                    hide: event.currentTarget.checked
                      ? state.hide.filter((other) => other !== one)
                      : [...state.hide, one],
                  })
                }
              />{' '}
              {PART_WORDS[one]}
            </label>
          ))}
        </fieldset>
      </details>
    </section>
  );
}

function Copied({
  label,
  text,
  file,
  test,
}: {
  readonly label: string;
  readonly text: string;
  readonly file?: string;
  readonly test?: string;
}): JSX.Element {
  const [said, setSaid] = useState('');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('copied');
    } catch {
      setSaid('the browser does not allow copying: open the text and copy it by hand');
    }
    setTimeout(() => setSaid(''), 4000);
  };
  return (
    <details class="copied">
      <summary>{label}</summary>
      <p class="player">
        <button type="button" onClick={copy}>
          copy
        </button>
        {file !== undefined && (
          <button type="button" onClick={() => save(text, file)}>
            save as {file}
          </button>
        )}
        <span role="status">{said}</span>
      </p>
      <pre tabIndex={0} data-testid={test ?? label}>
        {text}
      </pre>
    </details>
  );
}

/** Hands a text to the browser as a file. */
function save(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

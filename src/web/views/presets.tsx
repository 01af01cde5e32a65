/** The presets of all papers to choose from: the only source of settings. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Client } from '../worker/client.ts';
import type { Shelf } from '../worker/wire.ts';

export function Presets({
  client,
  now,
  onChoose,
}: {
  readonly client: Client;
  readonly now: string;
  readonly onChoose: (preset: string) => void;
}): JSX.Element {
  const [shelf, setShelf] = useState<Shelf>([]);
  useEffect(() => {
    void client.presets().then(setShelf, () => {});
  }, [client]);
  return (
    <label class="choice preset">
      <span>preset</span>
      <select value={now} onChange={(event) => onChoose(event.currentTarget.value)}>
        {shelf.length === 0 && <option value={now}>{now}</option>}
        {shelf.map(({ paper, presets }) => (
          <optgroup key={paper} label={paper}>
            {presets.map(({ id, needsData }) => (
              <option key={id} value={id} selected={id === now} disabled={needsData}>
                {id.slice(paper.length + 1)}
                {needsData ? ' (needs data files)' : ''}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
}

/** A figure of a chapter to take away: its spec as text or file, and the command that makes it whole. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { PageState } from '../state/page-state.ts';
import type { Client } from '../worker/client.ts';

export interface TakeAwayProps {
  readonly client: Client | undefined;
  readonly state: PageState;
  readonly command: string;
  /** of the map rather than of the setting alone */
  readonly map: boolean;
}

export function TakeAway({ client, state, command, map }: TakeAwayProps): JSX.Element {
  const [said, setSaid] = useState('');
  const spec = async (): Promise<string | undefined> => {
    const told = await client!.texts(state);
    if ('value' in told) return map ? told.value.map : told.value.run;
    setSaid(told.error);
    return undefined;
  };
  const copy = async (text: string | undefined, what: string): Promise<void> => {
    if (text === undefined) return;
    try {
      await navigator.clipboard.writeText(text);
      setSaid(`${what} is copied.`);
    } catch {
      setSaid('This browser does not let the page copy; select the text instead.');
    }
  };
  const download = async (): Promise<void> => {
    const text = await spec();
    if (text === undefined) return;
    const address = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }));
    const link = document.createElement('a');
    link.href = address;
    link.download = `${state.preset.replaceAll('/', '-')}.yaml`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
    setSaid(`${link.download} is downloaded.`);
  };
  return (
    <div class="take-away">
      <p>
        The whole preset: <code>{command}</code>{' '}
        <button type="button" onClick={() => void copy(command, 'The command')}>
          copy the command
        </button>
      </p>
      {client && (
        <p>
          What is drawn here:{' '}
          <button type="button" onClick={async () => copy(await spec(), 'The spec')}>
            copy the spec
          </button>{' '}
          <button type="button" onClick={() => void download()}>
            download the spec
          </button>
        </p>
      )}
      <p class="told" role="status">
        {said}
      </p>
    </div>
  );
}

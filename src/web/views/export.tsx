/** Buttons that write the map or the run as a file. Nothing of it is loaded before the first one is pressed. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Figure } from '../../figures/figure.ts';
import type { PageState } from '../state/page-state.ts';
import type { Client } from '../worker/client.ts';
import type { Picture, Told } from '../worker/wire.ts';

export type FileKind = 'svg' | 'png' | 'csv';
const KINDS: readonly FileKind[] = ['svg', 'png', 'csv'];

/** @param complete the map is done */
export const ExportMap = ({
  client,
  state,
  complete,
}: {
  readonly client: Client | undefined;
  readonly state: PageState;
  readonly complete: boolean;
}): JSX.Element => (
  <ExportButtons
    what="The map"
    ready={client !== undefined && complete}
    picture={() => client!.picture(state, 'map')}
  />
);

/** @param says the word on the setting, under the title */
export const ExportRun = ({
  client,
  state,
  says,
}: {
  readonly client: Client | undefined;
  readonly state: PageState;
  readonly says: string | undefined;
}): JSX.Element => (
  <ExportButtons what="The run" ready={client !== undefined} picture={() => client!.picture(state, 'run', says)} />
);

/** @param picture makes what is written */
export function ExportButtons({
  what,
  ready,
  picture,
  kinds = KINDS,
}: {
  readonly what: string;
  readonly ready: boolean;
  readonly picture: () => Promise<Told<Picture>>;
  readonly kinds?: readonly FileKind[];
}): JSX.Element {
  const [busy, setBusy] = useState<FileKind>();
  const [said, setSaid] = useState('');
  const write = async (kind: FileKind): Promise<void> => {
    setBusy(kind);
    setSaid('');
    try {
      const told = await picture();
      if ('error' in told) setSaid(told.error);
      else setSaid(`${await saved(told.value, kind)} is among your downloads.`);
    } catch (error) {
      setSaid((error as Error).message);
    } finally {
      setBusy(undefined);
    }
  };
  return (
    <div class="export" role="group" aria-label={`${what} as a file`}>
      <span aria-hidden="true">{what} as</span>
      {kinds.map((kind) => (
        <button
          key={kind}
          type="button"
          disabled={!ready || busy !== undefined}
          aria-label={`${what} as ${kind.toUpperCase()}`}
          onClick={() => void write(kind)}
        >
          {busy === kind ? '…' : kind.toUpperCase()}
        </button>
      ))}
      <span role="status">{said}</span>
    </div>
  );
}

/** Hands a file to the browser's downloads. @returns its name */
async function saved({ figure, csv }: Picture, kind: FileKind): Promise<string> {
  const name = `${figure.name}.${kind}`;
  offerFile(name, kind === 'csv' ? new Blob([csv ?? ''], { type: 'text/csv' }) : await drawn(figure, kind));
  return name;
}

async function drawn(figure: Figure, kind: 'svg' | 'png'): Promise<Blob> {
  const { pngOf, svgOf } = await import('../draw/drawing.ts');
  return kind === 'png' ? pngOf(figure) : new Blob([await svgOf(figure)], { type: 'image/svg+xml' });
}

export function offerFile(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // A browser may begin to read only when this is over.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

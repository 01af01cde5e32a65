/** Where files are dropped, or chosen with a button. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Dropped } from '../worker/drop.ts';

/** Files of a folder, at the most: a folder of another kind is no results folder. */
const MOST = 5000;

export function DropZone({
  ready,
  onFiles,
  onWrong,
}: {
  readonly ready: boolean;
  readonly onFiles: (files: readonly Dropped<Blob>[]) => void;
  readonly onWrong: (sentence: string) => void;
}): JSX.Element {
  const [over, setOver] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const latest = useRef({ ready, onFiles, onWrong });
  latest.current = { ready, onFiles, onWrong };
  useEffect(() => {
    // Anywhere on the page: a browser opens what is dropped beside a zone, and the page is gone.
    const drag = (event: DragEvent): void => {
      event.preventDefault();
      setOver(event.type === 'dragover' && event.dataTransfer?.types.includes('Files') === true);
    };
    const drop = (event: DragEvent): void => {
      drag(event);
      const { ready: now, onFiles: take, onWrong: refuse } = latest.current;
      if (!now || !event.dataTransfer) return;
      droppedFiles(event.dataTransfer).then(take, (error: Error) => refuse(error.message));
    };
    addEventListener('dragover', drag);
    addEventListener('dragleave', drag);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', drag);
      removeEventListener('dragleave', drag);
      removeEventListener('drop', drop);
    };
  }, []);
  const chosen = (event: { readonly currentTarget: HTMLInputElement }): void => {
    const list = [...(event.currentTarget.files ?? [])];
    // The same file again is a choice too.
    event.currentTarget.value = '';
    if (list.length > 0) onFiles(list.map((file) => ({ path: file.webkitRelativePath || file.name, file })));
  };
  return (
    <div class={`drop-zone ${over ? 'over' : ''}`}>
      <p>
        <b>Drop files here</b>, or choose them:
      </p>
      <div class="buttons">
        <button type="button" class="main" disabled={!ready} onClick={() => files.current?.click()}>
          Choose files …
        </button>
        <button type="button" disabled={!ready} onClick={() => folder.current?.click()}>
          Choose a folder …
        </button>
      </div>
      <input ref={files} type="file" multiple hidden aria-label="files" onChange={chosen} />
      <input
        ref={(element) => {
          folder.current = element;
          element?.setAttribute('webkitdirectory', '');
        }}
        type="file"
        hidden
        aria-label="folder"
        onChange={chosen}
      />
      <small>
        Data: CSV with a column of labels, IDX images with their labels, .npy points with labels, .npz, batches of
        CIFAR-10; also packed by gzip. Results: the folder of <code>benign sweep</code>, <code>run</code> or{' '}
        <code>reproduce</code>, its records with spec.yaml, or a table.parquet; several together in one picture.
      </small>
    </div>
  );
}

/** The files of a drop, those of folders with their paths. */
async function droppedFiles({ items, files }: DataTransfer): Promise<Dropped<Blob>[]> {
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
  if (entries.length === 0) return [...files].map((file) => ({ path: file.name, file }));
  const out: Dropped<Blob>[] = [];
  const walk = async (entry: FileSystemEntry): Promise<void> => {
    if (out.length >= MOST) throw new Error(`${entries[0]!.name}: has more than ${MOST} files: drop a results folder`);
    const path = entry.fullPath.replace(/^\//, '');
    if (entry.isFile) {
      const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
      out.push({ path, file });
    } else if (entry.isDirectory) for (const one of await entriesOf(entry as FileSystemDirectoryEntry)) await walk(one);
  };
  for (const entry of entries) await walk(entry);
  return out;
}

/** A reader hands over some entries at a time. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const out: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return out;
    out.push(...some);
  }
}

/** One's own data and results: dropped onto the page, read and computed on in this browser alone. */
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { byteWords } from '../../core/time-text.ts';
import type { DataChoice } from '../../data/readers/choice.ts';
import { forget, keepAsked, keepFiles, kept } from '../state/kept.ts';
import type { Client } from '../worker/client.ts';
import { DataClient } from '../worker/data-client.ts';
import type { Opened } from '../worker/data-wire.ts';
import type { Dropped } from '../worker/drop.ts';
import { DiagnosisView } from './diagnosis.tsx';
import { DropZone } from './drop-zone.tsx';
import { FileChoices } from './file-choices.tsx';
import { ResultsView } from './results.tsx';

/** What was asked, by view: it comes back after a reload. */
export type Asked = Readonly<Record<string, unknown>>;

interface Open {
  readonly client: DataClient;
  readonly what: Opened;
}

export function DataRoom({ client }: { readonly client: Client | undefined }): JSX.Element {
  const [files, setFiles] = useState<readonly Dropped<Blob>[]>([]);
  const [open, setOpen] = useState<Open>();
  const [asked, setAsked] = useState<Asked>({});
  const [said, setSaid] = useState('');
  const [wrong, setWrong] = useState('');
  const [isKept, setIsKept] = useState(false);
  const now = useRef<DataClient | undefined>(undefined);

  const show = async (dropped: readonly Dropped<Blob>[], choice: DataChoice): Promise<boolean> => {
    now.current?.end();
    setOpen(undefined);
    setWrong('');
    setSaid(`${namesOf(dropped)}: being read …`);
    const mine = (now.current = new DataClient(client!.kernel, setSaid));
    const told = await mine.open(dropped, choice).catch((error: Error) => ({ error: error.message }));
    if (now.current !== mine) return false;
    setSaid('');
    if ('error' in told) setWrong(told.error);
    else setOpen({ client: mine, what: told.value });
    return 'value' in told;
  };
  // Two fields may change before the page is drawn again.
  const latest = useRef(asked);
  latest.current = asked;
  const ask = (view: string, change: (before: Asked) => Asked): void => {
    const all = { ...latest.current, [view]: change((latest.current[view] ?? {}) as Asked) };
    latest.current = all;
    setAsked(all);
    keepAsked(all);
  };
  const take = async (dropped: readonly Dropped<Blob>[]): Promise<void> => {
    setFiles(dropped);
    setAsked({});
    setIsKept(false);
    // What cannot be read is not kept.
    if (!(await show(dropped, {}))) return;
    const could = await keepFiles(dropped);
    setIsKept(could);
    if (!could) setSaid('This browser keeps no files here: after a reload they must be chosen again.');
  };
  // What was here before a reload.
  useEffect(() => {
    if (!client) return;
    void kept().then(async (before) => {
      if (!before || now.current) return;
      setFiles(before.files);
      setAsked(before.asked);
      setIsKept(true);
      await show(before.files, (before.asked['choice'] ?? {}) as DataChoice);
    });
    return () => now.current?.end();
  }, [client]);
  const drop = (): void => {
    now.current?.end();
    now.current = undefined;
    setFiles([]);
    setOpen(undefined);
    setAsked({});
    setWrong('');
    setSaid('Forgotten: nothing of it is left in this browser.');
    void forget();
  };
  const choice = useMemo(() => (asked['choice'] ?? {}) as DataChoice, [asked['choice']]);
  return (
    <div class="data-room">
      <section aria-labelledby="data-head">
        <h2 id="data-head">Your data, or your results</h2>
        <p class="lead">
          A data set of two classes is <b>diagnosed</b>: what it is like, what theory predicts, and whether overfitting
          is benign on it. A results folder of <code>benign</code> is <b>drawn</b>. Nothing leaves this browser:
          everything is read and computed here, and no file is sent anywhere.
        </p>
        <DropZone ready={client !== undefined} onFiles={(dropped) => void take(dropped)} onWrong={setWrong} />
        {files.length > 0 && (
          <p class="kept">
            <span>
              {namesOf(files)} ({byteWords(files.reduce((sum, { file }) => sum + file.size, 0))})
              {isKept ? ', kept in this browser over a reload.' : '.'}
            </span>{' '}
            <button type="button" onClick={drop}>
              forget
            </button>
          </p>
        )}
        <p class="said" role="status">
          {said}
        </p>
        {wrong && (
          <p class="wrong" role="alert">
            {wrong}
          </p>
        )}
        {files.length > 0 && (open?.what.kind === 'data' || (wrong && isData(files))) && (
          <FileChoices
            choice={choice}
            open={wrong !== ''}
            onChoice={(changed) => {
              ask('choice', () => changed as Asked);
              void show(files, changed);
            }}
          />
        )}
      </section>
      {open?.what.kind === 'data' && (
        <DiagnosisView
          key={open.what.name}
          client={open.client}
          data={open.what}
          asked={(asked['diagnosis'] ?? {}) as Asked}
          onAsked={(change) => ask('diagnosis', change)}
        />
      )}
      {open?.what.kind === 'results' && (
        <ResultsView
          client={open.client}
          results={open.what}
          asked={(asked['view'] ?? {}) as Asked}
          onAsked={(change) => ask('view', change)}
        />
      )}
    </div>
  );
}

/** By their names: those of results say themselves how they are read. */
const isData = (files: readonly Dropped<Blob>[]): boolean =>
  files.every(({ path }) => !/\.(parquet|jsonl|ya?ml)$/i.test(path));

function namesOf(files: readonly Dropped<Blob>[]): string {
  const [first, second] = files.map(({ path }) => path);
  const [folder] = first?.split('/') ?? [];
  if (first !== folder && files.every(({ path }) => path.startsWith(`${folder}/`)))
    return `${folder}, ${files.length} ${files.length === 1 ? 'file' : 'files'}`;
  if (files.length > 2) return `${first} and ${files.length - 1} more files`;
  return second ? `${first} and ${second}` : (first ?? '');
}

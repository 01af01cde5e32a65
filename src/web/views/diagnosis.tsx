/** The diagnosis of a data set: what is asked, how far it is, and the page that comes of it. */
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { timeWords } from '../../core/time-text.ts';
import type { DataClient } from '../worker/data-client.ts';
import type { OpenedData, Progress } from '../worker/data-wire.ts';
import type { Diagnosed } from '../worker/diagnosing.ts';
import { choiceOf, diagnosisFields, type DiagnosisForm } from './diagnosis-form.ts';
import { offerFile } from './export.tsx';
import { FigureImage } from './figure-image.tsx';
import { FormField, FormSelect } from './form.tsx';
import { Markdown } from './markdown.tsx';

export interface DiagnosisProps {
  readonly client: DataClient;
  readonly data: OpenedData;
  readonly asked: DiagnosisForm;
  readonly onAsked: (change: (before: DiagnosisForm) => DiagnosisForm) => void;
}

export function DiagnosisView({ client, data, asked, onAsked }: DiagnosisProps): JSX.Element {
  const names = data.classes.map(([name]) => name);
  const form: DiagnosisForm = useMemo(() => ({ first: names[0] ?? '', second: names[1] ?? '', ...asked }), [asked]);
  const [progress, setProgress] = useState<Progress>();
  const [running, setRunning] = useState(false);
  const [made, setMade] = useState<Diagnosed>();
  const [said, setSaid] = useState('');
  const [wrong, setWrong] = useState('');
  const started = useRef({ time: 0, done: -1 });
  const change = (key: keyof DiagnosisForm, value: string): void =>
    onAsked((before) => ({ ...before, running: '', [key]: value }));
  const run = async (): Promise<void> => {
    setWrong('');
    setSaid('');
    setProgress(undefined);
    const choice = choiceOf(form);
    if (typeof choice === 'string') return setWrong(choice);
    onAsked((before) => ({ ...before, running: 'yes' }));
    setRunning(true);
    started.current = { time: performance.now(), done: -1 };
    const see = (now: Progress): void => {
      if (started.current.done < 0) started.current = { time: performance.now(), done: now.done };
      setProgress(now);
    };
    const told = await client.diagnose(choice, see).catch((error: Error) => ({ error: error.message }));
    setRunning(false);
    if ('error' in told) setWrong(told.error);
    else if (told.value) setMade(told.value);
    else {
      onAsked((before) => ({ ...before, running: '' }));
      setSaid('Interrupted. What was made is kept: the diagnosis goes on from there.');
    }
  };
  // It was under way, or done, before a reload.
  useEffect(() => {
    if (form.running === 'yes') void run();
  }, []);
  const two = names.length === 2 && form.groups === undefined;
  return (
    <section class="diagnosis" aria-labelledby="diagnosis-head">
      <h2 id="diagnosis-head">{data.name}</h2>
      <p>
        {data.count} points of shape {data.shape.join(' × ')};{' '}
        {data.classes.length <= MANY
          ? `labels ${data.classes.map(([name, count]) => `${name} (${count})`).join(', ')}`
          : `${data.classes.length} different labels: is the right column taken for the labels?`}
        .
      </p>
      {!two && (
        <div class="form">
          <FormSelect
            name="class +1"
            value={form.first ?? ''}
            choices={names.slice(0, MANY).map((name) => [name, name] as const)}
            onValue={(value) => change('first', value)}
          />
          <FormSelect
            name="class −1"
            value={form.second ?? ''}
            choices={names.slice(0, MANY).map((name) => [name, name] as const)}
            onValue={(value) => change('second', value)}
          />
        </div>
      )}
      <details>
        <summary>Choices, as benign diagnose has them</summary>
        <div class="form">
          {diagnosisFields(data.standard).map(({ key, name, says, hint }) => (
            <FormField
              key={key}
              name={name}
              says={says}
              hint={hint}
              value={form[key] ?? ''}
              onValue={(value) => change(key, value)}
            />
          ))}
          <FormSelect
            name="centring"
            says="taken off every point"
            value={form.centring ?? 'mean'}
            choices={[
              ['mean', 'the mean of the training points'],
              ['none', 'nothing'],
            ]}
            onValue={(value) => change('centring', value)}
          />
        </div>
      </details>
      <div class="buttons">
        <button type="button" class="main" disabled={running} onClick={() => void run()}>
          {made ? 'Diagnose again' : 'Diagnose'}
        </button>
        <button type="button" disabled={!running} onClick={() => client.stop()}>
          interrupt
        </button>
      </div>
      {running && (
        <div class="under-way">
          <progress max={progress?.total || 1} value={progress?.done ?? 0} aria-label="runs made" />
          <p role="status">{progressWords(progress, started.current)}</p>
        </div>
      )}
      {said && <p role="status">{said}</p>}
      {wrong && (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      )}
      {made && <Page made={made} />}
    </section>
  );
}

/** More labels than these are numbers, and no classes. */
const MANY = 100;

function progressWords(now: Progress | undefined, from: { readonly time: number; readonly done: number }): string {
  if (!now || now.total === 0) return 'The data is being described …';
  const { done, total, step, most } = now;
  if (done === total) return `${total} runs are there; the page is being written …`;
  const each = done > from.done ? (performance.now() - from.time) / 1000 / (done - from.done) : undefined;
  const left = each === undefined ? 'estimating the time' : `${timeWords(each * (total - done))} left`;
  return `${done} of ${total} runs, ${left}${step === undefined ? '' : `; a run in work at step ${step} of ${most}`}`;
}

function Page({ made }: { readonly made: Diagnosed }): JSX.Element {
  const pictures = new Map(made.pictures.map((picture) => [picture.figure.name, picture]));
  const file = made.title.replace(/[^\w.+-]+/g, '-');
  return (
    <article class="page-of-words" aria-label={`Diagnosis of ${made.title}`}>
      <div class="export" role="group" aria-label="The diagnosis as a file">
        <span aria-hidden="true">The diagnosis as</span>
        <button
          type="button"
          onClick={() => offerFile(`diagnose-${file}.md`, new Blob([made.page], { type: 'text/markdown' }))}
        >
          text (Markdown)
        </button>
        <button
          type="button"
          onClick={() => offerFile(`diagnose-${file}.json`, new Blob([made.report], { type: 'application/json' }))}
        >
          JSON
        </button>
      </div>
      <Markdown
        text={made.page}
        top={2}
        picture={(path) => {
          const picture = pictures.get(path.replace(/^figures\/|\.svg$/g, ''));
          return picture && <FigureImage key={picture.figure.name} picture={picture} />;
        }}
      />
    </article>
  );
}

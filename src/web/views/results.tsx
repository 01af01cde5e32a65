/** Results that were dropped: their usual pictures, or one that is asked for. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { SHOWS } from '../../experiments/view.ts';
import type { DataClient } from '../worker/data-client.ts';
import type { OpenedResults } from '../worker/data-wire.ts';
import type { DrawnResults, ViewForm } from '../worker/draw-results.ts';
import { FigureImage } from './figure-image.tsx';
import { FormField, FormSelect, FormTick } from './form.tsx';

export interface ResultsProps {
  readonly client: DataClient;
  readonly results: OpenedResults;
  readonly asked: ViewForm;
  readonly onAsked: (change: (before: ViewForm) => ViewForm) => void;
}

const ROLES = [
  ['x', 'to the right: a parameter, a formula', 'the longest axis'],
  ['y', 'upwards: measured (curves), or a parameter (a map)', 'testError'],
  ['color', 'of lines: a parameter; of a map: measured', 'what they differ in'],
  ['facet', 'one panel a value', 'none'],
] as const;

const TICKS = [
  ['logX', 'x logarithmic'],
  ['logY', 'y logarithmic'],
  ['logColor', 'colours logarithmic'],
  ['theory', 'theory'],
  ['baselines', 'baselines'],
  ['collapse', 'collapse beside it'],
] as const;

export function ResultsView({ client, results, asked, onAsked }: ResultsProps): JSX.Element {
  const [drawn, setDrawn] = useState<DrawnResults>();
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  const key = JSON.stringify(asked);
  useEffect(() => {
    let wanted = true;
    setBusy(true);
    void client
      .draw(asked)
      .catch((error: Error) => ({ error: error.message }))
      .then((told) => {
        if (!wanted) return;
        setBusy(false);
        setWrong('error' in told ? told.error : '');
        if ('value' in told) setDrawn(told.value);
      });
    return () => void (wanted = false);
  }, [client, key]);
  const change = (part: ViewForm): void => onAsked((before) => ({ ...before, ...part }));
  const names = [...results.parameters, ...results.measured];
  return (
    <section class="results" aria-labelledby="results-head">
      <h2 id="results-head">{[...new Set(results.of.map(({ title, name }) => title || name))].join(' and ')}</h2>
      <p>
        {results.of.map(({ name, cells, runs }) => `${name}: ${cells} cells, ${runs} runs`).join('; ')}.{' '}
        {key === '{}' && results.of.length === 1
          ? 'These are the pictures that benign figure draws of it; ask for another one below.'
          : ''}
      </p>
      {results.notes.map((note) => (
        <p key={note} class="note">
          {note}
        </p>
      ))}
      <div class="form view">
        {ROLES.map(([role, says, hint]) => (
          <FormField
            key={role}
            name={role === 'color' ? 'colour' : role}
            says={says}
            hint={hint}
            list={names}
            value={asked[role] ?? ''}
            onValue={(value) => change({ [role]: value })}
          />
        ))}
        <FormField
          name="where"
          says="only cells that meet it"
          hint="m=10, d>=400"
          value={asked.where ?? ''}
          onValue={(where) => change({ where })}
        />
        <FormField
          name="level"
          says="level sets of a map, lines across curves"
          hint="0.2"
          value={asked.level ?? ''}
          onValue={(level) => change({ level })}
        />
        <FormSelect
          name="show"
          says="of the runs"
          value={asked.show ?? 'means'}
          choices={SHOWS.map((one) => [one, one] as const)}
          onValue={(show) => change({ show })}
        />
        <div class="ticks">
          {TICKS.map(([tick, name]) => (
            <FormTick key={tick} name={name} checked={asked[tick] ?? false} onTick={(on) => change({ [tick]: on })} />
          ))}
        </div>
        <button type="button" disabled={key === '{}'} onClick={() => onAsked(() => ({}))}>
          the usual pictures
        </button>
      </div>
      {wrong && (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      )}
      {drawn?.notes.map((note) => (
        <p key={note} class="note">
          {note}
        </p>
      ))}
      <p class="unseen" role="status">
        {busy ? 'The pictures are being made.' : `${drawn?.pictures.length ?? 0} pictures.`}
      </p>
      <div class={`drawings ${busy || wrong ? 'old' : ''}`}>
        {drawn?.pictures.map((picture) => (
          <FigureImage key={picture.figure.name} picture={picture} />
        ))}
      </div>
    </section>
  );
}

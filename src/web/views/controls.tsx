/** The knobs: one that stands out, the others folded by what they are for. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { typeset } from '../../figures/text.ts';
import { describeRange, inRange, PARAMETERS, type NumberParameter } from '../../notation.ts';
import { scaleBetween } from '../draw/scale.ts';
import { valueOf } from '../state/hash.ts';
import type { Value } from '../state/page-state.ts';
import { exact, glyphOf, meaningOf } from '../text/words.ts';
import type { Described, Knob } from '../worker/wire.ts';

const ROOMS: readonly (readonly [room: string, words: string])[] = [
  ['data', 'Data: points, signal, noise, labels'],
  ['network', 'Network: width, activation, start'],
  ['training', 'Training: loss, steps, stop'],
  ['test', 'Test error: how it is estimated'],
  ['', 'Engine and coupling of draws'],
];

export interface ControlsProps {
  readonly described: Described;
  /** values that differ from the preset */
  readonly onSet: (path: string, value: Value) => void;
  readonly onReset: () => void;
  /** what stands above the knobs */
  readonly children?: ComponentChildren;
}

export function Controls({ described, onSet, onReset, children }: ControlsProps): JSX.Element {
  const main = mainKnob(described);
  const changed = described.knobs.filter(({ value, standard, used }) => used && value !== standard);
  return (
    <section class="controls" aria-labelledby="controls-head">
      <h2 id="controls-head">The setting</h2>
      {children}
      <p class="says">{described.preset.says}</p>
      {main && <Main knob={main} described={described} onSet={onSet} />}
      <p class="changed">
        {changed.length === 0 ? (
          'As the preset has it.'
        ) : (
          <>
            Differs from the preset in{' '}
            {changed
              .map(({ path, value, scaled }) => `${typeset(scaled ?? glyphOf(path))} = ${exact(value)}`)
              .join(', ')}
            .{' '}
            <button type="button" onClick={onReset}>
              back to the preset
            </button>
          </>
        )}
      </p>
      {ROOMS.map(([room, words]) => {
        const knobs = described.knobs.filter(
          ({ path, used }) => used && (room === '' ? !path.includes('.') : path.startsWith(`${room}.`)),
        );
        if (knobs.length === 0) return null;
        return (
          <details key={room}>
            <summary>{words}</summary>
            <div class="knobs">
              {knobs.map((knob) => (
                <Field key={knob.path} knob={knob} onSet={onSet} />
              ))}
            </div>
          </details>
        );
      })}
    </section>
  );
}

/** ‖μ‖ where the model has it, else what the map varies to the right. */
export const mainKnob = ({ knobs, x }: Described): Knob | undefined =>
  knobs.find(({ path, used }) => path === 'data.mu' && used) ?? knobs.find(({ path }) => path === x.path);

function Main({ knob, described, onSet }: { knob: Knob } & Pick<ControlsProps, 'described' | 'onSet'>): JSX.Element {
  const { x, y } = described;
  const axis = [x, y].find(({ path }) => path === knob.path);
  const now = Number(knob.value);
  const [from, to] = axis ? [axis.from, axis.to] : [now / 10 || 0, now * 10 || 10];
  const scale = scaleBetween(from, to, axis?.log ?? false);
  const share = Math.min(1, Math.max(0, scale.place(now)));
  return (
    <div class="main-knob">
      <label>
        <span>
          <b>{typeset(knob.scaled ?? glyphOf(knob.path))}</b> {meaningOf(knob.path)}
        </span>
        <input
          type="range"
          min={0}
          max={1000}
          step={1}
          value={Math.round(1000 * share)}
          aria-valuetext={exact(knob.value)}
          onInput={(event) => {
            const value = scale.value(Number(event.currentTarget.value) / 1000);
            onSet(knob.path, knob.scaled === undefined ? fitting(knob.path, value) : Number(value.toPrecision(3)));
          }}
        />
      </label>
      <Field knob={knob} onSet={onSet} bare />
    </div>
  );
}

/** The nearest short number that the parameter may be. */
function fitting(path: string, value: number): number {
  const { range } = PARAMETERS.get(path)!.entry as NumberParameter;
  const short = Number(value.toPrecision(3));
  const whole = range.integer ? Math.round(short) : short;
  return inRange(whole, range) ? whole : Math.min(range.max, Math.max(range.min, whole));
}

function Field({
  knob: { path, value, standard, scaled },
  onSet,
  bare = false,
}: {
  readonly knob: Knob;
  readonly bare?: boolean;
} & Pick<ControlsProps, 'onSet'>): JSX.Element | null {
  const [wrong, setWrong] = useState('');
  // The page is drawn again while somebody types: by every part of a map that comes.
  const [draft, setDraft] = useState<string>();
  useEffect(() => {
    setDraft(undefined);
    setWrong('');
  }, [value]);
  const parameter = PARAMETERS.get(path);
  if (!parameter) return null;
  const { entry } = parameter;
  const id = `knob-${path}${bare ? '-main' : ''}`;
  const enter = (text: string): void => {
    // Of what is multiplied by other symbols only the product has a range, which the laboratory looks at.
    const made =
      scaled !== undefined && text !== '' && Number.isFinite(Number(text))
        ? { value: Number(text) }
        : valueOf(path, text);
    if ('why' in made) setWrong(`${path} ${made.why}, got ${text || 'nothing'}`);
    else {
      setWrong('');
      setDraft(undefined);
      onSet(path, made.value);
    }
  };
  const label = (
    <label for={id} class={bare ? 'unseen' : ''} title={`${path}: ${entry.meaning}`}>
      <b>{typeset(scaled ?? entry.glyph)}</b> <span>{entry.meaning}</span>
    </label>
  );
  return (
    <div class={`field ${value === standard ? '' : 'changed'}`}>
      {label}
      {entry.kind === 'choice' ? (
        <select id={id} onChange={(event) => enter(event.currentTarget.value)}>
          {entry.choices.map((choice) => (
            <option key={String(choice)} value={String(choice)} selected={choice === value}>
              {exact(choice)}
            </option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          inputMode="decimal"
          value={draft ?? String(value)}
          aria-invalid={wrong !== ''}
          aria-describedby={wrong ? `${id}-wrong` : undefined}
          title={entry.kind === 'number' ? describeRange(entry.range) : undefined}
          onInput={(event) => setDraft(event.currentTarget.value)}
          onChange={(event) => enter(event.currentTarget.value.trim())}
        />
      )}
      {wrong && (
        <p id={`${id}-wrong`} class="wrong" role="alert">
          {wrong}
        </p>
      )}
    </div>
  );
}

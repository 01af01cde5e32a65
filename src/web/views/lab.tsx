/** The laboratory: map, run, setting, verdict, side by side. */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Store } from '../state/store.ts';
import { SHOWN, type PageState, type Part, type Value } from '../state/page-state.ts';
import { glyphOf, meaningOf, short, SHOWN_WORDS } from '../text/words.ts';
import type { Client } from '../worker/client.ts';
import type { AxisOf, Described, Hero } from '../worker/wire.ts';
import { Controls } from './controls.tsx';
import { ExportMap, ExportRun } from './export.tsx';
import { MapView } from './map.tsx';
import { Choice } from './parts.tsx';
import { placeOf, RunView } from './run.tsx';
import { SlowMotion } from './slow-motion.tsx';
import { useLab } from './use-lab.ts';
import { Verdict } from './verdict.tsx';

export interface LabProps {
  readonly store: Store;
  readonly state: PageState;
  readonly client: Client | undefined;
  readonly hero: Hero | undefined;
}

export function Lab({ store, state, client, hero }: LabProps): JSX.Element {
  const known = useLab(client, state, hero);
  const second = useMemo<PageState>(
    () => ({ ...state, set: { ...state.set, ...state.other } }),
    [state.preset, state.set, state.other, state.replicate, state.runs],
  );
  const compared = useLab(state.other ? client : undefined, second, undefined, 'B');
  const shows = (part: Part): boolean => (state.only ? state.only === part : !state.hide.includes(part));
  const { described, part, played, answer, errors, progress } = known;
  if (!described)
    return (
      <div class="lab">
        <p>{errors[0] ?? 'The laboratory is being opened …'}</p>
      </div>
    );
  const set = (changes: Readonly<Record<string, Value>>): void => {
    const standard = new Map(described.knobs.map((knob) => [knob.path, knob.standard]));
    const all = { ...state.set, ...changes };
    const { at: _at, ...rest } = state;
    store.state = rest;
    store.change({
      set: Object.fromEntries(Object.entries(all).filter(([path, value]) => standard.get(path) !== value)),
    });
  };
  const point = (x: number, y: number): void => set({ [described.x.path]: x, [described.y.path]: y });
  const last = played?.steps.at(-1) ?? 0;
  const at = Math.min(state.at ?? last, last);
  const scene =
    played?.scenes[
      placeOf(
        played.scenes.map(({ t }) => t),
        at,
      )
    ];
  return (
    <div class={`lab ${state.only ? `only-${state.only}` : ''}`}>
      {errors.length > 0 && (
        <p class="wrong" role="alert">
          {errors.join(' ')}
        </p>
      )}
      {shows('map') && (
        <section class="map-room" aria-labelledby="map-head">
          <h2 id="map-head">{described.preset.title}</h2>
          <MapTools state={state} described={described} store={store} />
          <MapView
            state={state}
            described={described}
            part={part}
            other={state.other && compared.described?.point}
            onPoint={point}
            onRange={(x, y) => store.change(rangesOf(described, x, y))}
          />
          <p class="progress" role="status">
            {client
              ? progress >= 1
                ? `${part!.x.length} × ${part!.y.length} cells, ${part!.runs[0]} runs each.`
                : `computing: ${Math.round(100 * progress)} %`
              : 'computed beforehand; live once the kernel is there'}
          </p>
          <ExportMap client={client} state={state} complete={progress >= 1} />
        </section>
      )}
      <div class="side">
        {shows('controls') && (
          <>
            <Verdict name={state.other ? 'A' : undefined} answer={answer} described={described} />
            {state.other && compared.described && (
              <Verdict name="B" answer={compared.answer} described={compared.described} />
            )}
            <Controls
              described={described}
              onSet={(path, value) => set({ [path]: value })}
              onReset={() => store.change({ set: {} }, true)}
            />
          </>
        )}
      </div>
      {shows('run') && (
        <RunView
          state={state}
          described={described}
          played={played}
          other={state.other ? compared.played : undefined}
          onAt={(step) => {
            const { at: _at, ...rest } = store.state;
            store.state = rest;
            store.change(step === undefined ? {} : { at: step });
          }}
          onTime={(time) => store.change({ time })}
        />
      )}
      {shows('run') && <ExportRun client={client} state={state} says={answer?.verdict.sentence} />}
      {shows('filters') && client && played?.cast && scene && (
        <SlowMotion state={state} client={client} cast={played.cast} near={scene} at={at} last={last} />
      )}
    </div>
  );
}

/** New ends of the axes, inside what their symbols may be. */
function rangesOf(
  { x, y }: Described,
  right: readonly [number, number],
  up: readonly [number, number],
): Partial<PageState> {
  const made = ({ path, log }: AxisOf, [from, to]: readonly [number, number]): PageState['x'] => {
    const tidy = (value: number): number => Number(value.toPrecision(4));
    const least = log ? Math.max(from, 1e-9) : from;
    return { path, from: tidy(least), to: tidy(to), log };
  };
  return { x: made(x, right)!, y: made(y, up)! };
}

function MapTools({
  state,
  described: { x, y, knobs },
  store,
}: {
  readonly state: PageState;
  readonly described: Described;
  readonly store: Store;
}): JSX.Element {
  const axes = knobs
    .filter(({ path, value, used }) => used && typeof value === 'number' && path.includes('.') && path !== 'test.lines')
    .map(({ path }) => [path, `${glyphOf(path)}: ${meaningOf(path).split(/[(:;,]/)[0]}`] as const);
  const choose = (key: 'x' | 'y', path: string): void => store.change({ [key]: { path } }, true);
  const toggle = (key: 'x' | 'y', axis: AxisOf): void => {
    const from = axis.from > 0 ? axis.from : axis.values.find((value) => value > 0)!;
    store.change({ [key]: { path: axis.path, from: axis.log ? axis.from : from, to: axis.to, log: !axis.log } });
  };
  return (
    <div class="map-options">
      <Choice
        label="colour"
        value={state.show}
        choices={SHOWN.map((one) => [one, SHOWN_WORDS[one]] as const)}
        onChoose={(show) => store.change({ show })}
      />
      <Choice label="right" value={x.path} choices={axes} onChoose={(path) => choose('x', path)} />
      <Choice label="up" value={y.path} choices={axes} onChoose={(path) => choose('y', path)} />
      <label class="tick">
        <input type="checkbox" checked={x.log} onChange={() => toggle('x', x)} /> right axis logarithmic
      </label>
      <label class="tick">
        <input type="checkbox" checked={y.log} onChange={() => toggle('y', y)} /> up axis logarithmic
      </label>
      <label class="tick">
        <input type="checkbox" checked={state.log} onChange={() => store.change({ log: !state.log })} /> logarithmic
        colours
      </label>
      <span class="range">
        {glyphOf(x.path)} {short(x.from)} to {short(x.to)}, {glyphOf(y.path)} {short(y.from)} to {short(y.to)}
      </span>
    </div>
  );
}

/** The laboratory: map, run, setting, verdict, side by side. */
import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { typeset } from '../../figures/text.ts';
import type { Store } from '../state/store.ts';
import { FIRST, SHOWN, type Changes, type PageState, type Part, type Value } from '../state/page-state.ts';
import { glyphOf, meaningOf, short, SHOWN_WORDS } from '../text/words.ts';
import type { Client } from '../worker/client.ts';
import type { AxisOf, Described, Hero, TheoryTold } from '../worker/wire.ts';
import { Compare } from './compare.tsx';
import type * as More from './more.tsx';
import { Controls } from './controls.tsx';
import { MapView } from './map.tsx';
import { Choice } from './parts.tsx';
import { placeOf, RunView, type Bound } from './run.tsx';
import { BESIDE, useLab } from './use-lab.ts';
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
  const compared = useLab(state.other ? client : undefined, second, undefined, 'B', BESIDE);
  const shows = (part: Part): boolean => (state.only ? state.only === part : !state.hide.includes(part));
  const { part, played, answer, told, step, errors, progress, old } = known;
  const described = known.described && placed(known.described, state);
  const more = useMore(client !== undefined);
  const bounds = useMemo(() => boundsOf(told), [told]);
  if (!described)
    return (
      <div class="lab">
        {errors.length === 0 ? (
          <p>The laboratory is being opened …</p>
        ) : (
          <div class="wrong" role="alert">
            <p>{errors.join(' ')}</p>
            <button type="button" onClick={() => startFrom(store, { preset: state.preset })}>
              back to the preset
            </button>{' '}
            <button type="button" onClick={() => startFrom(store, {})}>
              begin with the first setting
            </button>
          </div>
        )}
      </div>
    );
  const set = (changes: Readonly<Record<string, Value>>): void => {
    const standard = new Map(described.knobs.map((knob) => [knob.path, knob.standard]));
    // Of the state as it is: keys may come faster than pictures.
    const { at: _at, ...now } = store.state;
    const all = { ...now.set, ...changes };
    store.put({
      ...now,
      set: Object.fromEntries(Object.entries(all).filter(([path, value]) => standard.get(path) !== value)),
      ...(now.other && { other: staying(now.other, changes, described) }),
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
        <div class="wrong" role="alert">
          <p>{errors.join(' ')}</p>
          <p class="numbers">What stands below is of the last setting that makes sense.</p>
          <button type="button" onClick={() => startFrom(store, { preset: state.preset })}>
            back to the preset
          </button>
        </div>
      )}
      {shows('map') && (
        <section class="map-room" aria-labelledby="map-head">
          <h2 id="map-head">
            {SHOWN_WORDS[state.show]} over {typeset(described.y.glyph)} and {typeset(described.x.glyph)}
          </h2>
          <p class="says">
            Setting of {described.preset.id}: {described.preset.title}
          </p>
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
          {more && <more.ExportMap client={client} state={state} complete={progress >= 1} />}
        </section>
      )}
      <div class="side">
        {shows('controls') && (
          <>
            <Verdict
              name={state.other ? 'A' : undefined}
              answer={answer}
              described={described}
              wanted={state.runs}
              old={old.answer}
            />
            {state.other && compared.described && (
              <Verdict
                name="B"
                answer={compared.answer}
                described={compared.described}
                wanted={state.runs}
                old={compared.old.answer}
              />
            )}
            <Compare
              state={state}
              described={described}
              second={state.other && compared.described}
              onFirst={(first) => store.change({ set: first })}
              onOther={(other) => {
                const { other: _other, ...rest } = store.state;
                store.put(other ? { ...rest, other } : rest, true);
              }}
            />
            <Controls
              described={described}
              onSet={(path, value) => set({ [path]: value })}
              onReset={() => store.change({ set: {} }, true)}
            >
              {more && client && (
                <more.Presets
                  client={client}
                  now={described.preset.id}
                  onChoose={(preset) => startFrom(store, { preset })}
                />
              )}
            </Controls>
          </>
        )}
      </div>
      {shows('run') && (
        <RunView
          state={state}
          described={described}
          played={played}
          other={state.other ? compared.played : undefined}
          computing={step}
          bounds={old.played ? [] : bounds}
          old={old.played}
          onAt={(step) => {
            const { at: _at, ...rest } = store.state;
            store.put(step === undefined ? rest : { ...rest, at: step });
          }}
          onTime={(time) => store.change({ time })}
          onReplicate={(replicate) => store.change({ replicate })}
        />
      )}
      {more && shows('run') && <more.ExportRun client={client} state={state} says={answer?.verdict.sentence} />}
      {more && !old.played && shows('filters') && client && played?.cast && scene && (
        <more.SlowMotion state={state} client={client} cast={played.cast} near={scene} at={at} last={last} />
      )}
      {more && client && shows('theory') && <more.Theory state={state} client={client} told={told} />}
      {more && client && shows('share') && <more.Share state={state} store={store} client={client} played={played} />}
    </div>
  );
}

/** What is not needed for the first view, once the laboratory is there. */
function useMore(wanted: boolean): typeof More | undefined {
  const [more, setMore] = useState<typeof More>();
  useEffect(() => {
    if (wanted) void import('./more.tsx').then(setMore);
  }, [wanted]);
  return more;
}

/** The setting's place and values as they were just set: what is described of them follows. */
function placed(described: Described, { preset, set }: PageState): Described {
  if (!preset.startsWith(described.preset.id) && !described.preset.id.startsWith(preset)) return described;
  const now = new Map(described.knobs.map((knob) => [knob.path, set[knob.path] ?? knob.standard] as const));
  return {
    ...described,
    knobs: described.knobs.map((knob) => ({ ...knob, value: now.get(knob.path) ?? knob.value })),
    point: {
      x: Number(now.get(described.x.path) ?? described.point.x),
      y: Number(now.get(described.y.path) ?? described.point.y),
    },
  };
}

/** A setting anew: nothing of the one before stays but the room. */
function startFrom(store: Store, part: Partial<PageState>): void {
  const { room, hide, only } = store.state;
  store.put({ ...FIRST, room, hide, ...(only && { only }), ...part }, true);
}

/** The second setting stays where it is when the first one moves. */
function staying(other: Changes, changes: Changes, { knobs }: Described): Changes {
  const before = new Map(knobs.map(({ path, value }) => [path, value] as const));
  const kept = Object.fromEntries(Object.keys(changes).map((path) => [path, before.get(path)!]));
  return Object.fromEntries(Object.entries({ ...kept, ...other }).filter(([path, value]) => changes[path] !== value));
}

/** Bounds of theorems with a number here, for the curves. */
const boundsOf = (told: TheoryTold | undefined): Bound[] =>
  (told?.statements ?? []).flatMap(({ paper, source, conditions, departures, bounds }) =>
    bounds.flatMap(({ of, side, value, formula, where }) => {
      if (value === null || formula.includes('clean error') || (where && where.holds !== true)) return [];
      const outside = departures.length > 0 || conditions.some(({ holds }) => holds !== true);
      const says = `${source} of ${paper}: ${side === 'upper' ? 'at most' : 'at least'} ${short(value)}${outside ? ', outside its assumptions here' : ''}`;
      return [{ of, value, label: source, says }];
    }),
  );

/** New ends of the axes, inside what their symbols may be. */
export function rangesOf(
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
    .map(({ path, scaled }) => [path, `${scaled ?? glyphOf(path)}: ${meaningOf(path).split(/[(:;,]/)[0]}`] as const);
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
      <details>
        <summary>
          Axes: {typeset(x.glyph)} {short(x.from)} to {short(x.to)}
          {x.log ? ' (log)' : ''}, {typeset(y.glyph)} {short(y.from)} to {short(y.to)}
          {y.log ? ' (log)' : ''}
        </summary>
        <div class="map-options">
          <Choice label="to the right" value={x.path} choices={axes} onChoose={(path) => choose('x', path)} />
          <label class="tick">
            <input type="checkbox" checked={x.log} onChange={() => toggle('x', x)} /> logarithmic
          </label>
          <Choice label="upwards" value={y.path} choices={axes} onChoose={(path) => choose('y', path)} />
          <label class="tick">
            <input type="checkbox" checked={y.log} onChange={() => toggle('y', y)} /> logarithmic
          </label>
          <label class="tick">
            <input type="checkbox" checked={state.log} onChange={() => store.change({ log: !state.log })} /> logarithmic
            colours
          </label>
          <Choice
            label="cells a side"
            value={String(state.grid)}
            choices={choicesWith([12, 24, 48, 72], state.grid)}
            onChoose={(grid) => store.change({ grid: Number(grid) })}
          />
          <Choice
            label="runs a cell"
            value={String(state.mapRuns)}
            choices={choicesWith([1, 4, 10, 40], state.mapRuns)}
            onChoose={(runs) => store.change({ mapRuns: Number(runs) })}
          />
          {(state.x ?? state.y) && (
            <button
              type="button"
              onClick={() => {
                const { x: _x, y: _y, ...rest } = store.state;
                store.put(rest, true);
              }}
            >
              the preset's axes
            </button>
          )}
        </div>
      </details>
    </div>
  );
}

const choicesWith = (usual: readonly number[], now: number): (readonly [string, string])[] =>
  [...new Set([...usual, now])].sort((a, b) => a - b).map((one) => [String(one), String(one)] as const);

/** One run over time: loss, errors, margins; play, pause, step, rewind, scrub. */
import type { JSX } from 'preact';
import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import { LinePlot, type Curve } from '../draw/line-plot.tsx';
import type { PageState, TimeScale } from '../state/page-state.ts';
import { short } from '../text/words.ts';
import type { Described, Played } from '../worker/wire.ts';
import { Choice, Picture } from './parts.tsx';

/** A bound of a theorem on a measured quantity. */
export interface Bound {
  readonly of: string;
  readonly value: number;
  /** short: it stands in the picture */
  readonly label: string;
  readonly says: string;
}

export interface RunProps {
  readonly state: PageState;
  readonly described: Described;
  readonly played: Played | undefined;
  /** of the second setting */
  readonly other?: Played | undefined;
  /** what is drawn is the run before, while the one of the setting is computed */
  readonly old?: boolean;
  /** the step at which the run is that is being computed */
  readonly computing?: number | undefined;
  /** bounds of theorems on measured quantities, to be drawn */
  readonly bounds?: readonly Bound[];
  /** its heading, one level below what it stands in */
  readonly heading?: 'h2' | 'h5';
  readonly onAt: (at: number | undefined) => void;
  readonly onTime: (time: TimeScale) => void;
  /** another run of the same setting */
  readonly onReplicate: (replicate: number) => void;
}

interface Plot {
  readonly id: string;
  readonly title: string;
  readonly log: boolean;
  readonly curves: readonly (readonly [id: string, label: string, colour: string])[];
}

const PLOTS: readonly Plot[] = [
  { id: 'loss', title: 'training loss', log: true, curves: [['trainLoss', 'training loss', '--c1']] },
  {
    id: 'errors',
    title: 'training and test error',
    log: false,
    curves: [
      ['testError', 'test error', '--c2'],
      ['trainError', 'training error', '--c1'],
    ],
  },
  {
    id: 'margins',
    title: 'margins of the training samples',
    log: false,
    curves: [
      ['marginMax', 'largest margin', '--c3'],
      ['marginMin', 'smallest margin', '--c4'],
    ],
  },
];

/** Milliseconds that a whole run takes to play. */
const WHOLE = 8000;

export function RunView(props: RunProps): JSX.Element {
  const { state, described, played, other, computing, old = false, bounds = [], onAt, onTime, onReplicate } = props;
  const { heading: Heading = 'h2' } = props;
  const head = useId();
  const [playing, setPlaying] = useState(false);
  const steps = played?.steps ?? [];
  const last = steps.at(-1) ?? 0;
  const at = Math.min(state.at ?? last, last);
  const place = placeOf(steps, at);
  usePlaying(playing, steps, place, (next) => {
    if (next === undefined) {
      setPlaying(false);
      onAt(undefined);
    } else onAt(next);
  });
  const unit = state.time === 'eta' ? described.eta : 1;
  const xs = useMemo(() => merged(steps, other?.steps ?? []), [steps, other]);
  const times = useMemo(() => xs.map((step) => step * unit), [xs, unit]);
  const xLabel = state.time === 'eta' ? 'time η·t' : 'step t';
  const seek = (time: number): void => {
    setPlaying(false);
    const step = Math.round(time / unit);
    onAt(step >= last ? undefined : Math.max(0, step));
  };
  const go = (step: number): void => seek(step * unit);
  const value = (id: string): number => {
    const row = played?.ids.findIndex((one) => one === id) ?? -1;
    return row < 0 ? NaN : played!.columns[row]![place]!;
  };
  return (
    <section class={`run ${old ? 'old' : ''}`} aria-labelledby={head} aria-busy={old}>
      <Heading id={head}>
        The run <code>{old ? played!.record.run : described.run}</code>
        {old && ' (of the setting before)'}
      </Heading>
      <div class="player" role="group" aria-label="Playing the run">
        <button type="button" onClick={() => go(0)} disabled={!played}>
          rewind
        </button>
        <button
          type="button"
          class="main"
          disabled={!played || last === 0}
          onClick={() => {
            if (!playing && at >= last) onAt(0);
            setPlaying(!playing);
          }}
        >
          {playing ? 'pause' : 'play'}
        </button>
        <button type="button" onClick={() => go(at - 1)} disabled={!played || at <= 0}>
          − step
        </button>
        <button type="button" onClick={() => go(at + 1)} disabled={!played || at >= last}>
          + step
        </button>
        <label class="scrub">
          <span class="unseen">step</span>
          <input
            type="range"
            min={0}
            max={last}
            step={1}
            value={at}
            disabled={!played}
            aria-valuetext={`step ${at} of ${last}`}
            onInput={(event) => go(Number(event.currentTarget.value))}
          />
        </label>
        <output>
          t = {at}
          {state.time === 'eta' ? `, ηt = ${short(at * described.eta)}` : ''} of {last}
        </output>
        <Choice
          label="time"
          value={state.time}
          choices={[
            ['linear', 'steps'],
            ['log', 'steps, logarithmic'],
            ['eta', 'η·t'],
          ]}
          onChoose={onTime}
        />
        <span class="tick">
          run {state.replicate}
          <button
            type="button"
            aria-label="the run before"
            disabled={state.replicate === 0}
            onClick={() => onReplicate(state.replicate - 1)}
          >
            ‹
          </button>
          <button type="button" aria-label="the next run" onClick={() => onReplicate(state.replicate + 1)}>
            ›
          </button>
        </span>
      </div>
      <p class="outcome">
        {computing === undefined
          ? (played?.sentence ?? 'No run.')
          : `The run is being computed${computing > 0 ? `: step ${computing} of at most ${described.maxSteps}` : ''} …`}
      </p>
      <div class="plots">
        {PLOTS.map((plot) => {
          const mine = curvesOf(plot, played, xs, '');
          const theirs = curvesOf(plot, other, xs, 'B: ').map((curve): Curve => ({ ...curve, dash: [6, 4] }));
          const curves = [
            ...(theirs.length > 0 ? mine.map((one) => ({ ...one, label: `A: ${one.label}` })) : mine),
            ...theirs,
          ];
          const says = [
            ...new Set(bounds.filter(({ of }) => plot.curves.some(([id]) => id === of)).map((one) => one.says)),
          ];
          // Of a loss that is 0 throughout a logarithmic scale shows nothing.
          const log = plot.log && mine.some(({ values }) => values.filter((one) => one !== null && one > 0).length > 1);
          return (
            <Picture
              key={plot.id}
              name={`plot-${plot.id}`}
              title={
                <span class="curve-names">
                  {curves.map(({ label, colour, dash }) => (
                    <span key={label} class={`name ${dash ? 'dashed' : ''}`} style={{ '--mark': `var(${colour})` }}>
                      {label}
                    </span>
                  ))}
                </span>
              }
              says={`${plot.title} over ${last} steps. ${plot.curves
                .map(([id, label]) => `At step ${at} the ${label} is ${short(value(id))}`)
                .join('; ')}.`}
            >
              <LinePlot
                x={times}
                curves={curves}
                xLog={state.time === 'log'}
                yLog={log}
                xLabel={xLabel}
                height={plot.id === 'loss' ? 150 : 160}
                at={played ? at * unit : undefined}
                levels={levelsOf(plot, described, bounds)}
                onSeek={seek}
              />
              {says.length > 0 && <small class="bounds">{says.join('; ')}</small>}
            </Picture>
          );
        })}
      </div>
    </section>
  );
}

const levelsOf = (
  { id, curves }: Plot,
  { flip, limit }: Described,
  bounds: NonNullable<RunProps['bounds']>,
): { readonly y: number; readonly label: string }[] => [
  ...(id === 'errors' && flip > 0 ? [{ y: flip, label: `floor p = ${flip}` }] : []),
  ...(id === 'errors' ? [{ y: Number((flip + limit).toPrecision(6)), label: `p + ${limit}: harmful above` }] : []),
  ...bounds.filter(({ of }) => curves.some(([one]) => one === of)).map(({ value, label }) => ({ y: value, label })),
];

/** Values at all of the times; null where a run has none. */
function curvesOf({ curves }: Plot, played: Played | undefined, xs: readonly number[], name: string): Curve[] {
  if (!played) return [];
  const at = new Map(played.steps.map((step, place) => [step, place]));
  return curves.flatMap(([id, label, colour]): Curve[] => {
    const row = played.ids.findIndex((one) => one === id);
    if (row < 0) return [];
    const column = played.columns[row]!;
    let before: number | null = null;
    const values = xs.map((x) => {
      const place = at.get(x);
      const value = place === undefined ? before : column[place]!;
      before = x > played.steps.at(-1)! || value === null || Number.isNaN(value) ? null : value;
      return before;
    });
    return [{ label: `${name}${label}`, colour, values }];
  });
}

function merged(a: readonly number[], b: readonly number[]): number[] {
  return b.length === 0 ? [...a] : [...new Set([...a, ...b])].sort((one, two) => one - two);
}

/** Place of the last entry up to a step. */
export function placeOf(steps: readonly number[], at: number): number {
  let place = 0;
  while (place + 1 < steps.length && steps[place + 1]! <= at) place++;
  return place;
}

/** Moves on while it plays. @param go to a step; undefined: to the end */
function usePlaying(
  playing: boolean,
  steps: readonly number[],
  place: number,
  go: (step: number | undefined) => void,
): void {
  const latest = useRef({ place, go, playing });
  latest.current = { place, go, playing };
  useEffect(() => {
    if (!playing || steps.length < 2) return;
    const each = WHOLE / steps.length;
    let due = performance.now() + each;
    let frame = requestAnimationFrame(function tick(now) {
      // Once it shows that it stands, it stands.
      if (now >= due && latest.current.playing) {
        const on = Math.max(1, Math.round((now - due) / each));
        due = now + each;
        const next = latest.current.place + on;
        latest.current.go(next >= steps.length - 1 ? undefined : steps[next]!);
      }
      frame = requestAnimationFrame(tick);
    });
    return () => cancelAnimationFrame(frame);
  }, [playing, steps]);
}

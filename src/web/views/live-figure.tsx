/** A figure of a chapter: its map and a run of its setting, computed once it is in view. */
import type { JSX } from 'preact';
import { useId, useMemo } from 'preact/hooks';
import { typeset } from '../../figures/text.ts';
import type { ChapterFigure, ChapterVariant } from '../chapters/chapter.ts';
import type { PageState, Value } from '../state/page-state.ts';
import { exact, glyphOf, short } from '../text/words.ts';
import type { Client } from '../worker/client.ts';
import { besideOf, type Beside } from './beside.ts';
import { rangesOf } from './lab.tsx';
import { MapView } from './map.tsx';
import { Choice } from './parts.tsx';
import { RunView } from './run.tsx';
import { useSeen } from './seen.ts';
import { TakeAway } from './take-away.tsx';
import { useLab, type Wanted } from './use-lab.ts';
import { Verdict } from './verdict.tsx';

const PICTURES: Readonly<Record<ChapterFigure['view'], readonly Wanted[]>> = {
  map: ['map'],
  run: ['run'],
  both: ['map', 'run'],
};

export interface LiveFigureProps {
  readonly figure: ChapterFigure;
  readonly variant: ChapterVariant;
  /** of the variant, as words and the reader's hand have set it */
  readonly state: PageState;
  readonly client: Client | undefined;
  readonly onState: (state: PageState) => void;
  readonly onVariant: (id: string) => void;
  /** to the laboratory, with this state */
  readonly onLoad: (state: PageState) => void;
}

export function LiveFigure(props: LiveFigureProps): JSX.Element {
  const { figure, variant, state, client, onVariant } = props;
  const [box, seen] = useSeen<HTMLElement>();
  const head = useId();
  return (
    <section class={`live ${figure.view}`} ref={box} id={`figure-${figure.id}`} aria-labelledby={head} tabIndex={-1}>
      <h4 id={head}>{figure.title}</h4>
      {figure.caption && <p class="caption" dangerouslySetInnerHTML={{ __html: figure.caption }} />}
      {figure.variants.length > 1 && (
        <Choice
          label="variant"
          value={variant.id}
          choices={figure.variants.map(({ id }) => [id, id] as const)}
          onChoose={onVariant}
        />
      )}
      <p class="variant">{variant.says}</p>
      {variant.hash === undefined ? (
        <p class="not-live">It cannot be drawn here. {variant.why}</p>
      ) : (
        <Pictures {...props} client={seen ? client : undefined} />
      )}
      <details class="about">
        <summary>Spec, command, what is checked, and where it departs from the paper</summary>
        <TakeAway
          client={variant.hash === undefined ? undefined : client}
          state={state}
          command={variant.command}
          map={figure.view !== 'run'}
        />
        <p>{variant.size}</p>
        <List title="What the command checks" items={variant.checks} />
        <List title="Departures from the paper, known beforehand" items={variant.deviations} />
        <List title="What it leaves of the paper's assumptions (constants 1, δ = .1)" items={variant.leaves} />
      </details>
    </section>
  );
}

function List({ title, items }: { readonly title: string; readonly items: readonly string[] }): JSX.Element | null {
  if (items.length === 0) return null;
  return (
    <>
      <h5>{title}</h5>
      <ul>
        {items.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
    </>
  );
}

function Pictures({ figure, variant, state, client, onState, onLoad }: LiveFigureProps): JSX.Element {
  const slot = `figure-${figure.id}`;
  const { described, part, played, answer, step, errors, progress } = useLab(client, state, undefined, slot, [
    ...PICTURES[figure.view],
    ...(variant.judged ? (['verdict'] as const) : []),
  ]);
  const { marks } = variant;
  // Marks are of the variant's own setting; along the map's axes it may move.
  const own = described?.knobs.every(
    ({ path, value, standard, used }) =>
      !used || value === standard || path === described.x.path || path === described.y.path || path in ownOf(variant),
  );
  const laid = own && marks.length > 0 ? marks : undefined;
  const beside = useMemo(
    () => (laid && part?.complete && described ? besideOf(laid, part, described) : []),
    [laid, part, described],
  );
  if (!described)
    return (
      <p class="wait" role={errors[0] ? 'alert' : undefined}>
        {errors[0] ?? 'The figure is computed here once it is in view.'}
      </p>
    );
  const set = (changes: Readonly<Record<string, Value>>): void => {
    const { at: _at, ...rest } = state;
    onState({ ...rest, set: { ...state.set, ...changes } });
  };
  // Along an axis a value may be in units: d/n.
  const nameOf = (path: string): string => {
    const axis = [described.x, described.y].find((one) => one.path === path);
    return axis ? typeset(axis.glyph) : glyphOf(path);
  };
  const changed = described.knobs.filter(({ value, standard, used }) => used && value !== standard);
  return (
    <>
      {errors.length > 0 && (
        <p class="wrong" role="alert">
          {errors.join(' ')}
        </p>
      )}
      <div class="live-parts">
        {figure.view !== 'run' && (
          <div class="live-map">
            <MapView
              state={state}
              described={described}
              part={part}
              marks={laid}
              onPoint={(x, y) => set({ [described.x.path]: x, [described.y.path]: y })}
              onRange={(x, y) => onState({ ...state, ...rangesOf(described, x, y) })}
            />
            {laid && <MarkKeys labels={laid} />}
            <p class="progress" role="status">
              {progress >= 1 ? variant.size : `computing: ${Math.round(100 * progress)} %`}
            </p>
            {beside.length > 0 && <BesideTable beside={beside} state={state} names={described} />}
          </div>
        )}
        <div class="live-side">
          {variant.judged ? (
            <Verdict answer={answer} described={described} heading="h5" />
          ) : (
            <p class="changed">A verdict needs some sixty runs, which take long here: load the setting for one.</p>
          )}
          <p class="changed" role="status">
            {changed.length === 0
              ? 'The setting is as the preset has it.'
              : `Set: ${changed.map(({ path, value }) => `${nameOf(path)} = ${exact(value)}`).join(', ')}.`}
          </p>
          <p class="live-tools">
            <button type="button" onClick={() => onLoad(state)}>
              load this setting
            </button>
          </p>
        </div>
      </div>
      {figure.view !== 'map' && (
        <RunView
          state={state}
          described={described}
          played={played}
          computing={step}
          heading="h5"
          onAt={(at) => {
            const { at: _at, ...rest } = state;
            onState(at === undefined ? rest : { ...rest, at });
          }}
          onTime={(time) => onState({ ...state, time })}
          onReplicate={(replicate) => onState({ ...state, replicate })}
        />
      )}
    </>
  );
}

const ownOf = ({ hash = '' }: ChapterVariant): Readonly<Record<string, string>> =>
  Object.fromEntries(hash.split('&').map((piece) => piece.split('=') as [string, string]));

const MarkKeys = ({ labels }: { readonly labels: ChapterVariant['marks'] }): JSX.Element => (
  <ul class="legend mark-keys">
    {[...new Map(labels.map((mark) => [mark.label, mark])).values()].map(({ label, kind }) => (
      <li key={label}>
        <svg width="34" height="16" class="marks" aria-hidden="true">
          {kind === 'level' ? <path class="level" d="M17 1l5 7l-5 7l-5 -7z" /> : <circle cx="17" cy="8" r="6" />}
        </svg>
        {label}
        {kind === 'value' && ', in the colours of the map: a disc that cannot be seen agrees'}
      </li>
    ))}
  </ul>
);

function BesideTable({
  beside,
  state,
  names: { x, y },
}: {
  readonly beside: readonly Beside[];
  readonly state: PageState;
  readonly names: { readonly x: { readonly glyph: string }; readonly y: { readonly glyph: string } };
}): JSX.Element {
  const span = ([a, b]: readonly [number, number]): string => (a === b ? short(a) : `${short(a)} to ${short(b)}`);
  return (
    <details>
      <summary>Published numbers beside ours ({beside.length})</summary>
      <div class="scroll" tabIndex={0} role="region" aria-label="Published numbers beside ours">
        <table>
          <thead>
            <tr>
              <th scope="col">{typeset(y.glyph)}</th>
              <th scope="col">{typeset(x.glyph)}</th>
              <th scope="col">published</th>
              <th scope="col">this map, ± standard error</th>
            </tr>
          </thead>
          <tbody>
            {beside.map(({ mark, ours, se }) => (
              <tr key={`${mark.x} ${mark.y}`}>
                <td>{span(mark.y)}</td>
                <td>{span(mark.x)}</td>
                <td>{short(mark.value)}</td>
                <td>
                  {short(ours)}
                  {Number.isNaN(se) ? '' : ` ± ${short(se, 2)}`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="hint">
        A coarse map with {state.mapRuns} {state.mapRuns === 1 ? 'run' : 'runs'} a cell; the command compares with the
        runs of the preset, by rules that were set beforehand.
      </p>
    </details>
  );
}

/** A second setting beside the first, on the same axes. */
import type { JSX } from 'preact';
import type { Changes, PageState, Value } from '../state/page-state.ts';
import { exact, glyphOf } from '../text/words.ts';
import type { Described } from '../worker/wire.ts';

export interface CompareProps {
  readonly state: PageState;
  readonly described: Described;
  /** of the second setting */
  readonly second: Described | undefined;
  readonly onOther: (other: Changes | undefined) => void;
  readonly onFirst: (set: Changes) => void;
}

export function Compare({ state, described, second, onOther, onFirst }: CompareProps): JSX.Element {
  const { other } = state;
  if (!other)
    return (
      <p class="compare">
        <button type="button" onClick={() => onOther({})}>
          compare with a second setting
        </button>
      </p>
    );
  const own = new Map(described.knobs.map(({ path, value }) => [path, value] as const));
  const differing = (second?.knobs ?? []).filter(({ path, value }) => own.get(path) !== value);
  const values = (which: (path: string, value: Value) => Value): string =>
    differing.map(({ path, value }) => `${glyphOf(path)} = ${exact(which(path, value))}`).join(', ');
  return (
    <div class="compare">
      <p>
        {differing.length === 0
          ? 'A and B are the same: move A away and B stays where it is.'
          : `A has ${values((path) => own.get(path)!)}; B has ${values((_, value) => value)}.`}
      </p>
      <p class="player">
        <button
          type="button"
          onClick={() => {
            onFirst({ ...state.set, ...other });
            onOther(Object.fromEntries(differing.map(({ path }) => [path, own.get(path)!])));
          }}
        >
          swap A and B
        </button>
        <button type="button" onClick={() => onOther(undefined)}>
          only A
        </button>
      </p>
    </div>
  );
}

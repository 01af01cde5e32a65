/** One step, slowly: who is wrong and by how much, who pulls, which filters listen, what moves. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { PageState } from '../state/page-state.ts';
import { short } from '../text/words.ts';
import type { Client } from '../worker/client.ts';
import type { Cast, Scene } from '../../experiments/watched-run.ts';
import { FilterPicture, SamplePicture } from './filters.tsx';

export interface SlowMotionProps {
  readonly state: PageState;
  readonly client: Client;
  readonly cast: Cast;
  /** scene of the played run that is nearest to the step */
  readonly near: Scene;
  readonly at: number;
  readonly last: number;
}

/** Milliseconds without a further move before the very step is computed. */
const REST = 150;

export function SlowMotion({ state, client, cast, near, at, last }: SlowMotionProps): JSX.Element {
  const [pair, setPair] = useState<readonly Scene[]>([]);
  const [open, setOpen] = useState(false);
  const from = Math.min(at, Math.max(0, last - 1));
  const key = JSON.stringify([state.preset, state.set, state.replicate, from]);
  useEffect(() => {
    if (!open) return;
    let wanted = true;
    const timer = setTimeout(async () => {
      const told = await client.scenes(state, from, Math.min(last, from + 1));
      if (wanted && 'value' in told) setPair(told.value);
    }, REST);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [key, open, last]);
  const exact = open && pair[0]?.t === from;
  const [now, next] = exact ? [pair[0]!, pair[1]] : [near, undefined];
  return (
    <section class="filters" aria-labelledby="filters-head">
      <h2 id="filters-head">Inside the network at step {now.t}</h2>
      <div class="pair">
        <FilterPicture cast={cast} scene={now} />
        <SamplePicture cast={cast} scene={now} />
      </div>
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>Slow motion of the step from {from}</summary>
        {next ? <Step cast={cast} now={now} next={next} /> : <p>The step is being computed …</p>}
      </details>
    </section>
  );
}

function Step({ cast, now, next }: { readonly cast: Cast; readonly now: Scene; readonly next: Scene }): JSX.Element {
  const order = [...now.pulls.keys()].sort((a, b) => now.pulls[b]! - now.pulls[a]!);
  const total = now.pulls.reduce((sum, one) => sum + one, 0);
  const hardest = order.slice(0, 3);
  const wrong = [...now.margins].filter((margin) => !(margin > 0)).length;
  const listening = hardest.map((i) => {
    let count = 0;
    for (let r = 0; r < cast.filters; r++) if (now.active[r * cast.n + i]! > 0) count++;
    return count;
  });
  const turn = turned(cast, now, next);
  const name = (i: number): string => `${i + 1}${cast.labels[i] === cast.trueLabels[i] ? '' : ' (flipped)'}`;
  return (
    <ol class="slow">
      <li>
        <strong>Forward.</strong>{' '}
        {wrong === 0 ? 'Every label is fitted' : `${wrong} of ${cast.n} labels are not fitted`}; the smallest margin is{' '}
        {short(Math.min(...now.margins))}.
      </li>
      <li>
        <strong>Pull.</strong>{' '}
        {total === 0
          ? 'No sample pulls.'
          : `Of all that pulls, ${hardest.map((i) => `sample ${name(i)} has ${short((100 * now.pulls[i]!) / total, 2)} %`).join(', ')}.`}
      </li>
      <li>
        <strong>Active filters.</strong>{' '}
        {hardest.map((i, at) => `sample ${name(i)} is heard by ${listening[at]} of ${cast.filters}`).join(', ')}: only
        these move by it.
      </li>
      <li>
        <strong>Move.</strong> {turn}
        <FilterPicture cast={cast} scene={now} next={next} />
      </li>
    </ol>
  );
}

function turned({ filters, directions }: Cast, now: Scene, next: Scene): string {
  const D = directions.length;
  let [signal, noise] = [0, 0];
  for (let r = 0; r < filters; r++)
    for (let k = 0; k < D; k++) {
      const change = Math.abs(next.cosines[r * D + k]! - now.cosines[r * D + k]!);
      if (directions[k]!.kind === 'signal') signal = Math.max(signal, change);
      else noise = Math.max(noise, change);
    }
  const grown = next.norms.reduce((sum, norm, r) => sum + norm - now.norms[r]!, 0) / filters;
  return `The largest turn towards or away from the signal is ${short(signal)}, from the noise of a sample ${short(noise)} (in cosines); filters grow by ${short(grown)} on average.`;
}

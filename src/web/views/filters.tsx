/** The filters at one time: what each of them points to, and on which samples it is active. */
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { css, signColour } from '../draw/colours.ts';
import { short } from '../text/words.ts';
import type { Cast, Scene } from '../../experiments/watched-run.ts';
import { Picture } from './parts.tsx';

/** More columns than this are drawn for the first samples alone. */
const MOST_SAMPLES = 60;
const MOST_FILTERS = 60;
/** On cells that are pale in light and dark alike. */
const DOT = '#1c2330';

export interface FiltersProps {
  readonly cast: Cast;
  readonly scene: Scene;
  /** the next state: what a step moves, in place of where filters point */
  readonly next?: Scene | undefined;
}

/** Directions that are drawn: signals, then one for each sample, flipped ones marked. */
export function FilterPicture({ cast, scene, next }: FiltersProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { filters, directions, labels, trueLabels } = cast;
  const rows = Math.min(filters, MOST_FILTERS);
  const columns = directions.flatMap((one, at) => (one.kind === 'signal' || one.of < MOST_SAMPLES ? [at] : []));
  const flipped = (at: number): boolean => {
    const { kind, of } = directions[at]!;
    return kind !== 'signal' && labels[of] !== trueLabels[of];
  };
  const size = 14;
  const head = 16;
  const [width, height] = [columns.length * size + 70, rows * size + head];
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const dense = Math.min(2, devicePixelRatio || 1);
    canvas.current!.width = width * dense;
    canvas.current!.height = height * dense;
    context.scale(dense, dense);
    const ink = getComputedStyle(canvas.current!).color;
    context.font = '11px system-ui, sans-serif';
    columns.forEach((at, column) => {
      const { kind, of } = directions[at]!;
      context.fillStyle = flipped(at) ? getComputedStyle(document.documentElement).getPropertyValue('--flip') : ink;
      context.textAlign = 'center';
      const text = kind === 'signal' ? 'μ' : flipped(at) ? '✗' : of % 5 === 0 ? String(of + 1) : '';
      context.fillText(text, 70 + (column + 0.5) * size, 12);
    });
    const D = directions.length;
    for (let r = 0; r < rows; r++) {
      context.fillStyle = ink;
      context.textAlign = 'right';
      context.fillText(`${cast.classes[r]! > 0 ? '+' : '−'} w${r + 1}`, 64, head + (r + 0.75) * size);
      columns.forEach((at, column) => {
        const now = scene.cosines[r * D + at]!;
        const value = next ? Math.max(-1, Math.min(1, 20 * (next.cosines[r * D + at]! - now))) : now;
        context.fillStyle = css(signColour(value));
        const [x, y] = [70 + column * size, head + r * size];
        context.fillRect(x, y, size - 1, size - 1);
        const { kind, of } = directions[at]!;
        if (kind === 'signal' || !(scene.active[r * cast.n + of]! > 0)) return;
        context.fillStyle = DOT;
        context.fillRect(x + size / 2 - 1.5, y + size / 2 - 1.5, 3, 3);
      });
    }
  });
  return (
    <Picture
      name={next ? 'filters-move' : 'filters'}
      title={
        next
          ? 'What one step turns: change of each cosine, twentyfold (violet: towards, orange: away)'
          : 'Where the filters point: cosine with the signal μ and with the noise of each sample (violet: along, orange: against; dot: active; ✗: flipped label)'
      }
      says={filterWords(cast, scene)}
    >
      <div class="scroll" tabIndex={0} role="group" aria-label="filters and directions">
        <canvas ref={canvas} aria-hidden="true" style={{ width: `${width}px`, height: `${height}px` }} />
      </div>
      {(rows < filters || columns.length < directions.length) && (
        <small>
          {rows} of {filters} filters, {columns.length} of {directions.length} directions are drawn
        </small>
      )}
    </Picture>
  );
}

function filterWords({ filters, directions, classes }: Cast, { t, cosines }: Scene): string {
  const D = directions.length;
  const signals = directions.flatMap(({ kind }, at) => (kind === 'signal' ? [at] : []));
  let [along, own] = [0, 0];
  for (let r = 0; r < filters; r++) {
    let best = 0;
    for (let k = 0; k < D; k++) if (Math.abs(cosines[r * D + k]!) > Math.abs(cosines[r * D + best]!)) best = k;
    if (signals.includes(best)) along++;
    else own++;
  }
  const mean = signals.length
    ? Array.from({ length: filters }, (_, r) => classes[r]! * cosines[r * D + signals[0]!]!).reduce(
        (a, b) => a + b,
        0,
      ) / filters
    : NaN;
  return `${filters} filters at step ${t}: ${along} point most to a signal, ${own} to the noise of a single sample. Mean cosine with the signal, in the direction of the filter's class: ${short(mean)}.`;
}

/** Margins and pulls of the samples at one time. */
export function SamplePicture({ cast, scene }: { readonly cast: Cast; readonly scene: Scene }): JSX.Element {
  const n = Math.min(cast.n, MOST_SAMPLES);
  // A run that has diverged leaves some of them without a number.
  const finite = (values: Float64Array): readonly number[] =>
    Array.from(values, (one) => (Number.isFinite(one) ? one : 0));
  const [margins, pulls] = [finite(scene.margins), finite(scene.pulls)];
  const most = Math.max(1e-9, ...margins.slice(0, n), 0);
  const least = Math.min(0, ...margins.slice(0, n));
  const strongest = Math.max(1e-300, ...pulls.slice(0, n));
  const [width, height] = [Math.max(240, n * 16 + 60), 150];
  const y = (value: number): number => 8 + (1 - (value - least) / (most - least)) * 78;
  const flips = [...cast.labels].flatMap((label, i) => (label !== cast.trueLabels[i] ? [i + 1] : []));
  const hardest = pulls.indexOf(Math.max(...pulls));
  return (
    <Picture
      name="samples"
      title="The samples: margin y·f(x) above, pull −ℓ′ below (✗: flipped label)"
      says={`${cast.n} samples at step ${scene.t}; flipped: ${flips.length === 0 ? 'none' : `number ${flips.join(', ')}`}. ${[...scene.margins].filter((m) => m > 0).length} are fitted. Sample ${hardest + 1} pulls hardest, with ${short(pulls[hardest]!)}.`}
    >
      <div class="scroll" tabIndex={0} role="group" aria-label="samples">
        <svg class="samples" width={width} height={height} aria-hidden="true">
          <line x1={40} x2={40 + n * 16} y1={y(0)} y2={y(0)} class="zero" />
          <text x={36} y={y(0) + 4} text-anchor="end">
            0
          </text>
          <text x={36} y={y(most) + 8} text-anchor="end">
            {short(most, 2)}
          </text>
          {Array.from({ length: n }, (_, i) => {
            const flip = cast.labels[i] !== cast.trueLabels[i];
            const margin = margins[i]!;
            const pull = (pulls[i]! / strongest) * 42;
            return (
              <g key={i} class={flip ? 'flipped' : ''}>
                <line x1={48 + i * 16} x2={48 + i * 16} y1={y(0)} y2={y(margin)} class={margin > 0 ? 'fit' : 'unfit'} />
                <rect x={44 + i * 16} width={8} y={104} height={pull} />
                {flip && (
                  <text x={48 + i * 16} y={100} text-anchor="middle">
                    ✗
                  </text>
                )}
              </g>
            );
          })}
          <text x={36} y={114} text-anchor="end">
            pull
          </text>
        </svg>
      </div>
    </Picture>
  );
}

/** What the colours of a map mean. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { scaleOf } from '../../figures/quantity.ts';
import { amountColour } from '../draw/colours.ts';
import { scaleBetween, ticksOf, type Scale } from '../draw/scale.ts';
import type { PageState } from '../state/page-state.ts';
import { SHOWN_WORDS } from '../text/words.ts';
import type { MapPart } from '../worker/wire.ts';

export interface Shades {
  readonly scale: Scale;
  /** place of a value on the colours, in [0, 1] */
  readonly share: (value: number) => number;
  /** there are values without a place on it, which have its first colour */
  readonly placeless: boolean;
}

export function shadeOf({ show, log }: PageState, part: MapPart | undefined): Shades {
  const known = part ? [...part.values].filter((value) => Number.isFinite(value)) : [];
  const { domain } = show === 'benign' ? { domain: [0, 1] as const } : scaleOf(show, known, log);
  const scale = scaleBetween(domain[0], domain[1], log);
  const share = (value: number): number => {
    const place = scale.place(value);
    // A logarithmic scale has no place for what is not above 0.
    return Number.isNaN(place) ? 0 : Math.min(1, Math.max(0, place));
  };
  return { scale, share, placeless: log && known.some((value) => value <= 0) };
}

const WIDTH = 240;

export function ColourBar({
  shade,
  state,
  flip,
}: {
  readonly shade: Shades;
  readonly state: PageState;
  readonly flip: number;
}): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    for (let i = 0; i < WIDTH; i++) {
      const [r, g, b] = amountColour(i / (WIDTH - 1));
      context.fillStyle = `rgb(${r} ${g} ${b})`;
      context.fillRect(i, 0, 1, 12);
    }
  }, []);
  const floor = state.show === 'testError' && flip > 0 ? shade.scale.place(flip) : NaN;
  return (
    <div class="colour-bar">
      <span>{SHOWN_WORDS[state.show]}</span>
      <div class="bar">
        <canvas ref={canvas} width={WIDTH} height={12} aria-hidden="true" />
        <svg width={WIDTH + 40} height={30} aria-hidden="true">
          {ticksOf(shade.scale, 4).map(({ value, label }) => (
            <g key={value} transform={`translate(${20 + shade.scale.place(value) * WIDTH} 0)`}>
              <line y2={5} />
              <text y={17} text-anchor="middle">
                {label}
              </text>
            </g>
          ))}
          {floor >= 0 && floor <= 1 && <path class="floor" d={`M${20 + floor * WIDTH} 0l-4 8h8z`} />}
        </svg>
      </div>
      {floor >= 0 && floor <= 1 && <small>▲ floor: p = {flip}, the noise of the labels</small>}
      {shade.placeless && <small>Values of 0 and below have the first colour.</small>}
    </div>
  );
}

/** The map: a quantity over two symbols, with the setting as a crosshair; pan, zoom, choose by pointer or by keys. */
import type { JSX } from 'preact';
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { typeset } from '../../figures/text.ts';
import { paintCells } from '../draw/heat.ts';
import { scaleBetween, type Scale } from '../draw/scale.ts';
import type { PageState } from '../state/page-state.ts';
import { short, SHOWN_WORDS } from '../text/words.ts';
import type { Described, MapPart } from '../worker/wire.ts';
import { ColourBar, shadeOf } from './colour-bar.tsx';
import { BOTTOM, Crosshair, LEFT, Legend, Line, MapAxes, RIGHT, TOP } from './map-marks.tsx';
import { Here, wordsOf } from './map-words.tsx';
import { Marks, type MapMark } from './marks.tsx';
import { Picture } from './parts.tsx';

export interface MapProps {
  readonly state: PageState;
  readonly described: Described;
  readonly part: MapPart | undefined;
  /** where a second setting is */
  readonly other?: { readonly x: number; readonly y: number } | undefined;
  /** published numbers, laid over it */
  readonly marks?: readonly MapMark[] | undefined;
  readonly onPoint: (x: number, y: number) => void;
  /** new ends of both axes */
  readonly onRange: (x: readonly [number, number], y: readonly [number, number]) => void;
}

/** Sizes in px of the drawing and of its inner part. */
function useSize(): readonly [{ readonly current: HTMLDivElement | null }, number] {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(560);
  useLayoutEffect(() => {
    const box = ref.current!;
    const measure = (): void => setWidth(Math.max(260, Math.round(box.clientWidth)));
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(box);
    return () => watch.disconnect();
  }, []);
  return [ref, width];
}

const nearest = (values: readonly number[], value: number, scale: Scale): number => {
  const at = scale.place(value);
  let best = 0;
  values.forEach((one, i) => {
    if (Math.abs(scale.place(one) - at) < Math.abs(scale.place(values[best]!) - at)) best = i;
  });
  return best;
};

export function MapView({ state, described, part, other, marks, onPoint, onRange }: MapProps): JSX.Element {
  const clip = useId();
  const [box, width] = useSize();
  const height = Math.round(Math.min(520, Math.max(280, width * 0.78)));
  const inner = { width: width - LEFT - RIGHT, height: height - TOP - BOTTOM };
  const { x, y, point } = described;
  const [right, up] = useMemo(
    () => [scaleBetween(x.from, x.to, x.log), scaleBetween(y.from, y.to, y.log)] as const,
    [x.from, x.to, x.log, y.from, y.to, y.log],
  );
  const canvas = useRef<HTMLCanvasElement>(null);
  const shade = useMemo(() => shadeOf(state, part), [state.show, state.log, part]);
  useEffect(() => {
    const { current } = canvas;
    const context = current?.getContext('2d');
    if (!current || !context) return;
    const dense = Math.min(2, devicePixelRatio || 1);
    current.width = Math.round(inner.width * dense);
    current.height = Math.round(inner.height * dense);
    context.clearRect(0, 0, current.width, current.height);
    if (part?.under) paintCells(context, part.under, [right, up], shade.share);
    if (part) paintCells(context, part, [right, up], shade.share);
  }, [part, inner.width, inner.height, right, up, shade]);

  const drag = useRef<{ readonly x: number; readonly y: number; readonly pan: boolean } | null>(null);
  const shareOf = (event: { readonly clientX: number; readonly clientY: number }): readonly [number, number] => {
    const rect = canvas.current!.getBoundingClientRect();
    return [(event.clientX - rect.left) / rect.width, 1 - (event.clientY - rect.top) / rect.height];
  };
  const choose = ([a, b]: readonly [number, number]): void => {
    const clamp = (share: number): number => Math.min(1, Math.max(0, share));
    onPoint(
      x.values[nearest(x.values, right.value(clamp(a)), right)]!,
      y.values[nearest(y.values, up.value(clamp(b)), up)]!,
    );
  };
  const move = (dx: number, dy: number, factor: number): void => {
    const ends = (scale: Scale, shift: number): readonly [number, number] => {
      const middle = 0.5 + shift;
      return [scale.value(middle - factor / 2), scale.value(middle + factor / 2)];
    };
    onRange(ends(right, dx), ends(up, dy));
  };
  const onKey = (event: KeyboardEvent): void => {
    const step = event.shiftKey ? 5 : 1;
    const [i, j] = [nearest(x.values, point.x, right), nearest(y.values, point.y, up)];
    const within = (values: readonly number[], at: number): number =>
      values[Math.min(values.length - 1, Math.max(0, at))]!;
    // The other coordinate stays where it is, also off the cells' middles.
    const along = (at: number): void => onPoint(within(x.values, at), point.y);
    const upwards = (at: number): void => onPoint(point.x, within(y.values, at));
    const acts: Record<string, () => void> = {
      ArrowLeft: () => (event.altKey ? move(-0.25, 0, 1) : along(i - step)),
      ArrowRight: () => (event.altKey ? move(0.25, 0, 1) : along(i + step)),
      ArrowUp: () => (event.altKey ? move(0, 0.25, 1) : upwards(j + step)),
      ArrowDown: () => (event.altKey ? move(0, -0.25, 1) : upwards(j - step)),
      '+': () => move(0, 0, 0.5),
      '=': () => move(0, 0, 0.5),
      '-': () => move(0, 0, 2),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };

  const px = (value: number): number => LEFT + right.place(value) * inner.width;
  const py = (value: number): number => TOP + (1 - up.place(value)) * inner.height;
  return (
    <Picture
      name="map"
      title={
        <>
          {SHOWN_WORDS[state.show]} over {typeset(x.glyph)} and {typeset(y.glyph)}
        </>
      }
      says={wordsOf(state, described, part)}
    >
      <div class="map-box" ref={box}>
        <div class="map-layers" style={{ height: `${height}px` }}>
          <canvas
            ref={canvas}
            aria-hidden="true"
            style={{
              left: `${LEFT}px`,
              top: `${TOP}px`,
              width: `${inner.width}px`,
              height: `${inner.height}px`,
            }}
          />
          <svg width={width} height={height} aria-hidden="true">
            <MapAxes x={right} y={up} described={described} size={{ width, height }} />
            <clipPath id={clip}>
              <rect x={LEFT} y={TOP} width={inner.width} height={inner.height} />
            </clipPath>
            <g clip-path={`url(#${clip})`}>
              {(part?.lines ?? []).map((line, at) => (
                <Line key={at} line={line} px={px} py={py} />
              ))}
              {marks && <Marks marks={marks} axes={described} shade={shade.share} px={px} py={py} />}
            </g>
            <Crosshair at={point} px={px} py={py} inner={inner} name="A" />
            {other && <Crosshair at={other} px={px} py={py} inner={inner} name="B" />}
          </svg>
          <div
            class="map-touch"
            role="application"
            tabIndex={0}
            aria-label={`Map. The setting is ${typeset(x.glyph)} = ${short(point.x)}, ${typeset(y.glyph)} = ${short(point.y)}. Arrow keys move it by a cell, with Shift by five; + and - zoom, Alt and arrows pan.`}
            style={{
              left: `${LEFT}px`,
              top: `${TOP}px`,
              width: `${inner.width}px`,
              height: `${inner.height}px`,
            }}
            onKeyDown={onKey}
            onPointerDown={(event) => {
              event.currentTarget.setPointerCapture(event.pointerId);
              const [a, b] = shareOf(event);
              drag.current = { x: a, y: b, pan: event.shiftKey || event.button === 1 };
              if (!drag.current.pan) choose([a, b]);
            }}
            onPointerMove={(event) => {
              if (drag.current && !drag.current.pan) choose(shareOf(event));
            }}
            onPointerUp={(event) => {
              const from = drag.current;
              drag.current = null;
              if (!from?.pan) return;
              const [a, b] = shareOf(event);
              if (a !== from.x || b !== from.y) move(from.x - a, from.y - b, 1);
            }}
            onDblClick={(event) => {
              const [a, b] = shareOf(event);
              move((a - 0.5) / 2, (b - 0.5) / 2, 0.5);
            }}
          />
        </div>
        <div class="map-keys">
          <ColourBar shade={shade} state={state} flip={described.flip} />
          <Legend lines={part?.lines ?? []} />
          <Here state={state} part={part} described={described} />
          <p class="map-tools">
            <button type="button" onClick={() => move(0, 0, 0.5)}>
              zoom in
            </button>
            <button type="button" onClick={() => move(0, 0, 2)}>
              zoom out
            </button>
            {(
              [
                ['←', -0.25, 0],
                ['→', 0.25, 0],
                ['↑', 0, 0.25],
                ['↓', 0, -0.25],
              ] as const
            ).map(([sign, dx, dy]) => (
              <button key={sign} type="button" aria-label={`move the map ${sign}`} onClick={() => move(dx, dy, 1)}>
                {sign}
              </button>
            ))}
          </p>
        </div>
      </div>
    </Picture>
  );
}

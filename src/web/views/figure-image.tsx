/** A figure of the command line as a picture of the page, with buttons that write it as a file. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { titleOf } from '../draw/figure-words.ts';
import type { Picture } from '../worker/wire.ts';
import { ExportButtons } from './export.tsx';

export function FigureImage({ picture }: { readonly picture: Picture }): JSX.Element {
  const [drawn, setDrawn] = useState<{ readonly address?: string; readonly why?: string }>({});
  const { figure } = picture;
  useEffect(() => {
    let wanted = true;
    const draw = async (): Promise<void> => {
      try {
        const { svgOf } = await import('../draw/drawing.ts');
        const svg = await svgOf(figure);
        if (wanted) setDrawn({ address: `data:image/svg+xml,${encodeURIComponent(svg)}` });
      } catch (error) {
        if (wanted) setDrawn({ why: (error as Error).message });
      }
    };
    void draw();
    return () => void (wanted = false);
  }, [figure]);
  const { title, subtitle } = titleOf(figure);
  return (
    <figure class="drawn" data-name={figure.name}>
      {drawn.address ? (
        <img src={drawn.address} alt={[title, subtitle].filter(Boolean).join('. ')} />
      ) : (
        <p class={drawn.why ? 'wrong' : 'wait'} role={drawn.why ? 'alert' : 'status'}>
          {drawn.why ? `${figure.name} cannot be drawn: ${drawn.why}` : `${title} is being drawn …`}
        </p>
      )}
      <ExportButtons
        what={figure.name}
        ready={drawn.address !== undefined}
        kinds={picture.csv === undefined ? ['svg', 'png'] : ['svg', 'png', 'csv']}
        picture={() => Promise.resolve({ value: picture })}
      />
    </figure>
  );
}

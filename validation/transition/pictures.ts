/** The pictures of constants.md, each with its data beside it: NAME.svg and NAME.csv. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toCsv } from '../../src/answers/tables.ts';
import { exp, log, normalTail } from '../../src/core/special.ts';
import type { Table } from '../../src/experiments/table.ts';
import type { Figure } from '../../src/figures/figure.ts';
import { renderSvg } from '../../src/figures/render.ts';
import { seriesFigure } from '../../src/figures/series.ts';
import { boundaryFigure } from '../../src/reproduction/boundary-figure.ts';
import { boundaryTable } from '../../src/reproduction/boundary-report.ts';
import { depths, FLIP, quantiles, widths, type Made } from './derived.ts';

export interface Picture {
  readonly name: string;
  /** what it shows, for those who do not see it */
  readonly says: string;
}

/** @returns their names, in the order of the page */
export async function writePictures(folder: string, made: readonly Made[]): Promise<Picture[]> {
  mkdirSync(folder, { recursive: true });
  const pictures: Picture[] = [];
  const write = async (figure: Figure, table: Table, says: string): Promise<void> => {
    writeFileSync(join(folder, `${figure.name}.svg`), await renderSvg(figure));
    writeFileSync(join(folder, `${figure.name}.csv`), toCsv(table));
    pictures.push({ name: figure.name, says });
  };
  for (const one of made) {
    const drawn = boundaryFigure(
      one.boundary,
      one,
      {
        title: one.study.title,
        subtitle: `${one.runs} runs; bars: 95 % each${one.study.factor === undefined ? '' : '; upwards the factor in front of the power of the law'}`,
      },
      one.study.drawn ?? one.study.laws?.[0],
    );
    if (drawn)
      await write(
        { ...drawn, name: one.study.id },
        boundaryTable(one.boundary, one),
        `Level sets of ${one.study.title}`,
      );
  }
  await write(...widthPicture(made), 'Width of the transition against d and n');
  await write(...depthPicture(made), 'C_2 against S');
  return pictures;
}

function widthPicture(made: readonly Made[]): [Figure, Table] {
  const sets = (['kou-d', 'kou-n'] as const).map((id) => ({ id: id.slice(4), rows: widths(made, id) }));
  const figure = seriesFigure(
    sets.map(({ id, rows }) => ({
      label: id === 'd' ? 'against d (n = 20)' : 'against n (d = 10⁶)',
      kind: 'points' as const,
      points: rows.map(({ over, width }) => ({ x: over, y: width.value, low: width.low, high: width.high })),
    })),
    {
      name: 'width',
      title: 'Kou et al. 2023: width of the transition',
      subtitle: 'log S at clean error 0.05 minus log S at 0.35; bars: 1 − α/K. A step would have width 0',
      x: { label: 'd or n', log: true },
      y: { label: 'width in log S' },
    },
  );
  return [
    figure,
    {
      columns: ['axis', 'over', 'width', 'low', 'high'],
      rows: sets.flatMap(({ id, rows }) =>
        rows.map(({ over, width }) => [id, over, width.value, width.low, width.high]),
      ),
    },
  ];
}

/** Beside the measured ones: the averaging classifier, Phi(-(1 - 2k/n) sqrt S) with k = n/10. */
function depthPicture(made: readonly Made[]): [Figure, Table] {
  const measured = depths(made);
  const ofQuantiles = quantiles(join('validation', 'exponential-bound.md')).rows.filter(({ s }) => s <= 12);
  const [least, most] = [0.05, 12];
  const averaging = Array.from({ length: 41 }, (_, i) => exp(log(least) + (i / 40) * log(most / least))).map((s) => ({
    x: s,
    y: s / -log((1 - 2 * FLIP) * normalTail(0.8 * Math.sqrt(s))),
  }));
  const figure = seriesFigure(
    [
      {
        label: 'means over draws, at clean errors 0.35, 0.2, 0.125, 0.05, 0.02',
        kind: 'points',
        points: measured.map(({ s, c2 }) => ({ x: s.value, y: c2.value, low: c2.low, high: c2.high })),
      },
      {
        label: '0.9-quantiles over draws (those of the theorem)',
        kind: 'points',
        points: ofQuantiles.map(({ s, c2 }) => ({ x: s, y: c2 })),
      },
      { label: 'averaging classifier', kind: 'line', points: averaging },
    ],
    {
      name: 'c2',
      title: 'Kou et al. 2023, Theorem 4.2: C_2 drifts with S',
      subtitle: 'the C_2 with which p + exp(−S/C_2) equals the error there; bars: 1 − α/K',
      x: { label: 'S = n‖μ‖⁴/(σ_p⁴ d)', log: true },
      y: { label: 'C_2', log: true },
    },
  );
  return [
    figure,
    {
      columns: ['of', 'cleanError', 's', 'sLow', 'sHigh', 'c2', 'c2Low', 'c2High'],
      rows: [
        ...measured.map(({ level, s, c2 }) => ['mean', level, s.value, s.low, s.high, c2.value, c2.low, c2.high]),
        ...ofQuantiles.map(({ s, quantile, c2 }) => ['0.9-quantile', quantile, s, null, null, c2, null, null]),
      ],
    },
  ];
}

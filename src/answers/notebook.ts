/**
 * A notebook of a result folder: a Jupyter document (nbformat 4.5) that reads the runs with pandas, computes means and
 * intervals from them, holds both against the folder's own table, and draws them with Matplotlib. Only what is in the
 * folder is read.
 */
import { ALPHA, reach } from '../core/verdict.ts';
import { inCell, overRuns, type Frame } from '../experiments/frame.ts';
import { quantityLabel } from '../figures/quantity.ts';
import { typeset } from '../figures/text.ts';
import { SYMBOLS, type SymbolEntry, type SymbolId } from '../notation.ts';

/** As nbformat writes it. */
export interface Notebook {
  readonly nbformat: 4;
  readonly nbformat_minor: 5;
  readonly metadata: object;
  readonly cells: readonly object[];
}

/** Lines of more than so many values of the other axes are too many for one plot. */
const MOST_LINES = 8;

/**
 * @param value the column that is drawn first
 * @param command what made the folder
 * @param files names beside the notebook: the means of `table`, the runs of `table --rows runs`
 */
export function notebookOf(
  frame: Frame,
  value: string,
  command: string,
  files: { readonly cells: string; readonly runs: string },
): Notebook {
  const axes = frame.spec.axes.map(({ name, values, id, glyph }) => ({
    name,
    label: typeset(glyph ?? (SYMBOLS[id] as SymbolEntry).glyph),
    numeric: values.every((one) => typeof one === 'number'),
    count: values.length,
  }));
  // Of the runs that have the number: one that diverged has none.
  const column = overRuns(frame, value as SymbolId);
  const counts = [...new Set(frame.cells.map((_, cell) => inCell(frame, column, cell).length))]
    .filter((runs) => runs > 1)
    .sort((a, b) => a - b);
  const numeric = axes.filter((axis) => axis.numeric && axis.count > 1);
  const python = JSON.stringify; // strings and lists are written alike
  const sources: (readonly ['markdown' | 'code', string])[] = [
    [
      'markdown',
      `# ${frame.spec.name || 'Results of benign-lab'}\n\nMade by \`${command}\`: ${frame.cells.length} cells, ${frame.count} runs, seed ${frame.spec.seed}, science version ${frame.science}.\n\nEverything is read from the folder of this notebook: \`${files.runs}\` has one row a run, \`${files.cells}\` the means that benign-lab made of them.`,
    ],
    [
      'code',
      [
        'import numpy as np',
        'import pandas as pd',
        'import matplotlib.pyplot as plt',
        '',
        `axes = ${python(axes.map(({ name }) => name))}`,
        `value = ${python(value)}`,
        `runs = pd.read_csv(${python(files.runs)})`,
        `cells = pd.read_csv(${python(files.cells)})`,
        'runs.head()',
      ].join('\n'),
    ],
    [
      'markdown',
      'Means over the runs of a cell, with 95 % intervals (Student’s t). Runs that diverged have no number and are left out.',
    ],
    [
      'code',
      [
        `# t quantiles by number of runs, at ${1 - ALPHA / 2}`,
        `T = {${counts.map((runs) => `${runs}: ${reach(ALPHA, runs - 1)}`).join(', ')}}`,
        'groups = runs.groupby(axes, sort=False)[value] if axes else runs.groupby(lambda _: 0)[value]',
        'mean = groups.agg(["mean", "sem", "count"]).reset_index()',
        'mean["half"] = mean["sem"] * mean["count"].map(T)',
        'mean',
      ].join('\n'),
    ],
    ['markdown', 'The same as the table of benign-lab, up to rounding.'],
    [
      'code',
      [
        'both = mean.merge(cells, on=axes) if axes else mean.join(cells, rsuffix=" of the table")',
        'assert len(both) == len(mean)',
        'assert np.allclose(both["mean"], both[value], rtol=1e-9, atol=1e-12, equal_nan=True)',
        'print(len(both), "means agree")',
      ].join('\n'),
    ],
    ['code', plot(numeric, axes, quantityLabel(value))],
  ];
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' },
      language_info: { name: 'python' },
    },
    cells: sources.map(([kind, source], at) => ({
      cell_type: kind,
      id: `cell-${at + 1}`,
      metadata: {},
      source,
      ...(kind === 'code' && { execution_count: null, outputs: [] }),
    })),
  };
}

interface AxisOf {
  readonly name: string;
  readonly label: string;
  readonly numeric: boolean;
  readonly count: number;
}

/** A map over two long numeric axes, lines along one, else bars. */
function plot(numeric: readonly AxisOf[], axes: readonly AxisOf[], label: string): string {
  const text = JSON.stringify;
  const others = axes.filter(({ count }) => count > 1);
  const [first, second] = numeric;
  if (first && second && others.length === 2 && Math.min(first.count, second.count) > MOST_LINES)
    return [
      `grid = mean.pivot(index=${text(second.name)}, columns=${text(first.name)}, values="mean")`,
      'fig, ax = plt.subplots()',
      'image = ax.pcolormesh(grid.columns, grid.index, grid.values, shading="nearest", cmap="viridis")',
      `fig.colorbar(image, label=${text(label)})`,
      `ax.set(xlabel=${text(first.label)}, ylabel=${text(second.label)})`,
      'fig.savefig("notebook.png", dpi=150)',
    ].join('\n');
  if (first) {
    const rest = others.filter((axis) => axis !== first).map(({ name }) => name);
    return [
      'fig, ax = plt.subplots()',
      ...(rest.length > 0
        ? [
            `for names, part in mean.groupby(${text(rest)}, sort=False):`,
            `    part = part.sort_values(${text(first.name)})`,
            `    label = ", ".join(f"{axis} = {name:g}" if isinstance(name, (int, float)) else f"{axis} = {name}" for axis, name in zip(${text(rest)}, np.atleast_1d(names).tolist()))`,
            `    ax.errorbar(part[${text(first.name)}], part["mean"], yerr=part["half"], marker="o", capsize=3, label=label)`,
            `if len(mean.groupby(${text(rest)})) <= 20:`,
            '    ax.legend()',
          ]
        : [
            `part = mean.sort_values(${text(first.name)})`,
            `ax.errorbar(part[${text(first.name)}], part["mean"], yerr=part["half"], marker="o", capsize=3)`,
          ]),
      `ax.set(xlabel=${text(first.label)}, ylabel=${text(`${label} (mean, 95 % interval)`)})`,
      'fig.savefig("notebook.png", dpi=150)',
    ].join('\n');
  }
  return [
    'fig, ax = plt.subplots()',
    'ax.hist(runs[value].dropna(), bins=20)',
    `ax.set(xlabel=${text(label)}, ylabel="runs")`,
    'fig.savefig("notebook.png", dpi=150)',
  ].join('\n');
}

/** What a result folder holds beside its records: tables and figures. */
import { join } from 'node:path';
import { messages } from '../errors.ts';
import { SCIENCE } from '../experiments/record.ts';
import { specToYaml } from '../experiments/spec-text.ts';
import type { Spec } from '../experiments/spec.ts';
import type { Table } from '../experiments/table.ts';
import { withRemark, type Figure } from '../figures/figure.ts';
import { note } from './context.ts';
import { makeFolder, writeWhole } from './files.ts';
import { tableMetadata, toCsv, toParquet } from './tables.ts';

export function writeTables(folder: string, spec: Spec, table: Table): void {
  writeWhole(join(folder, 'table.csv'), toCsv(table));
  writeWhole(join(folder, 'table.parquet'), toParquet(table, tableMetadata(specToYaml(spec, 'spec'), SCIENCE)));
}

/**
 * Writes every figure as SVG, PNG and Vega-Lite; returns their names. Says on stderr which characters of a name the
 * pictures' font lacks.
 *
 * @param remark stands below each subtitle
 */
export async function writeFigures(folder: string, figures: readonly Figure[], remark?: string): Promise<string[]> {
  if (figures.length === 0) return [];
  // Vega takes half a second to load: only now.
  const { writeFigure } = await import('../figures/node/write.ts');
  const directory = join(folder, 'figures');
  makeFolder(directory);
  const lacking = new Set<string>();
  for (const figure of figures) {
    const written = await writeFigure(directory, remark === undefined ? figure : withRemark(figure, remark));
    for (const character of written.lacking) lacking.add(character);
  }
  if (lacking.size > 0) note(messages.noGlyphs([...lacking]));
  return figures.map(({ name }) => name);
}

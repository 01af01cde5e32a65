/** What a result folder holds beside its records: tables and figures. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { csvPieces, tableMetadata, toCsv, toParquet } from '../answers/tables.ts';
import { messages } from '../errors.ts';
import { SCIENCE } from '../experiments/record.ts';
import { specToYaml } from '../experiments/spec-text.ts';
import type { Spec } from '../experiments/spec.ts';
import type { Rows } from '../experiments/table.ts';
import { withRemark, type Figure } from '../figures/figure.ts';
import { note } from './context.ts';
import { makeFolder, writeWhole } from './files.ts';
import { versions } from './versions.ts';

/** Endings of a figure's files; a PDF needs Typst, and not every figure has numbers of its own. */
export const KINDS = ['svg', 'png', 'vl.json', 'pdf', 'csv'] as const;

/** The table as Parquet, with the spec and the versions. */
export const parquet = (table: Rows, spec: Spec, science: number): Uint8Array =>
  toParquet(table, tableMetadata(specToYaml(spec, 'spec'), science, versions()['benign-lab']));

export function writeTables(folder: string, spec: Spec, table: Rows): void {
  writeWhole(join(folder, 'table.csv'), csvPieces(table));
  writeWhole(join(folder, 'table.parquet'), parquet(table, spec, SCIENCE));
}

/**
 * Writes every figure as SVG, PNG, PDF and Vega-Lite, and the numbers of those that have them as CSV; returns the names
 * of those that are there. Says on stderr which picture could not be drawn, and which characters of a name the
 * pictures' font lacks.
 *
 * @param remark stands below each subtitle
 */
export async function writeFigures(folder: string, figures: readonly Figure[], remark?: string): Promise<string[]> {
  if (figures.length === 0) return [];
  // Vega takes half a second to load: only now.
  const { UndrawableError, writeFigure } = await import('../figures/node/write.ts');
  const directory = join(folder, 'figures');
  makeFolder(directory);
  const lacking = new Set<string>();
  const names: string[] = [];
  for (const figure of figures)
    try {
      if (figure.fails !== undefined) throw new UndrawableError(figure.fails);
      const written = await writeFigure(directory, remark === undefined ? figure : withRemark(figure, remark));
      for (const character of written.lacking) lacking.add(character);
      if (figure.numbers) writeWhole(join(directory, `${figure.name}.csv`), toCsv(figure.numbers));
      names.push(figure.name);
    } catch (error) {
      if (!(error instanceof UndrawableError)) throw error;
      // A picture of earlier records beside these would be taken for theirs.
      for (const kind of KINDS) rmSync(join(directory, `${figure.name}.${kind}`), { force: true });
      note(messages.notDrawn(figure.name, error.message));
    }
  if (lacking.size > 0) note(messages.noGlyphs([...lacking]));
  return names;
}

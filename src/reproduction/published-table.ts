/** A table of test errors that is given from outside, as text. */
import { messages, UserError } from '../errors.ts';

/**
 * A table of numbers, rows x columns: commas, semicolons or white space between them. A first row or column of labels
 * (the axes' values, or text) is passed over when the size says that it is there.
 *
 * @param file its name
 * @throws UserError
 */
export function readPublished(text: string, file: string, rows: number, columns: number): number[][] {
  const lines = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => line.split(/[,;\t]|\s+(?=\S)/).map((field) => field.trim()));
  const labelled = lines.length === rows + 1 ? lines.slice(1) : lines;
  const table = labelled.map((line) => (line.length === columns + 1 ? line.slice(1) : line));
  const expected = `${rows} x ${columns}`;
  const widths = new Set(table.map((line) => line.length));
  if (table.length !== rows || widths.size !== 1 || !widths.has(columns)) {
    throw new UserError(
      messages.againstShape(
        file,
        expected,
        `${table.length} rows of ${[...widths].slice(0, 3).join(' or ') || 'no'} columns`,
      ),
    );
  }
  return table.map((line, row) =>
    line.map((field, column) => {
      const value = Number(field);
      if (field === '' || !(value >= 0 && value <= 1))
        throw new UserError(
          messages.againstShape(
            file,
            `${expected} test errors in [0, 1]`,
            `${JSON.stringify(field)} in row ${row + 1}, column ${column + 1}`,
          ),
        );
      return value;
    }),
  );
}

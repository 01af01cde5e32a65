/** `benign notebook DIR`: a Jupyter notebook that reads a result folder with pandas. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { notebookOf } from '../answers/notebook.ts';
import { toCsv } from '../answers/tables.ts';
import { messages, UserError } from '../errors.ts';
import { runsMissing } from '../reproduction/caption.ts';
import { callOf } from './call.ts';
import { printJson, say } from './context.ts';
import { writeWhole } from './files.ts';
import { loadResults, noteMissing, openFolder } from './folder.ts';
import { cellTable, runTable } from './table.ts';

const FILES = { cells: 'table.csv', runs: 'runs.csv' } as const;

export function notebook(folder: string, options: { of: string; json?: boolean }): void {
  openFolder(folder); // a folder without a spec is none
  const command = callOf(folder)?.command;
  if (command === 'boundary' || command === 'variance') throw new UserError(messages.noNotebook(folder, command));
  const frame = loadResults(folder).frame();
  const known = Object.keys(frame.runs.values).filter((id) => id in frame.columns);
  if (!known.includes(options.of)) throw new UserError(`--of ${messages.observable(options.of, known)}`);
  noteMissing(folder, runsMissing(frame));
  writeWhole(join(folder, FILES.cells), toCsv(cellTable(folder).data));
  writeWhole(join(folder, FILES.runs), toCsv(runTable(folder).data));
  const [, made] = /^# (benign .*)$/m.exec(readFileSync(join(folder, 'spec.yaml'), 'utf8')) ?? [];
  const file = join(folder, 'notebook.ipynb');
  const content = notebookOf(frame, options.of, made ?? 'benign', FILES);
  writeWhole(file, `${JSON.stringify(content, null, 1)}\n`);
  if (options.json) printJson({ v: 1, notebook: file, reads: Object.values(FILES) });
  else say(file);
}

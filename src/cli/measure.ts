/** `benign measure WEIGHTS.npz SPEC.yaml`: a network that was trained elsewhere, measured as a run is. */
import { readFileSync } from 'node:fs';
import { valueLines } from '../answers/run.ts';
import { readNpz } from '../data/readers/npz.ts';
import { messages, systemReason, UserError } from '../errors.ts';
import { buildCell } from '../experiments/cell.ts';
import { streamKey } from '../experiments/run.ts';
import { specAt } from './data.ts';
import { measureArrays } from '../experiments/trained.ts';
import type { SymbolId } from '../notation.ts';
import { note, printJson, say } from './context.ts';

/** Beside the usual values of a record. */
const MORE: readonly SymbolId[] = ['excess', 'ratio', 'derivativeRatio', 'activeFraction'];

/** Of each layer of a deep network. */
const ofLayers = (depth: number): SymbolId[] =>
  Array.from({ length: depth }, (_, at) => [`layerNorm${at + 1}`, `layerChange${at + 1}`] as SymbolId[]).flat();

export async function measure(
  file: string,
  specFile: string,
  options: { set: string[]; json?: boolean },
): Promise<void> {
  const spec = await specAt(specFile, options.set);
  if (spec.axes.length > 0) throw new UserError(messages.oneCell(spec.axes.map(({ path }) => path)));
  const cell = buildCell(spec.values);
  const arrays = readNpz(bytesOf(file), file);
  const { depth } = cell.network;
  const more = [...new Set([...MORE, ...(depth > 2 ? ofLayers(depth) : []), ...spec.record.values])];
  const found = measureArrays(cell, arrays, more, streamKey(cell, spec.seed, 0));
  if (options.json) return printJson({ v: 1, file, arrays: [...arrays.keys()], ...found });
  for (const line of valueLines(found.values)) say(line);
  if (found.outOfSpan !== null) say(`  out of the span          ${found.outOfSpan.toPrecision(3)} of the movement`);
  for (const what of found.without) note(`not measured: ${what}`);
}

function bytesOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw new UserError(messages.system(file, code === 'ENOENT' ? 'there is no such file' : systemReason(error), code));
  }
}

/** The engine of a cell that names none. */
import { inProductsOf } from '../data/dataset.ts';
import { SYMBOLS } from '../notation.ts';
import type { EngineId } from './engines.ts';
import { MODELS, type ModelId } from './models.ts';

/**
 * The notation's; for given points by n and d alone, so that a cell says it wherever it is read.
 *
 * @param data of a cell, or of its plain form
 */
export function standardEngine(data: {
  readonly model?: unknown;
  readonly n?: unknown;
  readonly d?: unknown;
}): EngineId {
  const given = MODELS[data.model as ModelId]?.given === true;
  return given && !inProductsOf(Number(data.n), Number(data.d)) ? 'direct' : SYMBOLS.engine.default;
}

/** `benign variance SPEC.yaml`: how much of the spread over runs comes from data, flips and initialisation. */
import { messages, UserError } from '../errors.ts';
import { buildCell } from '../experiments/cell.ts';
import { parseSpec } from '../experiments/spec-text.ts';
import { observablesOf } from '../experiments/series.ts';
import { varianceSplit } from '../experiments/variance-split.ts';
import type { SymbolId } from '../notation.ts';
import { printJson, say } from './context.ts';
import { readText } from './files.ts';
import { assignments } from './options.ts';

export interface VarianceOptions {
  set: string[];
  of: string;
  log?: boolean;
  blocks: number;
  json?: boolean;
}

export function variance(file: string, options: VarianceOptions): void {
  const spec = parseSpec(readText(file), file, assignments(options.set));
  if (spec.axes.length > 0) throw new UserError(messages.oneCell(spec.axes.map(({ path }) => path)));
  const cell = buildCell(spec.values);
  const known = observablesOf(cell);
  if (!known.includes(options.of as SymbolId)) throw new UserError(`--of ${messages.observable(options.of, known)}`);
  if (options.blocks < 2) throw new UserError(messages.mustBe('--blocks', 'an integer >= 2', options.blocks));
  const split = varianceSplit(cell, spec.seed, options.blocks, options.of as SymbolId, options.log ? 'log' : 'linear');
  if (split.blocks < 2) throw new UserError(messages.noBlocks(options.of, options.blocks));
  if (!(split.total > 0)) throw new UserError(messages.noSpread(options.of));
  if (options.json) return printJson({ of: options.of, log: options.log === true, ...split });
  say(
    `variance of ${options.log ? `ln(${options.of})` : options.of} over runs: ${split.total.toPrecision(3)}, from ${split.blocks} blocks of 8 runs`,
  );
  say('share  95 % interval    of');
  for (const {
    of,
    share,
    interval: [low, high],
  } of split.components)
    say(
      `${fixed(share)}  ${fixed(low)} to ${fixed(high)}   ${of.length > 1 ? `${of.join(' and ')} together` : `${of[0]} alone`}`,
    );
}

const fixed = (x: number): string => x.toFixed(2).padStart(5);

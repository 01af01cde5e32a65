/** `benign figure DIR`: the figures of a result folder, drawn again from its records. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Figure } from '../figures/figure.ts';
import { runFigure, runsMissing } from '../reproduction/caption.ts';
import { reproduction } from '../reproduction/reproduce.ts';
import { sweepFigures, whyNoFigure } from '../reproduction/sweep-figures.ts';
import { readStored } from '../sweeps/node/store.ts';
import type { RunRecord } from '../experiments/record.ts';
import { printJson, say } from './context.ts';
import { readJson } from './files.ts';
import { loadResults, noteMissing, scienceRemark } from './folder.ts';
import { writeFigures } from './outputs.ts';
import { presetNamed } from './preset.ts';

export async function figure(folder: string, options: { json?: boolean }): Promise<void> {
  const results = loadResults(folder);
  const figures: Figure[] = [];
  const report = join(folder, 'report.json');
  const made = existsSync(report) ? (readJson(report) as { verdict?: string | { sentence: string } }) : {};
  const preset = presetNamed(results.spec.name);
  if (preset) {
    figures.push(...reproduction(preset.figure, preset.variant, results).figures);
  } else if (results.spec.axes.length > 0) {
    figures.push(...sweepFigures(results, results.table(), { title: results.spec.name || 'sweep' }));
  } else {
    let first: RunRecord | undefined;
    readStored(folder, (record) => {
      if (record.series && (!first || record.replicate < first.replicate)) first = record;
    });
    if (first)
      figures.push(
        runFigure(results.spec, first, typeof made.verdict === 'object' ? made.verdict.sentence : undefined),
      );
  }
  noteMissing(folder, runsMissing(results, results.table()));
  const names = await writeFigures(folder, figures, scienceRemark(results.science));
  if (options.json)
    printJson({
      folder,
      figures: names.flatMap((name) =>
        ['svg', 'png', 'vl.json'].map((kind) => join(folder, 'figures', `${name}.${kind}`)),
      ),
    });
  else if (names.length === 0)
    say(
      `nothing to draw: ${results.spec.axes.length > 0 ? whyNoFigure(results.spec) : 'the runs keep no series; name some under record.series'}`,
    );
  else for (const name of names) say(join(folder, 'figures', `${name}.png`));
}

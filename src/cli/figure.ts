/**
 * `benign figure DIR [DIR2 ...]`: the figures of a result folder, drawn again from its records as its command drew
 * them; or one view of the runs of a folder or several.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gridFigures } from '../answers/grid-figures.ts';
import { messages, UserError } from '../errors.ts';
import type { RunRecord } from '../experiments/record.ts';
import type { PlotView } from '../experiments/view.ts';
import type { Figure } from '../figures/figure.ts';
import { runsMissing } from '../reproduction/caption.ts';
import { viewFigure } from '../reproduction/view-figure.ts';
import { readStored } from '../sweeps/node/store.ts';
import { callOf } from './call.ts';
import { EXIT, printJson, say } from './context.ts';
import { readJson } from './files.ts';
import { loadResults, noteMissing, openFolder, scienceRemark } from './folder.ts';
import { KINDS, writeFigures } from './outputs.ts';

interface Drawn {
  readonly figures: readonly Figure[];
  /** stands below each subtitle */
  readonly remark: string | undefined;
  /** why there is none */
  readonly why?: string;
}

/** A view as options: lists as they are typed. */
export type FigureOptions = { out?: string; json?: boolean } & {
  readonly [key in keyof PlotView]?: PlotView[key];
};

/** @returns usage's exit code where a picture could not be drawn */
export async function figure(folders: readonly string[], { out, json, ...view }: FigureOptions): Promise<number> {
  const folder = folders[0]!;
  const asked = folders.length > 1 || Object.keys(view).length > 0;
  const { figures, remark, why } = asked ? viewOf(folders, view) : await drawn(folder);
  const target = out ?? folder;
  const names = await writeFigures(target, figures, remark);
  if (json)
    printJson({
      folder,
      figures: names.flatMap((name) =>
        KINDS.map((kind) => join(target, 'figures', `${name}.${kind}`)).filter(existsSync),
      ),
    });
  else if (figures.length === 0) say(`nothing to draw: ${why}`);
  else for (const name of names) say(join(target, 'figures', `${name}.png`));
  return names.length < figures.length ? EXIT.usage : EXIT.ok;
}

/** @throws UserError */
function viewOf(folders: readonly string[], view: PlotView): Drawn {
  const frames = folders.map((folder) => {
    const held = callOf(folder)?.command;
    openFolder(folder); // a folder without a spec is none
    if (held === 'boundary' || held === 'variance') throw new UserError(messages.noGrid(folder, held));
    const frame = loadResults(folder).frame();
    noteMissing(folder, runsMissing(frame));
    return frame;
  });
  const remarks = [...new Set(frames.flatMap(({ science, spec }) => scienceRemark(science, spec) ?? []))];
  return {
    figures: [viewFigure(frames, view, { names: folders, option: (role) => `--${role}` })],
    remark: remarks.length > 0 ? remarks.join(', ') : undefined,
  };
}

/** @throws UserError */
async function drawn(folder: string): Promise<Drawn> {
  const spec = openFolder(folder); // a folder without a spec is none
  switch (callOf(folder)?.command) {
    case 'boundary': {
      const { figure: one, report, science } = (await import('./boundary-call.ts')).searchAgain(folder);
      const unfinished = report.crossings.filter(({ state }) => state === 'limit').length;
      const why = messages.noLevelSets(folder, unfinished);
      return { figures: one ? [one] : [], remark: scienceRemark(science, spec), why };
    }
    case 'variance':
      return { figures: [], remark: undefined, why: messages.noVarianceFigure(folder) };
    case 'verify': {
      const { figure: one, science } = (await import('./verify.ts')).verifyAgain(folder);
      return { figures: one ? [one] : [], remark: scienceRemark(science, spec), why: messages.noLemmaFigure(folder) };
    }
    default:
      return ofGrid(folder);
  }
}

function ofGrid(folder: string): Drawn {
  const frame = loadResults(folder).frame();
  const { spec } = frame;
  const report = join(folder, 'report.json');
  const made = existsSync(report) ? (readJson(report) as { verdict?: string | { sentence: string } }) : {};
  const remark = scienceRemark(frame.science, spec);
  noteMissing(folder, runsMissing(frame));
  const first = (): RunRecord | undefined => {
    let found: RunRecord | undefined;
    readStored(folder, (record) => {
      if (record.series && (!found || record.replicate < found.replicate)) found = record;
    });
    return found;
  };
  const says = typeof made.verdict === 'object' ? made.verdict.sentence : undefined;
  return { ...gridFigures(frame, first, says), remark };
}

/**
 * The files of a spec's data set. A cell names the content and not the files: what opens them (a door) says what they
 * hold, and the spec is read as if it had been written there.
 */
import { z } from 'zod';
import { patchesOf, type LayoutParameters } from '../data/layout.ts';
import { CHOICE_WORDS, DATA_FORMATS, type DataChoice } from '../data/readers/choice.ts';
import { cameAs, messages, UserError } from '../errors.ts';
import { PARAMETERS } from '../notation.ts';
import type { Complaint } from './complaint.ts';

/** Which files, and what they do not say themselves. */
export interface DataFiles extends DataChoice {
  /** path of the points, or of a folder with the batches of CIFAR-10 */
  readonly points: string;
  /** path of the labels where they lie apart; left out: beside IDX images, by their name */
  readonly labels?: string;
}

/** What files hold. */
export interface OpenedFiles {
  /** `contentOf` the points, which are offered */
  readonly content: string;
  /** of one point */
  readonly shape: readonly number[];
  /** the same files by paths that hold anywhere on this machine */
  readonly files: DataFiles;
}

/** Opens files and offers what they hold. @throws UserError */
export type OpenFiles = (files: DataFiles) => OpenedFiles;

const path = (what: string) =>
  z.string({ error: (issue) => `must be ${what}, got ${cameAs(issue.input)}` }).min(1, `must be ${what}, got ''`);

export const filesSchema = z
  .strictObject(
    {
      points: path('the path of a file of points').describe(
        'IDX, .npy, .npz, CSV, a batch of CIFAR-10 or their folder',
      ),
      labels: path('the path of a file of labels').optional().describe(CHOICE_WORDS.labels),
      format: z
        .literal(DATA_FORMATS, { error: (issue) => messages.choice(DATA_FORMATS, issue.input) })
        .optional()
        .describe(CHOICE_WORDS.format),
      pointsArray: path('the name of an array').optional().describe(CHOICE_WORDS.pointsArray),
      labelsArray: path('the name of an array').optional().describe(CHOICE_WORDS.labelsArray),
      separator: path('one character').optional().describe(CHOICE_WORDS.separator),
      header: z
        .boolean({ error: (issue) => `must be true or false, got ${cameAs(issue.input)}` })
        .optional()
        .describe(CHOICE_WORDS.header),
      label: z
        .union([z.string(), z.number().int().gte(0)], {
          error: (issue) => `must be the name of a column, or its place (0 first), got ${cameAs(issue.input)}`,
        })
        .optional()
        .describe(CHOICE_WORDS.label),
    },
    { error: (issue) => (issue.code === 'invalid_type' ? `must be a mapping, got ${cameAs(issue.input)}` : undefined) },
  )
  .describe('the files of a data set (data.model: dataset); a cell names their content');

/**
 * Files as they are named on a command line or by a program.
 *
 * @throws UserError for what is no choice
 */
export function filesOf(written: Readonly<Record<string, unknown>>): DataFiles {
  const form = filesSchema.safeParse(written);
  const [issue] = form.success ? [] : form.error.issues;
  if (issue) throw new UserError(messages.fileChoice(issue.path.join('.'), issue.message));
  return form.data as DataFiles;
}

interface Written {
  readonly files?: unknown;
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly axes?: Readonly<Record<string, unknown>> | null;
}

/** A spec with what its files hold: content, dimension, and paths that hold anywhere. */
export function withFiles(input: unknown, open: OpenFiles | undefined): { input: unknown; complaints: Complaint[] } {
  const spec = (typeof input === 'object' ? input : undefined) as Written | null | undefined;
  const data = spec?.data;
  if (spec?.files !== undefined && !open && data?.['content'] === undefined)
    return { input, complaints: [{ path: ['files'], sentence: messages.filesUnopened() }] };
  const form = spec?.files === undefined || !open ? undefined : filesSchema.safeParse(spec.files);
  if (!form?.success || !open || typeof data !== 'object' || data === null) return { input, complaints: [] };
  let opened: OpenedFiles;
  try {
    opened = open(form.data as DataFiles);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { input, complaints: [{ path: ['files'], sentence: `files: ${error.message}` }] };
  }
  const { content, files } = opened;
  if (data['content'] !== undefined && data['content'] !== content)
    return { input, complaints: [{ path: ['data', 'content'], sentence: messages.otherContent(content) }] };
  const dimension = dimensionOf(opened, data, spec?.axes);
  if (typeof dimension === 'string') return { input, complaints: [{ path: ['data', 'layout'], sentence: dimension }] };
  const known = 'd' in data || (typeof spec?.axes === 'object' && spec.axes !== null && 'data.d' in spec.axes);
  return {
    input: {
      ...spec,
      files,
      data: { ...data, content, ...(!known && dimension !== undefined && { d: dimension }) },
    },
    complaints: [],
  };
}

/** d, where all layouts of a spec have the same; why one does not fit. */
function dimensionOf(
  { shape }: OpenedFiles,
  data: Readonly<Record<string, unknown>>,
  axes: unknown,
): number | string | undefined {
  const valuesOf = (key: string): readonly unknown[] => {
    const axis = (axes as Readonly<Record<string, unknown>> | null | undefined)?.[`data.${key}`];
    return Array.isArray(axis) ? axis : [data[key] ?? PARAMETERS.get(`data.${key}`)!.entry.default];
  };
  const all = new Set<number>();
  for (const layout of valuesOf('layout'))
    for (const side of valuesOf('side'))
      try {
        const border = valuesOf('border')[0];
        all.add(patchesOf(shape, { layout, side, border, sigmaP: 1 } as LayoutParameters).dimension);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return error.message;
      }
  return all.size === 1 ? [...all][0] : undefined;
}

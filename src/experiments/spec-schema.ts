/** The form of a spec, built from notation.ts, so that ranges, choices and meanings stand there only. */
import { z } from 'zod';
import { cameAs, messages, numberWanted, shown } from '../errors.ts';
import { CELL_PARAMETERS, describeRange, ofNotation, PARAMETERS, type Parameter } from '../notation.ts';
import { ARRAYS } from './arrays.ts';
import type { Value } from './cell.ts';
import { scalable } from './scale.ts';
import { series, states } from './series.ts';
import { filesSchema } from './spec-files.ts';
import { SCALED, SHOWS, VIEW_KEYS, type PlotView } from './view.ts';

/** The choices, and beside a text such as '1' the number that an editor may offer as well. */
const withNumbers = (choices: readonly (string | boolean)[]): (string | boolean | number)[] => [
  ...choices,
  ...choices.filter(isNumeric).map(Number),
];

const isNumeric = (choice: string | boolean): boolean =>
  typeof choice === 'string' && String(Number(choice)) === choice;

/**
 * A number where a choice or a text is that number as a text, `outputScale: 1`, `frozen: 2`, is that one; everything else
 * as it came.
 */
export function asChoice(entry: Parameter, value: unknown): unknown {
  if (typeof value !== 'number' || entry.kind === 'number') return value;
  const text = String(value);
  return (entry.kind === 'choice' ? entry.choices.includes(text) : entry.pattern.test(text)) ? text : value;
}

function leaf(entry: Parameter): z.ZodType<Value> {
  if (entry.kind === 'text') {
    const error = (issue: { input?: unknown }): string =>
      issue.input === undefined
        ? `is missing (${entry.meaning}; ${entry.form})`
        : `must be ${entry.form}, got ${cameAs(issue.input)}`;
    return z.string({ error }).regex(entry.pattern, { error }).describe(entry.meaning) as z.ZodType<Value>;
  }
  if (entry.kind === 'choice') {
    return z
      .literal([...withNumbers(entry.choices), ...(entry.aliases ?? [])], {
        error: (issue) => messages.choice([...entry.choices, ...(entry.aliases ?? [])], issue.input),
      })
      .describe(entry.meaning) as z.ZodType<Value>;
  }
  const { range } = entry;
  const error = (issue: { input?: unknown }): string =>
    issue.input === undefined
      ? `is missing (${entry.meaning}; ${describeRange(range)})`
      : `must be ${numberWanted(describeRange(range), issue.input)}, got ${cameAs(issue.input)}`;
  let number = z.number({ error });
  if (range.integer) number = number.int({ error });
  // Bounds as zod's own checks, so that the JSON Schema for editors carries them.
  number = range.openMin ? number.gt(range.min, { error }) : number.gte(range.min, { error });
  if (range.max !== Infinity)
    number = range.openMax ? number.lt(range.max, { error }) : number.lte(range.max, { error });
  return number.describe(
    entry.default === undefined ? entry.meaning : `${entry.meaning} (default ${entry.default})`,
  ) as z.ZodType<Value>;
}

/** The keys of each room, with their forms. */
const rooms = ofNotation(() => {
  const all: Record<string, Record<string, z.ZodType>> = {};
  for (const [path, { entry }] of PARAMETERS) {
    const [room, key] = path.split('.') as [string, string | undefined];
    // What makes a cell may stand on an axis instead of in its room.
    if (key !== undefined)
      (all[room] ??= {})[key] =
        CELL_PARAMETERS.has(path) || entry.default !== undefined ? leaf(entry).optional() : leaf(entry);
  }
  return all;
});
const parameter = (path: string): z.ZodType<Value> => leaf(PARAMETERS.get(path)!.entry);

const formError = (what: string) => ({
  error: (issue: { code?: string; input?: unknown }) =>
    issue.code === 'invalid_type' ? `must be ${what}, got ${cameAs(issue.input)}` : undefined,
});
const finite = z.number({
  error: (issue) => `must be a ${typeof issue.input === 'number' ? 'finite ' : ''}number, got ${cameAs(issue.input)}`,
});
const axisSchema = z.union([
  z.array(z.union([z.number(), z.string(), z.boolean()])),
  z.strictObject({ from: finite, to: finite, step: finite }),
  z.strictObject({ from: finite, to: finite, count: finite, scale: z.enum(['linear', 'log']).optional() }),
]);

/** Paths that a power law can multiply. */
const scalablePaths = (): string[] => [...PARAMETERS].flatMap(([path, { id }]) => (scalable(id) ? [path] : []));

const observables = (ids: readonly string[]) =>
  z.array(
    z.literal(ids, {
      error: ({ input }) =>
        typeof input !== 'string'
          ? `must be the name of an observable, got ${shown(input)}`
          : ids === states() && (series() as readonly string[]).includes(input)
            ? messages.onlyOverTime(input)
            : messages.observable(input, ids),
    }),
    { error: (issue) => `must be a list of observables, got ${cameAs(issue.input)}` },
  );
const text = (what: string) =>
  z.string({ error: (issue) => `must be ${what}, got ${cameAs(issue.input)}` }).check((ctx) => {
    if (/\p{C}/u.test(ctx.value) || ctx.value.trim() === '' || ctx.value.length > LONGEST_NAME)
      ctx.issues.push({ code: 'custom', input: ctx.value, message: `must be ${what}, got ${shown(ctx.value)}` });
  });
const yes = (what: string) =>
  z
    .boolean({ error: (issue) => `must be true or false, got ${cameAs(issue.input)}` })
    .optional()
    .describe(what);
const choice = (choices: readonly string[]) =>
  z.literal(choices, { error: (issue) => messages.choice(choices, issue.input) });
/** One, or a list of them. */
const some = <T extends z.ZodType>(one: T, what: string) =>
  z.preprocess(
    (value) => (Array.isArray(value) || value === undefined ? value : [value]),
    z.array(one, { error: (issue) => `must be ${what}, got ${cameAs(issue.input)}` }),
  );
const LEVEL = 'a finite number';
const role = 'a column of the table, a parameter, S, SNR, or a formula of symbols';
const view = z.strictObject(
  {
    name: text('a file name of letters, digits, - and _')
      .regex(/^[\w-]+$/, {
        error: ({ input }) => `must be a file name of letters, digits, - and _, got ${shown(input)}`,
      })
      .optional()
      .describe('of its files'),
    title: text('a line of text').optional().describe('of the picture'),
    x: text('a name or a formula').optional().describe(role),
    y: text('a name or a formula').optional().describe(`${role}; a parameter: a map`),
    color: text('a name or a formula').optional().describe('one line a value (curves), the quantity shown (maps)'),
    facet: text('a name or a formula').optional().describe('one panel a value'),
    log: some(choice(SCALED), `a list of ${SCALED.join(', ')}`)
      .optional()
      .describe('logarithmic scales'),
    symlog: some(choice(SCALED), `a list of ${SCALED.join(', ')}`)
      .optional()
      .describe('linear next to 0'),
    show: choice(SHOWS).optional().describe('what of the runs is drawn'),
    where: some(text('a condition such as m=10 or d>=400'), 'a list of conditions')
      .optional()
      .describe('only cells that meet it'),
    level: some(z.number({ error: (issue) => `must be ${LEVEL}, got ${cameAs(issue.input)}` }), 'a list of numbers')
      .optional()
      .describe('level sets of a map, lines across curves'),
    theory: yes('what theorems say of these cells'),
    baselines: yes('other classifiers on the same draws'),
    collapse: yes('beside the picture over a parameter the same over x, by default S'),
  },
  formError('a mapping'),
);

const stepCount = {
  error: (issue: { readonly input?: unknown }) =>
    `must be ${numberWanted('an integer >= 1', issue.input)}, got ${cameAs(issue.input)}`,
};
/** Steps from one state that is kept to the next. */
const stepsBetween = z.number(stepCount).int(stepCount).gte(1, stepCount).optional();

/** Characters of a title: more make a picture that nobody reads. */
const LONGEST_NAME = 500;
export const schema = ofNotation(() =>
  z.strictObject(
    {
      $schema: z
        .string({ error: (issue) => `must be text, got ${cameAs(issue.input)}` })
        .optional()
        .describe('for editors'),
      name: z
        .string({ error: (issue) => `must be text, got ${cameAs(issue.input)}` })
        // A picture can hold neither, and a line end is only a space there.
        .refine((text) => !/[^\P{C}\s\p{Cf}]/u.test(text), 'must be text without control characters')
        .refine((text) => text.length <= LONGEST_NAME, {
          error: (issue) => `must be at most ${LONGEST_NAME} characters long, got ${(issue.input as string).length}`,
        })
        .optional()
        .describe('a title for figures'),
      ...Object.fromEntries(
        Object.entries(rooms()).map(([room, shape]) => [
          room,
          z.strictObject(shape, formError('a mapping')).optional(),
        ]),
      ),
      engine: parameter('engine').optional(),
      coupling: parameter('coupling').optional(),
      axes: z
        .partialRecord(z.enum([...CELL_PARAMETERS.keys()] as [string, ...string[]]), axisSchema, formError('a mapping'))
        .optional()
        .describe('parameters that vary, first axis slowest: a list, {from, to, step} or {from, to, count, scale}'),
      scale: z
        .partialRecord(
          z.enum(scalablePaths() as [string, ...string[]]),
          z.record(z.string(), finite),
          formError('a mapping'),
        )
        .optional()
        .describe(
          'power laws, {data.d: {n: 1}}: what is written for data.d, in its room or on its axis, is multiplied by n',
        ),
      runs: parameter('runs').optional(),
      seed: parameter('seed').optional(),
      record: z
        .strictObject(
          {
            series: observables(series()).optional().describe('observables kept over time'),
            values: observables(states())
              .optional()
              .describe('observables of the last state, kept beside the usual ones'),
            every: stepsBetween.describe('steps between two entries'),
            arrays: z
              .array(
                z.enum(ARRAYS, { error: (issue) => `must be one of ${ARRAYS.join(', ')}, got ${cameAs(issue.input)}` }),
                { error: (issue) => `must be a list, got ${cameAs(issue.input)}` },
              )
              .min(1, 'must name an array')
              .optional()
              .describe('arrays of each run, in a file beside the records'),
            arraysEvery: stepsBetween.describe('steps between two states of the arrays; absent: the last alone'),
          },
          formError('a mapping'),
        )
        .optional(),
      files: filesSchema.optional(),
      figures: z
        .array(view, { error: (issue) => `must be a list of views, got ${cameAs(issue.input)}` })
        .optional()
        .describe('pictures beside the usual ones: which quantity plays which role'),
    },
    formError('a mapping'),
  ),
);

/** Lists of a view that may be one word. */
const LISTED: ReadonlySet<unknown> = new Set(['log', 'symlog', 'where', 'level'] satisfies (keyof PlotView)[]);

/** JSON Schema of a spec, for editors. */
export function specJsonSchema(): unknown {
  return z.toJSONSchema(schema(), {
    unrepresentable: 'any',
    override({ jsonSchema, path }) {
      if (!path.includes('figures') || !LISTED.has(path.at(-1)) || jsonSchema.type !== 'array') return;
      const { type, items } = jsonSchema;
      delete jsonSchema.type;
      delete jsonSchema.items;
      jsonSchema.anyOf = [items as typeof jsonSchema, { type, items } as typeof jsonSchema];
    },
  });
}

/** The keys that may stand at a place of a spec. */
export function allowedKeys(path: readonly string[]): string[] {
  if (path.length === 0) return Object.keys(schema().shape).filter((key) => key !== '$schema');
  if (path[0] === 'scale') return scalablePaths();
  if (path[0] === 'files') return Object.keys(filesSchema.shape);
  if (path[0] === 'figures') return [...VIEW_KEYS];
  if (path[0] === 'record') return ['series', 'values', 'every', 'arrays', 'arraysEvery'];
  if (path[0] === 'axes')
    return path.length === 1 ? [...CELL_PARAMETERS.keys()] : ['from', 'to', 'step', 'count', 'scale'];
  return Object.keys(rooms()[path[0]!] ?? {});
}

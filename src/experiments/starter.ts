/** A first spec of a data model as commented YAML: every parameter that counts in it, with its meaning and range. */
import { messages, UserError } from '../errors.ts';
import { CELL_PARAMETERS, describeRange, PARAMETERS, type Parameter } from '../notation.ts';
import { buildCell, CONDITIONAL, type Value } from './cell.ts';
import { PARTICULARS } from './data-model.ts';
import { MODELS, type ModelId } from './models.ts';

/** What a first run takes where notation has no default, and where a model's usual value is another one. */
const FIRST: Readonly<Record<string, Value>> = {
  'data.n': 20,
  'data.d': 1000,
  'data.mu': 6,
  'data.flip': 0.1,
  'network.m': 10,
  'training.eta': 0.1,
  'training.maxSteps': 200,
};
const OF_MODEL: Readonly<Record<string, Readonly<Record<string, Value>>>> = {
  mixture: { 'data.mu': 12, 'data.projected': false },
  'unit-norm-mixture': { 'data.share': 0.05, 'data.projected': false, 'training.eta': 1 },
  'feature-noise': { 'data.featureNoise': 0.2 },
  xor: { 'data.mu': 12 },
  'xor-mixture': { 'data.n': 60, 'data.mu': 14, 'data.projected': false },
};
const RUNS = 60;

/** Data models of which a starter is written: those that are drawn. */
export const starterModels = (): ModelId[] => (Object.keys(MODELS) as ModelId[]).filter((id) => !MODELS[id].given);

const allowed = (entry: Parameter): string =>
  entry.kind === 'number'
    ? describeRange(entry.range)
    : entry.kind === 'text'
      ? entry.form
      : entry.choices.map(String).join(', ');

/** As YAML has it: text that could be read as something else in quotes. */
const written = (value: Value): string =>
  typeof value === 'string' && !/^[\w-]+$/.test(value) ? JSON.stringify(value) : String(value);

/**
 * The text of a spec with runs of one cell, which `benign run` makes; what is at its default stands behind `#`.
 *
 * @throws UserError for a model without a starter
 */
export function starterText(model: string): string {
  const models = starterModels();
  if (!models.includes(model as ModelId)) throw new UserError(messages.noStarter(model, models));
  const given = new Map<string, Value>([
    ['data.model', model],
    ...Object.entries({ ...FIRST, ...OF_MODEL[model] }).filter(([path]) => counts(model as ModelId, path)),
  ]);
  const cell = buildCell(given);
  const lines = [
    `# A first spec for the data model ${model}. Lines behind # are defaults: take the # away to change them.`,
    '#   npx benign run FILE              one cell, looked at closely',
    '#   npx benign theory FILE           what the theorems predict',
    '#   npx benign sweep FILE --out DIR  with the axes below',
    `name: a first run of ${model}`,
  ];
  let room = '';
  for (const [path, { entry }] of CELL_PARAMETERS) {
    const [first, key] = path.split('.') as [string, string | undefined];
    const conditional = CONDITIONAL.find((one) => one.path === path);
    if (conditional && !conditional.used(cell)) continue;
    const value = given.get(path) ?? entry.default;
    if (value === undefined) continue;
    // A room with nothing but comments would be empty.
    const says = [...given.keys()].some((one) => one.startsWith(`${first}.`));
    if (key !== undefined && first !== room) lines.push(`${says ? '' : '# '}${(room = first)}:`);
    const indent = key === undefined ? '' : '  ';
    const mark = given.has(path) ? '' : '# ';
    lines.push(`${indent}${mark}${key ?? first}: ${written(value)} # ${entry.meaning}; ${allowed(entry)}`);
  }
  const along = cell.data.mu === undefined ? 'data.share' : 'data.mu';
  const middle = Number(given.get(along));
  lines.push(
    `runs: ${RUNS} # ${PARAMETERS.get('runs')!.entry.meaning}`,
    `seed: 1 # ${PARAMETERS.get('seed')!.entry.meaning}`,
    '# axes: # every combination is a cell',
    `#   ${along}: { from: ${middle / 4}, to: ${middle * 2}, count: 8, scale: log }`,
    '#   data.d: [500, 1000, 2000]',
    '# record:',
    '#   series: [trainLoss, testErrorClean, gamma] # kept over time; docs/observables.md lists all',
    '#   every: 10 # steps between two entries',
  );
  return `${lines.join('\n')}\n`;
}

/** Whether the model reads it, where it is one that not every model reads. */
function counts(model: ModelId, path: string): boolean {
  const key = PARTICULARS.find((one) => path === `data.${one}`);
  return key === undefined || MODELS[model].reads.includes(key);
}

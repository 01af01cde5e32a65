/** What each command makes of the options that all share, and for each that it cannot use the reason. */

export const SHARED = ['set', 'seed', 'workers', 'out', 'json', 'lab'] as const;
export type SharedName = (typeof SHARED)[number];

/** `help`: what it does here; `why`: why it has no meaning here. */
export type Use =
  | { readonly help: string; readonly must?: boolean; readonly flags?: string }
  | { readonly why: string };

const SET: Use = { help: 'set a parameter or fix an axis (data.d=1000, or d=1000); may be repeated' };
const SEED: Use = { help: 'seed of every random stream, as --set seed=S' };
const WORKERS: Use = { help: 'worker threads; the records do not depend on it (default: all cores)' };
const JSON_OUT: Use = { help: 'the result as JSON on stdout' };
const LAB: Use = { help: 'a module with parts of your own: export default lab.with(...)' };
const out = (help: string): Use => ({ help });

const NO_RUN = 'it makes no run';
const folder = (command: string): Record<'set' | 'seed' | 'workers' | 'lab', Use> => ({
  set: { why: `${command} reads a folder as it is; a sweep with another --out runs a changed spec` },
  seed: { why: `${command} reads a folder as it is; a sweep with another --out runs another seed` },
  workers: { why: NO_RUN },
  lab: { why: 'the folder says what it needs of the parts' },
});
const NOTHING: Record<SharedName, Use> = {
  set: { why: 'it takes no spec' },
  seed: { why: NO_RUN },
  workers: { why: NO_RUN },
  out: { why: 'it leaves no folder; send stdout to a file' },
  json: JSON_OUT,
  lab: { why: 'it takes no spec' },
};

/** Every command. */
export const USES = {
  papers: NOTHING,
  cite: NOTHING,
  reproduce: {
    set: { why: 'a reproduction has the setting of its paper; benign sweep runs a changed one' },
    seed: { help: 'seed of every random stream' },
    workers: WORKERS,
    out: out('result folder; the same spec goes on where it was (default: out/PAPER-FIGURE-VARIANT)'),
    json: JSON_OUT,
    lab: { why: 'a reproduction has the setting of its paper' },
  },
  run: {
    set: SET,
    seed: SEED,
    workers: { help: 'worker threads; the records do not depend on it (default: 1)' },
    out: out('result folder (default: out/run-CELL-SEED)'),
    json: JSON_OUT,
    lab: LAB,
  },
  measure: {
    set: SET,
    seed: { help: 'seed of the lines of its test error' },
    workers: { why: NO_RUN },
    out: { why: 'it leaves no folder; send stdout to a file' },
    json: JSON_OUT,
    lab: LAB,
  },
  theory: {
    set: SET,
    seed: { why: 'it makes no run, and theorems speak of all seeds' },
    workers: { why: NO_RUN },
    out: out('write theory.json and maps of the regimes here'),
    json: JSON_OUT,
    lab: LAB,
  },
  sweep: {
    set: SET,
    seed: SEED,
    workers: WORKERS,
    out: { help: 'result folder', must: true },
    json: JSON_OUT,
    lab: LAB,
  },
  variance: {
    set: SET,
    seed: SEED,
    workers: WORKERS,
    out: out('result folder; more blocks go on where it was (default: out/variance-CELL-SEED)'),
    json: JSON_OUT,
    lab: LAB,
  },
  boundary: {
    set: SET,
    seed: SEED,
    workers: WORKERS,
    out: out('result folder; the same search goes on where it was (default: out/boundary-SPEC-ALONG-over-OVER)'),
    json: JSON_OUT,
    lab: LAB,
  },
  verify: {
    set: SET,
    seed: SEED,
    workers: WORKERS,
    out: out('result folder (default: out/verify-CELL-SEED)'),
    json: JSON_OUT,
    lab: LAB,
  },
  diagnose: {
    set: { why: 'its setting follows from the data; benign sweep runs a changed spec of its folder' },
    seed: { help: 'seed of every random stream (default: 1)' },
    workers: WORKERS,
    out: out('result folder; the same diagnosis goes on where it was (default: out/diagnose-DATA-CLASSES)'),
    json: JSON_OUT,
    lab: { why: 'it measures the standard parts' },
  },
  figure: { ...folder('figure'), out: out('write DIR/figures here instead of into the folder'), json: JSON_OUT },
  compare: { ...folder('compare'), out: out('write compare.csv, compare.json and the picture here'), json: JSON_OUT },
  plan: {
    set: SET,
    seed: SEED,
    workers: WORKERS,
    out: { why: 'its pilot is kept nowhere; send stdout to a file' },
    json: JSON_OUT,
    lab: LAB,
  },
  table: {
    ...folder('table'),
    out: { help: 'write this file instead of stdout', flags: '--out <FILE>' },
    json: { help: 'the same as --format jsonl' },
  },
  notebook: {
    ...folder('notebook'),
    out: { why: 'it reads the tables beside it, and stays in the folder' },
    json: JSON_OUT,
  },
  archive: {
    ...folder('archive'),
    out: { help: 'write this file (default: DIR.zip)', flags: '--out <FILE.zip>' },
    json: JSON_OUT,
  },
  slurm: {
    set: SET,
    seed: SEED,
    workers: { why: 'a shard has as many workers as processors: --cpus' },
    out: { help: 'result folder, which every node sees', must: true },
    json: JSON_OUT,
    lab: LAB,
  },
  status: { ...folder('status'), out: { why: 'it writes nothing' }, json: JSON_OUT },
  doctor: {
    ...NOTHING,
    seed: { help: 'of a folder: seed of the random sample (default: 1)' },
    workers: { help: 'of a folder: worker threads (default: all cores)' },
    lab: { help: 'of a folder: the module whose parts its runs have' },
  },
  lab: {
    ...NOTHING,
    set: { why: 'a setting is made on the page' },
    seed: { why: 'a seed is set on the page' },
    workers: { why: 'the browser computes, with as many workers as the machine has' },
    out: { why: 'it writes nothing' },
    json: { help: 'the address as JSON on stdout' },
    lab: { why: 'the page has the standard parts' },
  },
  new: {
    ...NOTHING,
    out: { why: 'it leaves no folder; send stdout to a file' },
    lab: { why: 'parts of your own say themselves what they need' },
  },
  schema: { ...NOTHING, lab: LAB },
} as const satisfies Record<string, Record<SharedName, Use>>;

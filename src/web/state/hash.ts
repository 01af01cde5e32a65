/**
 * The page's state as the part of an address behind #: only what is not as at first. `preset=kou-2023/heat-map/as-plotted
 * &data.mu=3&x=data.d:100..1e9:log&vs.data.mu=1`.
 */
import { describeRange, inRange, PARAMETERS } from '../../notation.ts';
import {
  FIRST,
  PARTS,
  ROOMS,
  SHOWN,
  TIMES,
  WHOLE,
  type MapAxis,
  type PageState,
  type Part,
  type Value,
} from './page-state.ts';

/** A state, and what of the text made no sense, each thing in a sentence. */
export interface Read {
  readonly state: PageState;
  readonly complaints: readonly string[];
}

const numberText = (x: number): string => String(x).replace('e+', 'e');
const escaped = (text: string): string => encodeURIComponent(text).replace(/%2F/g, '/').replace(/%2C/g, ',');

export function writeHash(state: PageState): string {
  const out: string[] = [];
  const put = (key: string, value: string): void => void out.push(`${key}=${escaped(value)}`);
  const { x, y, other, only, at } = state;
  if (state.room !== FIRST.room) put('room', state.room);
  if (state.paper !== '') put('paper', state.paper);
  if (state.preset !== FIRST.preset) put('preset', state.preset);
  for (const [path, value] of Object.entries(state.set)) put(path, valueText(value));
  for (const [path, value] of Object.entries(other ?? {})) put(`vs.${path}`, valueText(value));
  if (other && Object.keys(other).length === 0) put('vs', 'same');
  if (x) out.push(`x=${axisText(x)}`);
  if (y) out.push(`y=${axisText(y)}`);
  if (state.show !== FIRST.show) put('show', state.show);
  if (state.log) put('colours', 'log');
  if (state.grid !== FIRST.grid) put('grid', String(state.grid));
  if (state.mapRuns !== FIRST.mapRuns) put('mapRuns', String(state.mapRuns));
  if (state.runs !== FIRST.runs) put('runs', String(state.runs));
  if (state.replicate !== FIRST.replicate) put('replicate', String(state.replicate));
  if (state.time !== FIRST.time) put('time', state.time);
  if (at !== undefined) put('at', String(at));
  if (state.hide.length > 0) put('hide', state.hide.join(','));
  if (only) put('only', only);
  return out.join('&');
}

const valueText = (value: Value): string => (typeof value === 'number' ? numberText(value) : String(value));

function axisText({ path, from, to, log }: MapAxis): string {
  const range = from !== undefined && to !== undefined ? `:${numberText(from)}..${numberText(to)}` : '';
  const scale = log === undefined ? '' : log ? ':log' : ':linear';
  return `${path}${range}${scale}`;
}

/** Whatever the text, there is a state: what makes no sense is left out, and said. */
export function readHash(text: string): Read {
  const complaints: string[] = [];
  const said = new Map<string, string>();
  for (const piece of text.replace(/^#/, '').split('&')) {
    if (piece === '') continue;
    const at = piece.indexOf('=');
    const key = decoded(at < 0 ? piece : piece.slice(0, at));
    if (at < 0) complaints.push(`#${cut(key)}: must have the form key=value`);
    else said.set(key, decoded(piece.slice(at + 1)));
  }
  let state: PageState = FIRST;
  const put = (change: Partial<PageState>): void => void (state = { ...state, ...change });
  const set: Record<string, Value> = {};
  let other: Record<string, Value> | undefined;
  const refuse = (key: string, value: string, why: string): void =>
    void complaints.push(`#${cut(key)}=${cut(value)}: ${why}`);
  for (const [key, value] of said) {
    const read = ONE.get(key);
    if (key === 'vs') other ??= {};
    else if (read) {
      const change = read(value);
      if (typeof change === 'string') refuse(key, value, change);
      else put(change);
    } else {
      const path = key.replace(/^vs\./, '');
      const made = written(path, value);
      if ('why' in made) refuse(key, value, made.why);
      else if (path === key) set[path] = made.value;
      else (other ??= {})[path] = made.value;
    }
  }
  const more = complaints.length - MOST_SAID;
  if (more > 0) complaints.splice(MOST_SAID, more, `And ${more} more.`);
  return { state: { ...state, set, ...(other && { other }) }, complaints };
}

/** Complaints that are said one by one, and letters of what came that they show. */
const MOST_SAID = 5;
const MOST_LETTERS = 60;

const cut = (text: string): string => (text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS - 1)}…` : text);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

type Reader = (value: string) => Partial<PageState> | string;

const oneOf =
  <K extends keyof PageState>(key: K, choices: readonly PageState[K][]): Reader =>
  (value) =>
    choices.some((choice) => choice === value) ? { [key]: value } : `must be one of ${choices.join(', ')}`;

const whole =
  (key: keyof typeof WHOLE): Reader =>
  (value) => {
    const number = Number(value);
    const range = { ...WHOLE[key], integer: true };
    return value.trim() !== '' && inRange(number, range) ? { [key]: number } : `must be ${describeRange(range)}`;
  };

const ONE: ReadonlyMap<string, Reader> = new Map(
  Object.entries<Reader>({
    room: oneOf('room', ROOMS),
    paper: (paper) => (/^[\w-]*$/.test(paper) ? { paper } : 'must be the id of a paper'),
    preset: (preset) => (/^[\w-]+(\/[\w.-]+){1,2}$/.test(preset) ? { preset } : 'must be PAPER/FIGURE/VARIANT'),
    x: (text) => axis('x', text),
    y: (text) => axis('y', text),
    show: oneOf('show', SHOWN),
    colours: (value) => (value === 'log' || value === 'linear' ? { log: value === 'log' } : 'must be log or linear'),
    grid: whole('grid'),
    mapRuns: whole('mapRuns'),
    runs: whole('runs'),
    replicate: whole('replicate'),
    time: oneOf('time', TIMES),
    at: whole('at'),
    hide: (value) => {
      const parts = value.split(',');
      return parts.every((part) => PARTS.some((one) => one === part))
        ? { hide: parts as Part[] }
        : `must be a list of ${PARTS.join(', ')}`;
    },
    only: oneOf('only', PARTS),
  }),
);

function axis(key: 'x' | 'y', text: string): Partial<PageState> | string {
  const [, path, from, to, scale] =
    /^([\w.]+)(?::([^.:]+(?:\.\d+)?[^.:]*)\.\.([^:]+))?(?::(log|linear))?$/.exec(text) ?? [];
  if (path === undefined) return 'must have the form PATH:FROM..TO:log, such as data.d:100..1e9:log';
  const entry = PARAMETERS.get(path)?.entry;
  if (entry?.kind !== 'number' || !path.includes('.')) return `${path} is no number of a setting`;
  const range = from === undefined ? {} : { from: Number(from), to: Number(to) };
  if (range.from !== undefined && !(Number.isFinite(range.from) && Number.isFinite(range.to) && range.from < range.to!))
    return 'must go from a number to a larger one';
  for (const end of Object.values(range) as number[])
    if (!inRange(end, { ...entry.range, integer: false })) return `${path} is ${describeRange(entry.range)}`;
  return { [key]: { path, ...range, ...(scale && { log: scale === 'log' }) } };
}

/** A number may be a factor of other symbols, whose product alone has a range: the laboratory looks at that. */
function written(path: string, text: string): ReturnType<typeof valueOf> {
  const number = Number(text);
  const isNumber = PARAMETERS.get(path)?.entry.kind === 'number' && path.includes('.');
  return isNumber && text.trim() !== '' && Number.isFinite(number) ? { value: number } : valueOf(path, text);
}

/** A value of a parameter from text. */
export function valueOf(path: string, text: string): { readonly value: Value } | { readonly why: string } {
  const entry = PARAMETERS.get(path)?.entry;
  if (!entry || (!path.includes('.') && path !== 'seed' && path !== 'engine' && path !== 'coupling'))
    return { why: 'is no parameter and no word of the page' };
  if (entry.kind === 'number') {
    const number = Number(text);
    return text.trim() !== '' && inRange(number, entry.range)
      ? { value: number }
      : { why: `must be ${describeRange(entry.range)}` };
  }
  if (entry.kind === 'text') return entry.pattern.test(text) ? { value: text } : { why: `must be ${entry.form}` };
  const found = entry.choices.find((choice) => String(choice) === text);
  return found === undefined ? { why: `must be one of ${entry.choices.join(', ')}` } : { value: found };
}

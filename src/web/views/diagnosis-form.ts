/** What can be chosen of a diagnosis, as texts of a form. */
import type { DEFAULTS, DiagnosisChoice } from '../../diagnosis/plan.ts';

const NUMBERS = ['n', 'm', 'runs', 'heldOut', 'steps', 'seed', 'divisor'] as const;
type Key = 'groups' | 'flips' | (typeof NUMBERS)[number];

/** '' or absent: nothing chosen. */
export type DiagnosisForm = { readonly [key in Key | 'first' | 'second' | 'centring' | 'running']?: string };

interface Field {
  readonly key: Key;
  readonly name: string;
  readonly says: string;
  readonly hint: string;
}

/** @param standard what the diagnosis takes where nothing is chosen */
export const diagnosisFields = (standard: typeof DEFAULTS): readonly Field[] => [
  { key: 'groups', name: 'groups', says: 'of classes, +1 before the stroke', hint: '0,2/1,3' },
  { key: 'n', name: 'n', says: 'largest number of training points', hint: `${standard.n}, or half of what there is` },
  { key: 'm', name: 'm', says: 'filters per class', hint: String(standard.m) },
  { key: 'flips', name: 'p', says: 'label noises beside 0', hint: standard.flips.join(', ') },
  { key: 'runs', name: 'runs', says: 'draws of training and held-out points', hint: String(standard.runs) },
  { key: 'heldOut', name: 'held out', says: 'points for the test error', hint: 'at most 1000' },
  { key: 'steps', name: 'steps', says: 'cap on the steps of a run', hint: String(standard.steps) },
  { key: 'seed', name: 'seed', says: 'of every random stream', hint: String(standard.seed) },
  { key: 'divisor', name: 'divisor', says: 'of every number', hint: 'the norm becomes 1' },
];

/** @returns a sentence for what is no number; all else is told by the diagnosis itself */
export function choiceOf(form: DiagnosisForm): DiagnosisChoice | string {
  const out: Record<string, unknown> = {};
  for (const key of NUMBERS) {
    const text = form[key]?.trim();
    if (!text) continue;
    const value = Number(text);
    const name = key === 'heldOut' ? 'held out' : key;
    if (!Number.isFinite(value)) return `${name}: must be a number, got ${text}`;
    if (key === 'divisor' ? !(value > 0) : !(Number.isInteger(value) && value >= (key === 'seed' ? 0 : 1)))
      return `${name}: must be ${key === 'divisor' ? 'a positive number' : key === 'seed' ? 'an integer from 0 on' : 'an integer from 1 on'}, got ${text}`;
    out[key] = value;
  }
  if (form.flips?.trim()) {
    const flips = form.flips
      .split(/[\s,;]+/)
      .filter(Boolean)
      .map(Number);
    if (flips.some((one) => !Number.isFinite(one))) return `p: must be numbers such as 0.1, 0.2, got ${form.flips}`;
    out['flips'] = flips;
  }
  const classes = form.groups?.trim() || (form.first && form.second ? `${form.first}/${form.second}` : undefined);
  if (form.centring === 'none') out['centring'] = 'none';
  return { ...out, ...(classes && { classes }) } as DiagnosisChoice;
}

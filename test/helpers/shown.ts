/** What a page shows of an output: every line, but where `…` stands for a part of a line, or alone for some lines. */
import assert from 'node:assert/strict';

const NUMBER = /-?\d+(?:,\d{3})*(?:\.\d+)?(?:e[-+]?\d+)?/;

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** `shown` in parts, of which every second one stands for what may differ: a number, or what `…` leaves out. */
const partsOf = (shown: string): string[] => shown.split(new RegExp(String.raw`(^…\n|…|${NUMBER.source})`, 'gm'));

const patternOf = (part: string, at: number): string => {
  if (at % 2 === 0) return escaped(part);
  if (part === '…\n') return String.raw`(?:.*\n)*?`;
  return part === '…' ? '.*?' : `(${NUMBER.source})`;
};

/** `shown` with the numbers of `output`. Where the words differ nobody but an author can tell what to show. */
export function rewritten(shown: string, output: string): string {
  const whole = `${output.trimEnd()}\n`;
  if (shown === '') return whole;
  const parts = partsOf(shown);
  const match = new RegExp(`^${parts.map(patternOf).join('')}$`).exec(whole);
  assert.ok(match, `the page shows\n${shown}\nand the command says\n${whole}`);
  const numbers = match.slice(1);
  return parts.map((part, at) => (at % 2 === 0 || part.startsWith('…') ? part : numbers.shift()!)).join('');
}

export const numbersOf = (text: string): number[] =>
  (text.match(new RegExp(NUMBER, 'g')) ?? []).map((number) => Number(number.replaceAll(',', '')));

/** Whether a number of the prose is one of `known`, rounded to the digits that it has. */
export function roundedIn(number: string, known: readonly number[]): boolean {
  const digits = number.split('.')[1]!.length;
  const wanted = Math.abs(Number(number));
  return known.some((one) => Math.abs(Math.abs(one) - wanted) <= 0.5001 * 10 ** -digits);
}

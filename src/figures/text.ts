/** Words in figures: how they are set and how wide they are. */

const SUBSCRIPTS: Readonly<Partial<Record<string, string>>> = {
  ...Object.fromEntries([...'0123456789'].map((digit) => [digit, String.fromCodePoint(0x2080 + Number(digit))])),
  a: 'ₐ',
  e: 'ₑ',
  h: 'ₕ',
  i: 'ᵢ',
  j: 'ⱼ',
  k: 'ₖ',
  l: 'ₗ',
  m: 'ₘ',
  n: 'ₙ',
  o: 'ₒ',
  p: 'ₚ',
  r: 'ᵣ',
  s: 'ₛ',
  t: 'ₜ',
  u: 'ᵤ',
  v: 'ᵥ',
  x: 'ₓ',
};
const SUPERSCRIPTS: Readonly<Partial<Record<string, string>>> = {
  0: '⁰',
  1: '¹',
  2: '²',
  3: '³',
  4: '⁴',
  5: '⁵',
  6: '⁶',
  7: '⁷',
  8: '⁸',
  9: '⁹',
  '-': '⁻',
  '−': '⁻',
  '/': 'ᐟ',
  n: 'ⁿ',
  i: 'ⁱ',
};

/** `σ_p` as σₚ and `^{1/4}` as ¹ᐟ⁴, where Unicode has every character asked for; everything else as it came. */
export function typeset(text: string): string {
  return text
    .replace(/(?<=\p{L})_([0-9a-z])(?![0-9A-Za-z])/gu, (whole, letter: string) => SUBSCRIPTS[letter] ?? whole)
    .replace(/\^\{([^}]*)\}|\^(\d+)(?![\d.])/g, (whole, group: string | undefined, digit: string | undefined) => {
      const raised = [...(group ?? digit!)].map((character) => SUPERSCRIPTS[character]);
      return raised.includes(undefined) ? whole : raised.join('');
    });
}

/** Advance widths of U+0020 ... U+007E in thousandths of the font size: DejaVu Sans 2.37, table hmtx. */
const REGULAR = [
  318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636,
  636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863,
  748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635,
  615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636,
  337, 636, 838,
];
/** The same of DejaVu Sans Bold. */
const BOLD = [
  348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365, 696, 696, 696, 696, 696, 696, 696,
  696, 696, 696, 400, 400, 838, 838, 838, 580, 1000, 774, 762, 734, 830, 683, 683, 821, 837, 372, 372, 775, 637, 995,
  837, 850, 733, 850, 770, 720, 682, 812, 774, 1103, 771, 724, 725, 457, 365, 457, 838, 500, 500, 675, 716, 593, 716,
  678, 435, 716, 712, 343, 343, 665, 343, 1042, 712, 687, 716, 716, 493, 595, 478, 712, 652, 924, 645, 652, 582, 712,
  365, 712, 838,
];

/**
 * Width of one line in px, exact for ASCII without kerning; a Greek letter or a sign counts as a mean one (0.65 of the
 * size), a sub- or superscript as 0.42, a character of East Asian scripts as 1, a combining mark as nothing.
 */
export function textWidth(text: string, fontSize: number, bold = false): number {
  const table = bold ? BOLD : REGULAR;
  let sum = 0;
  for (const character of text) {
    if (/\p{M}/u.test(character)) continue;
    if (character >= '\u2e80') sum += 1000;
    else sum += table[character.codePointAt(0)! - 0x20] ?? (/[⁰¹²³⁴-ₜᐟᵢᵣᵤᵥⱼ]/u.test(character) ? 420 : 650);
  }
  return (sum * fontSize) / 1000;
}

/** The text in lines of at most `width`, broken at spaces; a word wider than that is broken inside. */
export function wrap(text: string, width: number, measure: (line: string) => number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).flatMap((one) => pieces(one, width, measure))) {
    const longer = lines.length > 0 ? `${lines.at(-1)!} ${word}` : word;
    if (lines.length > 0 && measure(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** The same of a list: it is broken behind commas and semicolons, inside an item only where that alone does not fit. */
export function wrapItems(text: string, width: number, measure: (line: string) => number): string[] {
  const lines: string[] = [];
  for (const item of text.split(/(?<=[,;]) +/)) {
    const longer = lines.length > 0 ? `${lines.at(-1)!} ${item}` : item;
    if (lines.length > 0 && measure(longer) <= width) lines[lines.length - 1] = longer;
    else if (measure(item) <= 0.75 * width) lines.push(item);
    else lines.push(...wrap(lines.length > 0 ? `${lines.pop()!} ${item}` : item, width, measure));
  }
  return lines;
}

/** A word in pieces that fit, one character each at the least. */
function pieces(word: string, width: number, measure: (line: string) => number): string[] {
  if (measure(word) <= width) return [word];
  const out = [''];
  for (const character of word) {
    if (out.at(-1) !== '' && measure(out.at(-1)! + character) > width) out.push('');
    out[out.length - 1] += character;
  }
  return out;
}

/** A title as Vega takes it: one line where it fits, else lines. @param room px */
export function lines(text: string, room: number, fontSize = 12): string | string[] {
  const all = wrap(text, room, (line) => textWidth(line, fontSize));
  return all.length === 1 ? all[0]! : all;
}

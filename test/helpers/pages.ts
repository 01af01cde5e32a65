/** The pages that people read: their fenced blocks, and the commands in these. */

export interface Block {
  readonly language: string;
  readonly text: string;
}

export const blocksOf = (page: string): Block[] =>
  [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({
    language: language!,
    text: text!,
  }));

export interface Command {
  readonly line: string;
  readonly args: readonly string[];
  readonly exit: number;
  /** file that stdout goes to */
  readonly into: string | undefined;
}

/** Words as a shell splits them: quotes hold a word together. */
const wordsOf = (text: string): string[] =>
  (text.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []).map((word) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'));

/** `benign` commands of a line: `npm ci && npx benign reproduce kou-2023 --quick   # exit code 3`. */
export function commandsOf(line: string): Command[] {
  const [text, comment = ''] = line.split(/\s+#\s/) as [string, string?];
  return text.split('&&').flatMap((part): Command[] => {
    const words = wordsOf(part);
    const rest = words[0] === 'npx' ? words.slice(1) : words;
    if (rest[0] !== 'benign') return [];
    const to = rest.indexOf('>');
    return [
      {
        line,
        args: rest.slice(1, to < 0 ? undefined : to),
        exit: Number(/exit code (\d+)/.exec(comment)?.[1] ?? 0),
        into: to < 0 ? undefined : rest[to + 1],
      },
    ];
  });
}

/** Pages whose outputs and pictures are held whole, by `test/docs/tutorial.test.ts`. */
export const HELD = ['tutorial', 'choose', 'verdicts'];

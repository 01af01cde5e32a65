/** Progress on stderr for a program that drives the command: one JSON object a line. */

/** The variable of the environment that asks for it. */
export const ASKS = 'BENIGN_PROGRESS';

/** Milliseconds between two lines; the first and the last number are always said. */
const APART = 100;

/**
 * A `Progress`.
 *
 * @param estimate whether the total is an estimate, which may change
 */
export function progressLines(progress: string, estimate: boolean, things: string) {
  let said: readonly [done: number, total: number] | undefined;
  let now: readonly [done: number, total: number] | undefined;
  let last = -Infinity;
  const write = (line: object): void => {
    last = performance.now();
    process.stderr.write(`${JSON.stringify(line)}\n`);
  };
  const say = (): void => {
    if (now === undefined || (said?.[0] === now[0] && said[1] === now[1])) return;
    said = now;
    const [done, total] = now;
    write({ progress, things, done, total, estimate: estimate && done < total });
  };
  return {
    update(done: number, total: number): void {
      now = [done, total];
      if (performance.now() - last >= APART) say();
    },
    working(step: number, most: number): void {
      if (performance.now() - last >= 10 * APART) write({ progress, step, most });
    },
    stop: say,
  };
}

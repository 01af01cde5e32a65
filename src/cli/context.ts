/** What every command is given, and how it answers. */
import { printable } from '../errors.ts';

/** Exit codes; house format. checkFailed: a check fails; undecided: none fails, one is undecided. */
export const EXIT = {
  ok: 0,
  usage: 1,
  someFailed: 2,
  checkFailed: 3,
  undecided: 4,
  interrupted: 130,
  terminated: 143,
} as const;

/** What stops work. */
export interface Interruption {
  readonly signal: AbortSignal;
  readonly exitCode: () => number;
  /** whether the time was over */
  readonly timeOver: () => boolean;
  readonly release: () => void;
}

/** Milliseconds after a signal in which nothing need be said: a batch takes less. */
const AT_ONCE = 700;

/**
 * Aborts on SIGINT and SIGTERM, and when the time is over; says which came. What is in work is finished; a second
 * signal ends the process at once.
 *
 * @param seconds that the work may take
 */
export function interruption(seconds?: number): Interruption {
  const controller = new AbortController();
  let code: number = EXIT.interrupted;
  let over = false;
  let word: NodeJS.Timeout | undefined;
  const abort = (): void => {
    word = setTimeout(() => note('finishing what is in work; a second Ctrl-C stops at once'), AT_ONCE);
    word.unref();
    controller.abort();
  };
  const stop = (exit: number) => () => {
    if (controller.signal.aborted) process.exit(exit);
    code = exit;
    abort();
  };
  const [interrupt, terminate] = [stop(EXIT.interrupted), stop(EXIT.terminated)];
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', terminate);
  const end = performance.now() + 1000 * (seconds ?? 0);
  // A timer cannot wait for more than 24 days: it is asked again.
  const wait = (): NodeJS.Timeout =>
    setTimeout(
      () => {
        if (performance.now() < end - 1) return void (clock = wait());
        if (controller.signal.aborted) return;
        over = true;
        abort();
      },
      Math.min(2 ** 31 - 1, Math.max(1, end - performance.now())),
    ).unref();
  let clock = seconds === undefined ? undefined : wait();
  return {
    signal: controller.signal,
    exitCode: () => code,
    timeOver: () => over,
    // What comes after the work that can be stopped ends at once, as if nobody listened.
    release: () => {
      clearTimeout(word);
      clearTimeout(clock);
      process.off('SIGINT', interrupt).off('SIGTERM', terminate);
    },
  };
}

export const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Writes a long answer as fast as it is read; who reads no further gets no more. */
export async function sayPieces(pieces: Iterable<string>): Promise<void> {
  const { stdout } = process;
  for (const piece of pieces) {
    if (stdout.errored || !stdout.writable) return;
    if (stdout.write(piece)) continue;
    await new Promise<void>((resolve) => {
      const events = ['drain', 'error', 'close'];
      const goOn = (): void => {
        for (const event of events) stdout.off(event, goOn);
        resolve();
      };
      for (const event of events) stdout.on(event, goOn);
    });
  }
}

export const note = (text: string): void => void process.stderr.write(`${printable(text)}\n`);
export const printJson = (value: unknown): void => say(JSON.stringify(value, null, 2));

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

/** Aborts on SIGINT and SIGTERM; says which came. A second signal ends the process at once. */
export function interruption(): { signal: AbortSignal; exitCode: () => number; release: () => void } {
  const controller = new AbortController();
  let code: number = EXIT.interrupted;
  const stop = (exit: number) => () => {
    if (controller.signal.aborted) process.exit(exit);
    code = exit;
    controller.abort();
  };
  const [interrupt, terminate] = [stop(EXIT.interrupted), stop(EXIT.terminated)];
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', terminate);
  return {
    signal: controller.signal,
    exitCode: () => code,
    // What comes after the work that can be stopped ends at once, as if nobody listened.
    release: () => void process.off('SIGINT', interrupt).off('SIGTERM', terminate),
  };
}

export const say = (text: string): void => void process.stdout.write(`${text}\n`);
export const note = (text: string): void => void process.stderr.write(`${printable(text)}\n`);
export const printJson = (value: unknown): void => say(JSON.stringify(value, null, 2));

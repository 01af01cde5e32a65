/**
 * Python programs to compare with: each prints one JSON line about itself, then one for every line that it is sent, so
 * that sides can take turns.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from './claim.ts';

/** Debian's Python, the one that has PyTorch: the `python3` on the PATH may be another. */
const PYTHON = process.env['BENIGN_PYTHON'] ?? '/usr/bin/python3';

export interface Peer<About> {
  readonly about: About & { readonly torch: string; readonly python: string };
  /** @throws Error when the program has ended */
  ask(line: string): Promise<unknown>;
  end(): void;
}

/**
 * The program, waiting for its turns; or one sentence saying why there is none.
 *
 * `threads`: of BLAS and OpenMP; undefined leaves them their defaults.
 */
export async function startPeer<About = unknown>(
  script: string,
  args: readonly (string | number)[],
  threads: number | undefined = 1,
): Promise<Peer<About> | string> {
  const env = {
    ...process.env,
    ...(threads !== undefined && {
      OMP_NUM_THREADS: String(threads),
      OPENBLAS_NUM_THREADS: String(threads),
      MKL_NUM_THREADS: String(threads),
    }),
  };
  const child = spawn(PYTHON, [join(ROOT, 'bench', 'peers', script), ...args.map(String)], { env });
  let complaint = '';
  child.on('error', ({ message }) => (complaint = message));
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  child.stdin.on('error', () => {}); // a peer that died is noticed by its missing answer
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    return done ? undefined : JSON.parse(value);
  };
  const about = (await answer()) as Peer<About>['about'] | undefined;
  if (!about)
    return `There is no PyTorch to compare with (${complaint.trim().split('\n').at(-1) || `${PYTHON} gave no answer`}): set BENIGN_PYTHON to a Python that has it; only our own times follow.`;
  return {
    about,
    async ask(line) {
      child.stdin.write(`${line}\n`);
      const said = await answer();
      if (said === undefined) throw new Error(`${script} ended: ${complaint.trim()}`);
      return said;
    },
    end: () => child.stdin.end(),
  };
}

export const versionsOf = ({
  torch,
  numpy,
  python,
}: Peer<unknown>['about'] & { readonly numpy?: string }): string[] => [
  `PyTorch ${torch} on Python ${python}`,
  ...(numpy === undefined ? [] : [`NumPy ${numpy}`]),
];

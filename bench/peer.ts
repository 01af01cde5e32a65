/**
 * Python programs to compare with: each prints one JSON line about itself, then one for every line that it is sent, so
 * that sides can take turns.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from './claim.ts';

/** The variable that names an interpreter, and the one taken without it. */
interface Interpreter {
  readonly variable: string;
  readonly otherwise: string;
}

/** Debian's Python, which may have Debian's PyTorch: the `python3` on the PATH may be another. */
const DEBIAN: Interpreter = { variable: 'BENIGN_PYTHON', otherwise: '/usr/bin/python3' };
/** One that has what bench/peers/requirements.txt lists. */
export const CURRENT: Interpreter = { variable: 'BENIGN_BENCH_PYTHON', otherwise: 'python3' };

export interface Peer<About> {
  readonly about: About;
  /** @throws Error when the program has ended */
  ask(line: string): Promise<unknown>;
  end(): void;
}

/**
 * The program, waiting for its turns; or one sentence saying why there is none.
 *
 * `threads`: of BLAS, OpenMP and XLA; undefined leaves them their defaults.
 */
export async function startPeer<About = Versions>(
  script: string,
  args: readonly (string | number)[],
  threads: number | undefined = 1,
  { variable, otherwise }: Interpreter = DEBIAN,
): Promise<Peer<About> | string> {
  const env = {
    ...process.env,
    ...(threads !== undefined && {
      OMP_NUM_THREADS: String(threads),
      OPENBLAS_NUM_THREADS: String(threads),
      MKL_NUM_THREADS: String(threads),
      NPROC: String(threads), // XLA's
      ...(threads === 1 && { XLA_FLAGS: '--xla_cpu_multi_thread_eigen=false' }),
    }),
  };
  const python = process.env[variable] ?? otherwise;
  const child = spawn(python, [join(ROOT, 'bench', 'peers', script), ...args.map(String)], { env });
  let complaint = '';
  child.on('error', ({ message }) => (complaint = message));
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  child.stdin.on('error', () => {}); // a peer that died is noticed by its missing answer
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    return done ? undefined : JSON.parse(value);
  };
  const about = (await answer()) as About | undefined;
  if (!about)
    return `${script} did not start (${complaint.trim().split('\n').at(-1) || `${python} gave no answer`}): set ${variable} to a Python that has what it imports; the table goes without it.`;
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

/** Of a peer that says them one by one. */
export interface Versions {
  readonly torch: string;
  readonly numpy?: string;
  readonly python: string;
}

export const versionsOf = ({ torch, numpy, python }: Versions): string[] => [
  `PyTorch ${torch} on Python ${python}`,
  ...(numpy === undefined ? [] : [`NumPy ${numpy}`]),
];

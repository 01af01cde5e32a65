/** The Python programs of bench/map.ts: their forms, how they are started and asked. */
import { CURRENT, startPeer, versionsOf, type Peer, type Versions } from './peer.ts';

export interface Form {
  readonly name: string;
  readonly script: string;
  /** the form's word in a line; a script without one makes one run at a time */
  readonly form?: string;
  /** runs in one program */
  readonly replicas: number;
  /** programs in one turn */
  readonly programs: number;
  /** the current interpreter runs it, not Debian's */
  readonly current?: true;
  /** it also gets a turn with its default number of threads */
  readonly threaded?: true;
  /** its first turn compiles */
  readonly compiles?: true;
  /** the least ratio of its time for the map to ours */
  readonly bound?: number;
}

const TORCH = { script: 'kou_map_torch.py', current: true } as const;
const JAX = { script: 'kou_map_jax.py', current: true } as const;
const GRAM = { script: 'kou_map_numpy.py', form: 'gram' } as const;

const stacked = (replicas: number): string => (replicas === 1 ? 'one run at a time' : `${replicas} runs stacked`);
const debianNumpy = (replicas: number, programs: number): Form => ({
  ...GRAM,
  name: `Debian's NumPy in Gram space, ${stacked(replicas)}`,
  replicas,
  programs,
});
const debianTorch = (replicas: number): Form => ({
  name: `Debian's PyTorch, ${replicas} replicas in one program`,
  script: 'kou_map.py',
  form: 'batched',
  replicas,
  programs: 1,
  threaded: true,
});

export const FORMS: readonly Form[] = [
  {
    name: "Debian's PyTorch, one run at a time",
    script: 'kou_cell.py',
    replicas: 1,
    programs: 5,
    threaded: true,
    bound: 150,
  },
  debianTorch(10),
  debianTorch(50),
  {
    name: "Debian's PyTorch, sample by sample",
    script: 'kou_map.py',
    form: 'loop',
    replicas: 1,
    programs: 1,
    threaded: true,
    bound: 1000,
  },
  debianNumpy(1, 20),
  debianNumpy(10, 4),
  debianNumpy(100, 1),
  { ...TORCH, name: 'PyTorch, vmap of grad, eager', form: 'vmap', replicas: 200, programs: 1, threaded: true },
  {
    ...TORCH,
    name: 'PyTorch, vmap of grad, compiled',
    form: 'compiled',
    replicas: 50,
    programs: 2,
    compiles: true,
    threaded: true,
  },
  { ...JAX, name: 'JAX, jit of vmap of grad', form: 'vmap', replicas: 50, programs: 1, compiles: true, threaded: true },
  { ...GRAM, current: true, name: 'NumPy in Gram space', replicas: 100, programs: 1 },
  { ...TORCH, name: 'PyTorch in Gram space, compiled', form: 'gram', replicas: 50, programs: 4, compiles: true },
  {
    ...TORCH,
    name: 'PyTorch in Gram space, compiled, single precision',
    form: 'gram32',
    replicas: 50,
    programs: 8,
    compiles: true,
  },
  { ...JAX, name: 'JAX in Gram space, jit of vmap', form: 'gram', replicas: 10, programs: 20, compiles: true },
  {
    ...JAX,
    name: 'JAX in Gram space, jit of vmap, single precision',
    form: 'gram32',
    replicas: 50,
    programs: 8,
    compiles: true,
  },
];

/** What a program says of one turn. */
export interface Turn {
  /** by the clock */
  readonly seconds: number;
  /** of all its threads */
  readonly processorSeconds: number;
  /** of each run */
  readonly testErrors: readonly number[];
}

type About = Versions | { readonly versions: readonly string[]; readonly threads: number };

interface Peers {
  /** the one with one thread, then the one with its default number; undefined where it gets no turn */
  of(form: Form): readonly (Peer<About> | undefined)[];
  readonly versions: readonly string[];
  /** sentences naming what is left out */
  readonly skipped: readonly string[];
  /** default numbers of threads */
  readonly defaults: readonly number[];
  end(): void;
}

/** Every program of FORMS, waiting for its turns; `single`: on one thread only. */
export async function startForms(d: number, mu: number, single: boolean): Promise<Peers> {
  const peers = new Map<string, Peer<About>>();
  const versions = new Set<string>();
  const skipped: string[] = [];
  const defaults = new Set<number>();
  const nameOf = ({ script, current }: Form, threads: number | undefined): string => `${script} ${current} ${threads}`;
  const wanted = new Map(
    FORMS.flatMap((form) =>
      (form.threaded && !single ? [1, undefined] : [1]).map((threads) => [nameOf(form, threads), { form, threads }]),
    ),
  );
  for (const [name, { form, threads }] of wanted) {
    const peer = await startPeer<About>(form.script, [d, mu], threads, ...(form.current ? [CURRENT] : []));
    if (typeof peer !== 'string') {
      peers.set(name, peer);
      versionsIn(peer.about).forEach((version) => versions.add(version));
      if (threads === undefined && 'threads' in peer.about) defaults.add(peer.about.threads);
    } else if (threads === 1) {
      const without = FORMS.filter((other) => nameOf(other, 1) === name).map((other) => other.name);
      skipped.push(`Skipped: ${without.join('; ')}. ${peer}`);
    }
  }
  return {
    of: (form) =>
      [1, undefined].map((threads) => (threads === 1 || form.threaded ? peers.get(nameOf(form, threads)) : undefined)),
    versions: [...versions],
    skipped,
    defaults: [...defaults],
    end: () => peers.forEach((peer) => peer.end()),
  };
}

function versionsIn(about: About): readonly string[] {
  if (!('versions' in about)) return versionsOf(about);
  const python = about.versions.at(-1)!;
  return about.versions.slice(0, -1).map((version) => `${version} on ${python}`);
}

/** One turn, or why there is none. */
export async function ask(peer: Peer<About>, { form, replicas, programs }: Form): Promise<Turn | string> {
  const line = form === undefined ? String(replicas * programs) : `${form} ${replicas} ${programs}`;
  const answer = (await peer.ask(line)) as
    | { readonly failed: string }
    | (Omit<Turn, 'seconds'> & { readonly seconds: number | readonly number[] });
  if ('failed' in answer) return answer.failed;
  return { ...answer, seconds: [answer.seconds].flat().reduce((sum, x) => sum + x, 0) };
}

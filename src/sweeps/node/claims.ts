/**
 * Claims in files. `claims/PROCESS.alive` is the sign of life of a process, written again every few seconds; a claim on a
 * chunk is a second name for it, `claims/CHUNK`, which the file system gives to one process alone. So one write renews
 * all claims of a process, and none takes space. They only save time: a claim counts as long as its sign is younger than
 * its owner's lease, and on one machine as long as its process is there.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

export const CLAIMS = 'claims';
/** Seconds without a sign of life after which others take over, unless told. */
export const LEASE = 60;
const SIGN = '.alive';
/** Bytes of a sign, always the same: it is written over in place, and never half as long. */
const SIGN_BYTES = 1024;

/** What a process says of its work. */
export interface Work {
  readonly host: string;
  readonly pid: number;
  /** start of the work, ISO 8601 */
  readonly since: string;
  readonly workers: number;
  /** name of its record file */
  readonly part: string;
  /** runs made so far */
  readonly made: number;
  /** runs handed out and not yet stored */
  readonly inWork: number;
}

/** What a sign of life says. */
export interface Sign extends Work {
  readonly v: 1;
  /** of the process: host, number and a few random digits */
  readonly name: string;
  /** seconds */
  readonly lease: number;
}

/** A process that has left a sign. */
export interface Process extends Sign {
  readonly alive: boolean;
  /** seconds since its last sign */
  readonly age: number;
}

export class ClaimFiles {
  private readonly directory: string;
  private readonly name: string;
  private readonly work: () => Work;
  private readonly lease: number;
  private readonly held = new Set<string>();
  private readonly timer: NodeJS.Timeout;
  /** of the sign; undefined where none could be made: then nothing is claimed */
  private readonly descriptor: number | undefined;
  /** what the file system's clock said when ours said `at` */
  private clock = { said: Date.now(), at: performance.now() };
  /** who was seen alive, and when */
  private readonly seen = new Map<string, { readonly alive: boolean; readonly at: number }>();

  /** @param work what the sign of life says now */
  constructor(folder: string, lease: number, work: () => Work) {
    this.directory = join(folder, CLAIMS);
    this.lease = lease;
    this.work = work;
    this.name = `${hostname().replace(/[^\w.-]/g, '_')}-${process.pid}-${randomBytes(3).toString('hex')}`;
    try {
      mkdirSync(this.directory, { recursive: true });
      this.descriptor = openSync(this.signFile, 'wx');
    } catch {
      // A disk that takes no sign takes no records either, and that is told.
    }
    this.renew();
    this.timer = setInterval(() => this.renew(), Math.min(5000, 250 * lease));
    this.timer.unref();
  }

  private get signFile(): string {
    return join(this.directory, `${this.name}${SIGN}`);
  }

  /** Whether this process may work on a chunk. Where no claim can be made it may: the work may be done twice. */
  take(chunk: string): boolean {
    if (this.descriptor === undefined) return true;
    const file = join(this.directory, chunk);
    try {
      this.nameAlso(file);
      this.held.add(chunk);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return true;
    }
    const owner = signIn(file);
    if (owner && owner.name !== this.name && this.isAlive(owner, file)) return false;
    // Of several that take over at once the last one has it.
    const mine = `${file}.${this.name}`;
    try {
      this.nameAlso(mine);
      renameSync(mine, file);
      this.held.add(chunk);
    } catch {
      // It is gone, or another was first: the work may be done twice.
    }
    rmSync(mine, { force: true });
    return true;
  }

  /** Gives a chunk back, unless another process has taken it over. */
  release(chunk: string): void {
    if (!this.held.delete(chunk)) return;
    const file = join(this.directory, chunk);
    if (signIn(file)?.name === this.name) rmSync(file, { force: true });
  }

  /** Gives back everything, the sign of life last. */
  close(): void {
    clearInterval(this.timer);
    if (this.descriptor === undefined) return;
    for (const chunk of this.held) this.release(chunk);
    try {
      this.clean();
      rmSync(this.signFile, { force: true });
    } catch {
      // A sign without a process expires.
    }
    closeSync(this.descriptor);
  }

  /** Gives the sign another name. @throws where the name is taken */
  private nameAlso(file: string): void {
    try {
      linkSync(this.signFile, file);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') throw error;
      // A file system without hard links, or a sign that somebody has taken away: a file of its own.
      writeFileSync(file, this.text(), { flag: 'wx' });
    }
  }

  private text(): string {
    const sign: Sign = { v: 1, name: this.name, lease: this.lease, ...this.work() };
    return JSON.stringify(sign).padEnd(SIGN_BYTES);
  }

  private renew(): void {
    if (this.descriptor === undefined) return;
    try {
      writeSync(this.descriptor, this.text(), 0);
      // The clock of the disk, which the other hosts see, may not be ours.
      this.clock = { said: fstatSync(this.descriptor).mtimeMs, at: performance.now() };
    } catch {
      // The next one may succeed; without any others take over.
    }
  }

  private isAlive(owner: Sign, file: string): boolean {
    const known = this.seen.get(owner.name);
    const at = performance.now();
    if (known && at - known.at < 500) return known.alive;
    const alive = lives(owner, ageOf(this.directory, owner, file, this.clock.said + at - this.clock.at));
    this.seen.set(owner.name, { alive, at });
    return alive;
  }

  /** Takes away what dead processes have left, once their lease is over. */
  private clean(): void {
    const now = this.clock.said + performance.now() - this.clock.at;
    for (const name of readdirSync(this.directory)) {
      const file = join(this.directory, name);
      const owner = signIn(file);
      if (owner && owner.name !== this.name && ageOf(this.directory, owner, file, now) > owner.lease)
        rmSync(file, { force: true });
    }
  }
}

/** The sign that a file holds; undefined where it holds none, or is being written for the first time. */
function signIn(file: string): Sign | undefined {
  try {
    const sign = JSON.parse(readFileSync(file, 'utf8')) as Sign | null;
    return typeof sign?.name === 'string' && typeof sign.lease === 'number' ? sign : undefined;
  } catch {
    return undefined;
  }
}

/** Seconds since an owner's last sign. @param file one of its claims @param now by the disk's clock, ms */
function ageOf(directory: string, { name }: Sign, file: string, now: number): number {
  const last = [file, join(directory, `${name}${SIGN}`)].map((one) => {
    try {
      return statSync(one).mtimeMs;
    } catch {
      return 0;
    }
  });
  return Math.max(0, (now - Math.max(...last)) / 1000);
}

const lives = ({ host, pid, lease }: Sign, age: number): boolean =>
  age < lease && !(host === hostname() && !isThere(pid));

/** Whether a process of this machine is there; one of another name space may be called gone, and its work done twice. */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Every process that has left a sign in a folder, by name. */
export function processesOf(folder: string): Process[] {
  const directory = join(folder, CLAIMS);
  let names: string[];
  try {
    names = readdirSync(directory).sort();
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const file = join(directory, name);
    const sign = name.endsWith(SIGN) ? signIn(file) : undefined;
    if (!sign) return [];
    const age = ageOf(directory, sign, file, Date.now());
    return [{ ...sign, age, alive: lives(sign, age) }];
  });
}

/**
 * Claims in files: `claims/CHUNK` names the process that works on a chunk, `claims/PROCESS.alive` is that process's sign
 * of life. Both only save time. A claim counts as long as its owner's sign is younger than the owner's lease, and on one
 * machine as long as its process is there.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
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
/** Milliseconds in which a claim without a name is taken for one that is being written. */
const NAMELESS = 2000;

/** What a sign of life says. */
export interface Sign {
  readonly v: 1;
  readonly host: string;
  readonly pid: number;
  /** start of the work, ISO 8601 */
  readonly since: string;
  /** seconds */
  readonly lease: number;
  readonly workers: number;
  /** name of its record file */
  readonly part: string;
  /** runs made so far */
  readonly made: number;
  /** runs handed out and not yet stored */
  readonly inWork: number;
}

/** A process that has left a sign. */
export interface Process extends Sign {
  readonly name: string;
  readonly alive: boolean;
  /** seconds since its last sign */
  readonly age: number;
  /** chunks that it has claimed */
  readonly claims: number;
}

export class ClaimFiles {
  private readonly directory: string;
  private readonly name: string;
  private readonly sign: () => Sign;
  private readonly lease: number;
  private readonly held = new Set<string>();
  private readonly timer: NodeJS.Timeout;
  /** what the file system's clock said when ours said `at` */
  private clock = { said: Date.now(), at: performance.now() };
  /** who was seen alive, and when */
  private readonly seen = new Map<string, { readonly alive: boolean; readonly at: number }>();

  /** @param sign what the sign of life says now */
  constructor(folder: string, lease: number, sign: () => Sign) {
    this.directory = join(folder, CLAIMS);
    this.lease = lease;
    this.sign = sign;
    this.name = `${hostname().replace(/[^\w.-]/g, '_')}-${process.pid}-${randomBytes(3).toString('hex')}`;
    this.renew();
    this.timer = setInterval(() => this.renew(), Math.min(5000, 250 * lease));
    this.timer.unref();
  }

  /** Whether this process may work on a chunk. Where no claim can be written it may: the work may be done twice. */
  take(chunk: string): boolean {
    const file = join(this.directory, chunk);
    let descriptor: number;
    try {
      descriptor = openSync(file, 'wx');
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EEXIST' ? this.takeOver(chunk, file) : true;
    }
    try {
      writeSync(descriptor, this.name);
      this.held.add(chunk);
    } catch {
      rmSync(file, { force: true }); // a claim that names nobody would keep others waiting
    } finally {
      closeSync(descriptor);
    }
    return true;
  }

  /** Takes a claim that is there, if its owner is gone. */
  private takeOver(chunk: string, file: string): boolean {
    const owner = this.ownerOf(file);
    if (owner === '' ? this.isNew(file) : owner !== this.name && this.isAlive(owner)) return false;
    // Of several that take over at once the last one has it.
    const mine = `${file}.${this.name}`;
    try {
      writeFileSync(mine, this.name);
      renameSync(mine, file);
      this.held.add(chunk);
    } catch {
      rmSync(mine, { force: true });
    }
    return true;
  }

  /** Gives a chunk back, unless another process has taken it over. */
  release(chunk: string): void {
    if (!this.held.delete(chunk)) return;
    const file = join(this.directory, chunk);
    try {
      if (readFileSync(file, 'utf8') === this.name) rmSync(file, { force: true });
    } catch {
      // It is gone, or stays until others see that this process is.
    }
  }

  /** Gives back everything, the sign of life last. */
  close(): void {
    clearInterval(this.timer);
    for (const chunk of this.held) this.release(chunk);
    try {
      this.sweepUp();
      rmSync(join(this.directory, `${this.name}${SIGN}`), { force: true });
    } catch {
      // A sign without a process expires.
    }
  }

  private renew(): void {
    try {
      mkdirSync(this.directory, { recursive: true });
      const file = join(this.directory, `${this.name}${SIGN}`);
      writeFileSync(file, JSON.stringify(this.sign()));
      // The clock of the disk, which the other hosts see, may not be ours.
      this.clock = { said: statSync(file).mtimeMs, at: performance.now() };
    } catch {
      // A disk that takes no sign takes no records either, and that is told.
    }
  }

  private ownerOf(file: string): string {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return '';
    }
  }

  /** Between being made and being written a claim names nobody. */
  private isNew(file: string): boolean {
    try {
      return this.now() - statSync(file).mtimeMs < NAMELESS;
    } catch {
      return false;
    }
  }

  /** By the disk's clock, ms. */
  private now(): number {
    return this.clock.said + performance.now() - this.clock.at;
  }

  private isAlive(owner: string): boolean {
    const known = this.seen.get(owner);
    const at = performance.now();
    if (known && at - known.at < 500) return known.alive;
    const alive = stateOf(this.directory, owner, this.now())?.alive === true;
    this.seen.set(owner, { alive, at });
    return alive;
  }

  /** Takes away what dead processes have left, once their lease is over. */
  private sweepUp(): void {
    for (const name of readdirSync(this.directory)) {
      const owner = name.endsWith(SIGN) ? name.slice(0, -SIGN.length) : this.ownerOf(join(this.directory, name));
      if (owner === this.name || owner === '') continue;
      const file = join(this.directory, name);
      const old = this.clock.said - statSync(file).mtimeMs > 1000 * this.lease;
      if (old && !this.isAlive(owner)) rmSync(file, { force: true });
    }
  }
}

/** A process by its sign; undefined when there is none. @param now by the disk's clock, ms */
function stateOf(directory: string, name: string, now: number): Omit<Process, 'claims'> | undefined {
  const file = join(directory, `${name}${SIGN}`);
  try {
    const age = Math.max(0, (now - statSync(file).mtimeMs) / 1000);
    const sign = JSON.parse(readFileSync(file, 'utf8') || 'null') as Sign | null;
    if (sign === null) return undefined;
    const gone = sign.host === hostname() && !isThere(sign.pid);
    return { ...sign, name, age, alive: !gone && age < sign.lease };
  } catch {
    return undefined;
  }
}

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
  const claims = new Map<string, number>();
  for (const name of names) {
    if (name.endsWith(SIGN)) continue;
    try {
      const owner = readFileSync(join(directory, name), 'utf8');
      claims.set(owner, (claims.get(owner) ?? 0) + 1);
    } catch {
      // Given back a moment ago.
    }
  }
  return names
    .filter((name) => name.endsWith(SIGN))
    .flatMap((name) => {
      const one = stateOf(directory, name.slice(0, -SIGN.length), Date.now());
      return one ? [{ ...one, claims: claims.get(one.name) ?? 0 }] : [];
    });
}

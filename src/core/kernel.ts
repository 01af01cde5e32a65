/**
 * The host of the WebAssembly kernels (assembly/): one instance per thread, made on first use.
 *
 * Linear memory belongs to whoever holds it: a long-lived user (a training run) owns the block at the bottom,
 * short-lived calls use the scratch space above it. When another owner comes, the block is copied out and comes back,
 * to the same addresses, as soon as its owner needs it again: any number of runs may be alive, none frees anything.
 *
 * Uses only what Node and browsers share: `WebAssembly` and `atob`.
 */
import { WASM } from './kernel.wasm.ts';

// The part of the WebAssembly and base64 interfaces that is used; the DOM's types are not part of this program.
interface Memory {
  readonly buffer: ArrayBuffer;
  /** by pages of 64 KiB */
  grow(pages: number): number;
}
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
};
declare const atob: (text: string) => string;

/** What assembly/index.ts exports. Addresses are bytes in linear memory. */
export interface Exports {
  readonly memory: Memory;
  heapBase(): number;
  // one training run, whose header lies at `run`: see assembly/train.ts
  /** arrays behind the header; returns the first free address */
  layOut(run: number): number;
  packGram(run: number, gram: number): void;
  /** after the host has filled the arrays */
  beginFrozen(run: number): void;
  beginIncrements(run: number): void;
  /** trains until step `until` or the end; returns why it stopped */
  advance(run: number, until: number): number;
  /** single steps; update returns 0 when nothing moved */
  forward(run: number): void;
  update(run: number): number;
  /** as `forward`, and always with the pre-activations */
  forwardByDefinition(run: number): void;
  /** outputs by the filters' pre-activations: see assembly/deep-up.ts */
  forwardFromFilters(deep: number): void;
  /** brings the pre-activations of assembly/frozen-phase.ts up to date */
  thawFrozen(run: number): void;
  // random streams: the name is five u32, see startStream in assembly/random.ts
  philox(c0: number, c1: number, c2: number, c3: number, k0: number, k1: number, out: number): void;
  makeZiggurat(): void;
  startStream(name: number, purpose: number, index: number): void;
  uniform(): number;
  normal(): number;
  chi(k: number): number;
  gaussianRows(
    name: number,
    normals: number,
    chis: number,
    rows: number,
    first: number,
    d: number,
    scale: number,
    stride: number,
    out: number,
  ): void;
  // dense linear algebra, see assembly/algebra.ts
  transpose(from: number, rows: number, columns: number, to: number, stride: number): void;
  product(a: number, rows: number, inner: number, b: number, stride: number, out: number): void;
  /** B's numbers lie kStep and jStep bytes apart */
  largeProduct(
    a: number,
    rows: number,
    inner: number,
    b: number,
    kStep: number,
    jStep: number,
    columns: number,
    symmetric: boolean,
    continued: boolean,
    scratch: number,
    out: number,
  ): void;
  largeScratch(columns: number): number;
  factorLQ(work: number, rows: number, columns: number, stride: number, x: number, factors: number): void;
  // sparse rows, see assembly/sparse.ts
  sparseProducts(a: number, stride: number, start: number, at: number, values: number, rows: number, out: number): void;
  sparsePulls(
    pulls: number,
    stride: number,
    start: number,
    at: number,
    values: number,
    changes: number,
    which: number,
    count: number,
  ): void;
  /** fills the means of the LineSampling at this address */
  sampleLines(at: number): void;
  /** a run from its draws to its numbers: see assembly/whole-run.ts; returns the first free address, and a Whole */
  layOutWhole(at: number): number;
  wholeRun(at: number, end: number): number;
  /**
   * plain Monte Carlo, see assembly/points.ts: starts the stream; adds the next points to the PointSampling at this
   * address
   */
  startPoints(name: number, purpose: number): void;
  samplePoints(at: number, points: number): void;
  exp(x: number): number;
  log(x: number): number;
  normalTail(x: number): number;
  normalQuantile(u: number): number;
  /** eight exponentials, two quantiles in place */
  exp8(at: number): void;
  normalQuantile2(at: number): void;
}

/** Someone whose block must stay: the addresses in it are its own. */
export interface Owner {
  /** filled while another owner has the memory */
  saved?: Uint8Array | undefined;
}

const PAGE = 65536;

/** Beyond this many f64 (512 MB) callers take the reference: linear memory ends at 4 GB and never shrinks. */
export const LARGEST = 2 ** 26;

export class Kernel {
  readonly exports: Exports;
  /** address of every owner's block */
  readonly base: number;
  private owner: Owner | undefined;
  /** first address behind the owner's block */
  private scratch: number;
  private next: number;
  private bytes: Uint8Array;
  private numbers: Float64Array;
  private words: Int32Array;

  constructor() {
    this.exports = new WebAssembly.Instance(compiled(), {}).exports as Exports;
    this.base = (this.exports.heapBase() + 63) & ~63;
    this.scratch = this.next = this.base;
    const { buffer } = this.exports.memory;
    [this.bytes, this.numbers, this.words] = [new Uint8Array(buffer), new Float64Array(buffer), new Int32Array(buffer)];
  }

  /** All of memory as f64; valid until the next call that may grow it. */
  get f64(): Float64Array {
    return this.numbers;
  }

  /** All of memory as i32; valid until the next call that may grow it. */
  get i32(): Int32Array {
    return this.words;
  }

  /** Gives the block at `base`, `size` bytes long, to a new owner. Its content is not cleared. */
  claim(owner: Owner, size: number): void {
    this.evict();
    this.ensure(this.base + size);
    this.owner = owner;
    this.scratch = this.next = align(this.base + size);
  }

  /** Makes the present owner's block larger; what is in it stays. */
  extend(owner: Owner, size: number): void {
    if (this.owner !== owner) throw new RangeError('not the owner of kernel memory');
    this.ensure(this.base + size);
    this.scratch = this.next = align(this.base + size);
  }

  /** Its owner's block need not be kept. */
  release(owner: Owner): void {
    if (this.owner === owner) this.owner = undefined;
    owner.saved = undefined;
  }

  /** Brings an owner's block back to memory if it was copied out. Ends all scratch space when it does. */
  hold(owner: Owner): void {
    if (this.owner === owner) return;
    const { saved } = owner;
    if (!saved) throw new RangeError('not an owner of kernel memory');
    this.claim(owner, saved.length);
    this.bytes.set(saved, this.base);
    owner.saved = undefined;
  }

  /** The owner's block in memory, live. Valid until the next call that may grow it. */
  block(owner: Owner): Uint8Array {
    if (this.owner !== owner) throw new RangeError('not the owner of kernel memory');
    return this.bytes.subarray(this.base, this.scratch);
  }

  /** Forgets all scratch space: for one call of a kernel, what the last one took is free again. */
  freeScratch(): void {
    this.next = this.scratch;
  }

  /**
   * The address of `size` bytes of scratch space, aligned to 64. May grow memory: take everything, then use the views.
   */
  take(size: number): number {
    const at = this.next;
    this.next = align(at + size);
    this.ensure(this.next);
    return at;
  }

  private evict(): void {
    if (this.owner) this.owner.saved = this.bytes.slice(this.base, this.scratch);
    this.owner = undefined;
  }

  private ensure(end: number): void {
    const missing = end - this.bytes.length;
    if (missing <= 0) return;
    this.exports.memory.grow(Math.ceil(missing / PAGE)); // throws RangeError when there is no more
    const { buffer } = this.exports.memory;
    [this.bytes, this.numbers, this.words] = [new Uint8Array(buffer), new Float64Array(buffer), new Int32Array(buffer)];
  }
}

const align = (address: number): number => Math.ceil(address / 64) * 64;

let module: object | undefined;

/** This thread's kernel, compiled: a page hands it to its workers. */
export const compiled = (): object =>
  (module ??= new WebAssembly.Module(Uint8Array.from(atob(WASM), (character) => character.charCodeAt(0))));

/** Before first use: the kernel as another thread, or a page that has it as a file, has compiled it. */
export function useCompiled(kernel: object): void {
  module ??= kernel;
}

let instance: Kernel | undefined;

/** This thread's kernel. */
export const kernel = (): Kernel => (instance ??= new Kernel());

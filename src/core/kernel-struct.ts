/** The kernels' structs, read and written by the names of their fields (kernel.layout.ts, made by the kernels' build). */
import { kernel, type Kernel } from './kernel.ts';

/** A number among the i32 or the f64 of a struct. */
export type Scalar = { readonly i32: number } | { readonly f64: number };
/** The address of an array. */
export interface Pointer {
  readonly address: number;
}

type Fields = Readonly<Record<string, Scalar | Pointer>>;
/** Numbers of 8 bytes in each array of a struct; undefined: none, address 0. */
export type Lengths<S extends Fields> = {
  readonly [Name in keyof S as S[Name] extends Pointer ? Name : never]: number | undefined;
};

/** One struct in the memory of this thread's kernel, at an address that is a multiple of 8. */
export class Struct {
  readonly at: number;
  private readonly host: Kernel = kernel();

  constructor(at: number) {
    this.at = at;
  }

  get(field: Scalar): number {
    const { i32, f64 } = this.host;
    return 'i32' in field ? i32[this.at / 4 + field.i32]! : f64[this.at / 8 + field.f64]!;
  }

  set(field: Scalar, value: number): void {
    const { i32, f64 } = this.host;
    if ('i32' in field) i32[this.at / 4 + field.i32] = value;
    else f64[this.at / 8 + field.f64] = value;
  }

  /** Address of an array in bytes. */
  address(field: Pointer): number {
    return this.host.i32[this.at / 4 + field.address]!;
  }

  /** Where an array lies, as an index into the kernel's f64. */
  array(field: Pointer): number {
    return this.address(field) / 8;
  }

  point(field: Pointer, address: number): void {
    this.host.i32[this.at / 4 + field.address] = address;
  }
}

/** Scratch space for a struct, all 0, and for its arrays, as they are. */
export function takeStruct<S extends Fields>(fields: S, size: number, lengths: Lengths<S>): Struct {
  const host = kernel();
  const struct = new Struct(host.take(size));
  host.i32.fill(0, struct.at / 4, (struct.at + size) / 4);
  for (const name in lengths) {
    const length = lengths[name as keyof typeof lengths];
    if (length !== undefined) struct.point(fields[name] as Pointer, host.take(8 * length));
  }
  return struct;
}

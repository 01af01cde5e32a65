/** Random streams in the kernel: the numbers of random.ts, bit by bit. */
import { kernel, LARGEST } from './kernel.ts';
import { PURPOSES, type Purpose, type StreamKey } from './random.ts';
import { gaussianRows as reference, type RowLaw } from './rows.ts';

/** Writes a stream key's name, five 32-bit words, to scratch space. */
export function writeName(key: StreamKey, words: Int32Array, at: number): void {
  words[at] = key.seed >>> 0;
  words[at + 1] = Math.floor(key.seed / 4294967296);
  words[at + 2] = key.cell[0];
  words[at + 3] = key.cell[1];
  words[at + 4] = key.replicate;
}

/** `count` draws of one stream: standard normals, uniforms on [0, 1) or chis. For tests and short vectors. */
export function fill(
  law: 'normal' | 'uniform' | { readonly chi: number },
  key: StreamKey,
  purpose: Purpose,
  index: number,
  count: number,
): Float64Array {
  const host = kernel();
  host.freeScratch();
  const name = host.take(20);
  writeName(key, host.i32, name / 4);
  const { exports } = host;
  exports.makeZiggurat();
  exports.startStream(name, PURPOSES[purpose], index);
  return Float64Array.from({ length: count }, () =>
    law === 'normal' ? exports.normal() : law === 'uniform' ? exports.uniform() : exports.chi(law.chi),
  );
}

/** As `gaussianRows` in rows.ts, which also does what would need too much of the kernel's memory. */
export function gaussianRows(law: RowLaw, key: StreamKey): Float64Array {
  const { rows, columns } = law;
  if (rows * columns > LARGEST) return reference(law, key);
  const host = kernel();
  host.freeScratch();
  const name = host.take(20);
  const out = host.take(8 * rows * columns);
  writeName(key, host.i32, name / 4);
  host.exports.gaussianRows(
    name,
    PURPOSES[law.normals],
    PURPOSES[law.chis],
    rows,
    law.first,
    law.ambient,
    law.scale,
    columns,
    out,
  );
  return host.f64.slice(out / 8, out / 8 + rows * columns);
}

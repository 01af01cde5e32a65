/** Random streams in the kernel: the numbers of random.ts, bit by bit. */
import { layout, sizes } from './kernel.layout.ts';
import { kernel, LARGEST } from './kernel.ts';
import { takeStruct } from './kernel-struct.ts';
import { PURPOSES, type Purpose, type StreamKey } from './random.ts';
import { gaussianRows as reference, type RowLaw } from './rows.ts';

const { StreamName } = layout;

/** The address of a stream key's name, written to scratch space. */
export function takeName({ seed, cell, replicate }: StreamKey): number {
  const name = takeStruct(StreamName, sizes.StreamName, {});
  name.set(StreamName.seedLow, seed >>> 0);
  name.set(StreamName.seedHigh, Math.floor(seed / 4294967296));
  name.set(StreamName.cellHigh, cell[0]);
  name.set(StreamName.cellLow, cell[1]);
  name.set(StreamName.replicate, replicate);
  return name.at;
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
  const name = takeName(key);
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
  const name = takeName(key);
  const out = host.take(8 * rows * columns);
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

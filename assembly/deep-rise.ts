/**
 * The product of a pass up the layers (src/dynamics/deep/products.ts). What the layers give lies column by column (a patch
 * or a sample), the units of a column side by side, rows of weights likewise: the even and the odd partial sum are the two
 * lanes of a vector.
 */

/** Two units of a column: the sums of their lanes, and the bias. */
// @ts-ignore: decorator
@inline
function ends(even: v128, odd: v128, bias: v128): v128 {
  return f64x2.add(f64x2.add(i64x2.shuffle(even, odd, 0, 2), i64x2.shuffle(even, odd, 1, 3)), bias);
}

/** Two units of four columns, or of one. `four` is a literal. */
// @ts-ignore: decorator
@inline
function riseTile(four: bool, x: usize, xStep: usize, w: usize, wStep: usize, bytes: usize, bias: v128, out: usize, outStep: usize): void {
  const x1 = four ? x + xStep : 0;
  const x2 = four ? x1 + xStep : 0;
  const x3 = four ? x2 + xStep : 0;
  const v = w + wStep;
  let a0 = f64x2.splat(0);
  let a1 = f64x2.splat(0);
  let a2 = f64x2.splat(0);
  let a3 = f64x2.splat(0);
  let b0 = f64x2.splat(0);
  let b1 = f64x2.splat(0);
  let b2 = f64x2.splat(0);
  let b3 = f64x2.splat(0);
  let at: usize = 0;
  for (; at + 32 <= bytes; at += 32) {
    const a = v128.load(w + at);
    const b = v128.load(v + at);
    const y0 = v128.load(x + at);
    a0 = f64x2.add(a0, f64x2.mul(a, y0));
    b0 = f64x2.add(b0, f64x2.mul(b, y0));
    if (four) {
      const y1 = v128.load(x1 + at);
      a1 = f64x2.add(a1, f64x2.mul(a, y1));
      b1 = f64x2.add(b1, f64x2.mul(b, y1));
      const y2 = v128.load(x2 + at);
      a2 = f64x2.add(a2, f64x2.mul(a, y2));
      b2 = f64x2.add(b2, f64x2.mul(b, y2));
      const y3 = v128.load(x3 + at);
      a3 = f64x2.add(a3, f64x2.mul(a, y3));
      b3 = f64x2.add(b3, f64x2.mul(b, y3));
    }
    const c = v128.load(w + at, 16);
    const d = v128.load(v + at, 16);
    const z0 = v128.load(x + at, 16);
    a0 = f64x2.add(a0, f64x2.mul(c, z0));
    b0 = f64x2.add(b0, f64x2.mul(d, z0));
    if (four) {
      const z1 = v128.load(x1 + at, 16);
      a1 = f64x2.add(a1, f64x2.mul(c, z1));
      b1 = f64x2.add(b1, f64x2.mul(d, z1));
      const z2 = v128.load(x2 + at, 16);
      a2 = f64x2.add(a2, f64x2.mul(c, z2));
      b2 = f64x2.add(b2, f64x2.mul(d, z2));
      const z3 = v128.load(x3 + at, 16);
      a3 = f64x2.add(a3, f64x2.mul(c, z3));
      b3 = f64x2.add(b3, f64x2.mul(d, z3));
    }
  }
  if (at < bytes) {
    const a = v128.load(w + at);
    const b = v128.load(v + at);
    const y0 = v128.load(x + at);
    a0 = f64x2.add(a0, f64x2.mul(a, y0));
    b0 = f64x2.add(b0, f64x2.mul(b, y0));
    if (four) {
      const y1 = v128.load(x1 + at);
      a1 = f64x2.add(a1, f64x2.mul(a, y1));
      b1 = f64x2.add(b1, f64x2.mul(b, y1));
      const y2 = v128.load(x2 + at);
      a2 = f64x2.add(a2, f64x2.mul(a, y2));
      b2 = f64x2.add(b2, f64x2.mul(b, y2));
      const y3 = v128.load(x3 + at);
      a3 = f64x2.add(a3, f64x2.mul(a, y3));
      b3 = f64x2.add(b3, f64x2.mul(b, y3));
    }
  }
  v128.store(out, ends(a0, b0, bias));
  if (four) {
    out += outStep;
    v128.store(out, ends(a1, b1, bias));
    out += outStep;
    v128.store(out, ends(a2, b2, bias));
    out += outStep;
    v128.store(out, ends(a3, b3, bias));
  }
}

/**
 * out_cj = (sum over even u of w_ju x_cu) + (sum over odd u of w_ju x_cu) + bias_j, steps between rows in bytes.
 *
 * @param x columns x inner; where `inner` is odd a 0 stands behind every row of x and w
 * @param w units x inner, one row more where `units` is odd
 */
export function rise(x: usize, xStep: usize, columns: i32, w: usize, wStep: usize, inner: i32, units: i32, bias: usize, out: usize, outStep: usize): void {
  const bytes = <usize>((inner + 1) & ~1) << 3;
  const width = <usize>((units + 1) & ~1) << 3;
  let c = 0;
  for (; c + 4 <= columns; c += 4) {
    let row = w;
    for (let j: usize = 0; j < width; j += 16) {
      riseTile(true, x, xStep, row, wStep, bytes, v128.load(bias + j), out + j, outStep);
      row += wStep << 1;
    }
    x += xStep << 2;
    out += outStep << 2;
  }
  for (; c < columns; c++) {
    let row = w;
    for (let j: usize = 0; j < width; j += 16) {
      riseTile(false, x, xStep, row, wStep, bytes, v128.load(bias + j), out + j, outStep);
      row += wStep << 1;
    }
    x += xStep;
    out += outStep;
  }
}

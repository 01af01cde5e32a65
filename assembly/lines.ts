/**
 * Line sampling of the test error: the operations of src/observables/test-error.ts in the same order. Four lines are
 * projected at a time, one in each lane of two vectors; kinks and segments are walked line by line.
 */
import { get, set } from './memory';
import { centralQuantile2, isCentral2, normalTail, tailQuantile2 } from './special';
import { startStream, uniform } from './random';

/** Everything about one network; the host fills it (src/observables/lines-kernel.ts). */
@unmanaged
export class LineSampling {
  filters: i32;
  rank: i32;
  lines: i32;
  shifts: i32;
  groups: i32;
  atoms: i32;
  /** number of the purpose `test` */
  purpose: i32;
  reserved: i32;
  leak: f64;
  /** u32 x 5: name of the run's streams */
  name: usize;
  /** f64, filters x rank, lower trapezoidal */
  l: usize;
  /** f64, filters */
  weights: usize;
  /** f64, groups x filters */
  offsets: usize;
  /** f64 x 4 an atom: probability, label, fixed, group */
  atomTable: usize;
  /** f64, rank: generating vector of the lattice */
  generator: usize;
  /** f64, shifts: the result, one mean a shift */
  means: usize;
  // scratch
  /** f64, rank */
  direction: usize;
  /** f64, filters */
  slopes: usize;
  /** f64, rank */
  shift: usize;
  /** fours of lines, rank */
  z: usize;
  /** fours of lines, filters */
  heights: usize;
  /** f64, filters: heights of one line in one group */
  line: usize;
  /** f64, filters: kinks in order; i32, filters: whose they are; both twice, for merging */
  kinks: usize;
  order: usize;
  kinksBeside: usize;
  orderBeside: usize;
  /** f64, filters + 2: of each segment between kinks, (1 - leak) times the active height, the slope, the right end */
  segmentHeights: usize;
  segmentSlopes: usize;
  segmentEnds: usize;
  /** f64, rank: the lattice's next coordinates, times the number of lines */
  residues: usize;
  /** coordinates whose quantile lies in a tail: f64 number, i32 address; 4 rank + 1 entries of 16 bytes */
  tails: usize;
  /** what filter r adds when t passes its kink: to the count of active ones (+-1), to the height's factor, to the slope; f64 x 4, filters */
  turns: usize;
}

/** u along Lᵀa and the slopes L u. */
function direct(s: LineSampling): void {
  const filters = s.filters;
  const rank = s.rank;
  const l = s.l;
  const weights = s.weights;
  const direction = s.direction;
  const slopes = s.slopes;
  memory.fill(direction, 0, <usize>rank << 3);
  for (let r = 0; r < filters; r++) {
    for (let k = 0; k < min(rank, r + 1); k++) set(direction, k, get(direction, k) + get(weights, r) * get(l, r * rank + k));
  }
  let square: f64 = 0;
  for (let k = 0; k < rank; k++) square += get(direction, k) * get(direction, k);
  const norm = Math.sqrt(square);
  if (norm > 0) for (let k = 0; k < rank; k++) set(direction, k, get(direction, k) / norm);
  else if (rank > 0) set(direction, 0, 1);
  for (let r = 0; r < filters; r++) {
    let slope: f64 = 0;
    for (let k = 0; k < min(rank, r + 1); k++) slope += get(l, r * rank + k) * get(direction, k);
    set(slopes, r, slope);
    const turn = s.turns + (<usize>r << 5);
    const weight = slope > 0 ? get(weights, r) : -get(weights, r);
    store<f64>(turn, slope > 0 ? 1 : -1);
    store<f64>(turn, weight, 8);
    store<f64>(turn, weight * slope, 16);
  }
}

/** Orders the filters with a slope by their kinks, ties by index; returns how many there are. */
function sortKinks(s: LineSampling): i32 {
  const filters = s.filters;
  const slopes = s.slopes;
  const line = s.line;
  const few = filters <= 64;
  const kinks = few ? s.kinksBeside : s.kinks;
  const order = few ? s.orderBeside : s.order;
  let count = 0;
  for (let r = 0; r < filters; r++) {
    const slope = get(slopes, r);
    if (slope == 0) continue;
    set(kinks, count, -get(line, r) / slope);
    store<i32>(order + (<usize>count << 2), r);
    count++;
  }
  if (few) sortByRank(s, count);
  else mergeSort(s, count);
  return count;
}

/** Puts every kink where the number of smaller ones says, without a branch that depends on the numbers. */
function sortByRank(s: LineSampling, count: i32): void {
  const from = s.kinksBeside;
  const names = s.orderBeside;
  const end = from + (<usize>count << 3);
  set(from, count, Infinity); // the other half of the last pair: never smaller
  for (let i = 0; i < count; i++) {
    const kink = v128.load64_splat(from + (<usize>i << 3));
    // Equal kinks keep their order: those before this one count as smaller, those after it do not.
    let smaller = i64x2.splat(0);
    let at = from;
    const own = from + (<usize>((i + 1) & ~1) << 3);
    for (; at < own; at += 16) smaller = i64x2.sub(smaller, f64x2.le(v128.load(at), kink));
    for (; at < end; at += 16) smaller = i64x2.sub(smaller, f64x2.lt(v128.load(at), kink));
    // For an odd i, the first loop has counted this one itself.
    const rank = <i32>(i64x2.extract_lane(smaller, 0) + i64x2.extract_lane(smaller, 1)) - (i & 1);
    set(s.kinks, rank, f64x2.extract_lane(kink, 0));
    store<i32>(s.order + (<usize>rank << 2), load<i32>(names + (<usize>i << 2)));
  }
}

/** Bottom-up and stable. */
function mergeSort(s: LineSampling, count: i32): void {
  for (let width = 1; width < count; width <<= 1) {
    const kinks = s.kinks;
    const order = s.order;
    const toKinks = s.kinksBeside;
    const toOrder = s.orderBeside;
    let at = 0;
    for (let start = 0; start < count; start += 2 * width) {
      const middle = min(start + width, count);
      const end = min(start + 2 * width, count);
      let i = start;
      let j = middle;
      while (at < end) {
        const from = j >= end || (i < middle && !(get(kinks, i) > get(kinks, j))) ? i++ : j++;
        set(toKinks, at, get(kinks, from));
        store<i32>(toOrder + (<usize>at << 2), load<i32>(order + (<usize>from << 2)));
        at++;
      }
    }
    s.kinks = toKinks;
    s.order = toOrder;
    s.kinksBeside = kinks;
    s.orderBeside = order;
  }
}

/** P(low < Z < high). */
function intervalProbability(low: f64, high: f64): f64 {
  if (low >= 0) return normalTail(low) - normalTail(high);
  if (high <= 0) return normalTail(-high) - normalTail(-low);
  return 1 - normalTail(high) - normalTail(-low);
}

// Sums over filters that every atom of a group starts from.
let allHeight: f64 = 0;
let allSlope: f64 = 0;
let firstHeight: f64 = 0;
let firstSlope: f64 = 0;
let firstActive: i32 = 0;

function sumUp(s: LineSampling): void {
  const filters = s.filters;
  const line = s.line;
  const slopes = s.slopes;
  const a = s.weights;
  let height: f64 = 0;
  let slope: f64 = 0;
  let activeHeight: f64 = 0;
  let activeSlope: f64 = 0;
  let active = 0;
  for (let r = 0; r < filters; r++) {
    const ah = get(a, r) * get(line, r);
    const as = get(a, r) * get(slopes, r);
    height += ah;
    slope += as;
    if (get(slopes, r) < 0 || (get(slopes, r) == 0 && get(line, r) > 0)) {
      activeHeight += ah;
      activeSlope += as;
      active++;
    }
  }
  allHeight = height;
  allSlope = slope;
  firstHeight = activeHeight;
  firstSlope = activeSlope;
  firstActive = active;
}

/** P(label * (fixed + noise(t)) <= 0), segment by segment from t = -infinity. */
function walk(s: LineSampling, label: f64, fixed: f64, finite: i32): f64 {
  const line = s.line;
  const slopes = s.slopes;
  const kinks = s.kinks;
  const order = s.order;
  const leak = s.leak;
  const a = s.weights;
  let active = firstActive;
  let activeHeight = firstHeight;
  let activeSlope = firstSlope;
  let probability: f64 = 0;
  let entered = -Infinity;
  let start = -Infinity;
  let inError = false;
  for (let at = 0; at <= finite; at++) {
    if (at > 0) {
      const r = load<i32>(order + (<usize>(at - 1) << 2));
      const up = get(slopes, r) > 0;
      const sign: f64 = up ? 1 : -1;
      active += up ? 1 : -1;
      activeHeight += sign * get(a, r) * get(line, r);
      activeSlope += sign * get(a, r) * get(slopes, r);
      if (active == 0) {
        activeHeight = 0;
        activeSlope = 0;
      }
    }
    const height = label * (fixed + leak * allHeight + (1 - leak) * activeHeight);
    const slope = label * (leak * allSlope + (1 - leak) * activeSlope);
    if (at == 0) inError = slope > 0 || (slope == 0 && height <= 0);
    const end = at < finite ? get(kinks, at) : Infinity;
    const errorAtEnd = end == Infinity ? slope < 0 || (slope == 0 && height <= 0) : height + slope * end <= 0;
    if (errorAtEnd != inError) {
      const root = slope == 0 ? start : Math.min(end, Math.max(start, -height / slope));
      if (errorAtEnd) entered = root;
      else probability += intervalProbability(entered, root);
      inError = errorAtEnd;
    }
    start = end;
  }
  return inError ? probability + intervalProbability(entered, Infinity) : probability;
}

/** The segments that all atoms of a group share, from t = -infinity. */
function cut(s: LineSampling, finite: i32): void {
  const line = s.line;
  const kinks = s.kinks;
  const order = s.order;
  const turns = s.turns;
  const gain = 1 - s.leak;
  const always = s.leak * allSlope;
  let active = <f64>firstActive;
  let height = firstHeight;
  let slope = firstSlope;
  set(s.segmentHeights, 0, gain * height);
  set(s.segmentSlopes, 0, always + gain * slope);
  for (let at = 0; at < finite; at++) {
    set(s.segmentEnds, at, get(kinks, at));
    const r = load<i32>(order + (<usize>at << 2));
    const turn = turns + (<usize>r << 5);
    active += load<f64>(turn);
    height = active == 0 ? 0 : height + load<f64>(turn, 8) * get(line, r);
    slope = active == 0 ? 0 : slope + load<f64>(turn, 16);
    set(s.segmentHeights, at + 1, gain * height);
    set(s.segmentSlopes, at + 1, always + gain * slope);
  }
  set(s.segmentEnds, finite, Infinity);
  set(s.segmentEnds, finite + 1, 0);
}

/** As `walk`, from the segments, for at most 64 of them: first whether each ends in error, then only where that changes. */
function leap(s: LineSampling, label: f64, fixed: f64, finite: i32): f64 {
  const base = fixed + s.leak * allHeight;
  const labels = f64x2.splat(label);
  const bases = f64x2.splat(base);
  const none = f64x2.splat(0);
  let errors: u64 = 0;
  for (let at = 0; at <= finite; at += 2) {
    const height = f64x2.mul(labels, f64x2.add(bases, v128.load(s.segmentHeights + (<usize>at << 3))));
    const slope = f64x2.mul(labels, v128.load(s.segmentSlopes + (<usize>at << 3)));
    const end = v128.load(s.segmentEnds + (<usize>at << 3));
    const level = v128.and(v128.and(f64x2.eq(end, f64x2.splat(Infinity)), f64x2.eq(slope, none)), f64x2.le(height, none));
    errors |= <u64>i64x2.bitmask(v128.or(level, f64x2.le(f64x2.add(height, f64x2.mul(slope, end)), none))) << at;
  }
  errors &= u64.MAX_VALUE >> (63 - finite);
  const firstSlope = label * get(s.segmentSlopes, 0);
  let inError = firstSlope > 0 || (firstSlope == 0 && label * (base + get(s.segmentHeights, 0)) <= 0);
  let changes = errors ^ ((errors << 1) | u64(inError));
  changes &= u64.MAX_VALUE >> (63 - finite);
  let probability: f64 = 0;
  let entered = -Infinity;
  for (; changes != 0; changes &= changes - 1) {
    const at = <i32>ctz(changes);
    const height = label * (base + get(s.segmentHeights, at));
    const slope = label * get(s.segmentSlopes, at);
    const start = at > 0 ? get(s.segmentEnds, at - 1) : -Infinity;
    const root = slope == 0 ? start : Math.min(get(s.segmentEnds, at), Math.max(start, -height / slope));
    if (inError) probability += intervalProbability(entered, root);
    else entered = root;
    inError = !inError;
  }
  return inError ? probability + intervalProbability(entered, Infinity) : probability;
}

/** P over t ~ N(0, 1) and the atoms, for the line in the given lane. */
function errorProbability(s: LineSampling, lane: usize): f64 {
  let probability: f64 = 0;
  for (let group = 0; group < s.groups; group++) {
    const offsets = s.offsets + (<usize>(group * s.filters) << 3);
    for (let r = 0; r < s.filters; r++) set(s.line, r, load<f64>(s.heights + (<usize>r << 5) + lane) + get(offsets, r));
    const finite = sortKinks(s);
    sumUp(s);
    const short = finite < 64;
    if (short) cut(s, finite);
    for (let atom = 0; atom < s.atoms; atom++) {
      const row = s.atomTable + (<usize>atom << 5);
      if (load<f64>(row, 24) == <f64>group) {
        const label = load<f64>(row, 8);
        const fixed = load<f64>(row, 16);
        probability += load<f64>(row) * (short ? leap(s, label, fixed, finite) : walk(s, label, fixed, finite));
      }
    }
  }
  return probability;
}

/** Two shifted coordinates of lattice points, in (0, 1), from their residues modulo the number of lines. */
// @ts-ignore: decorator
@inline
function shifted(residues: v128, lines: v128, shift: v128): v128 {
  const x = f64x2.add(f64x2.div(residues, lines), shift);
  const one = f64x2.splat(1);
  return f64x2.max(v128.bitselect(x, f64x2.sub(x, one), f64x2.lt(x, one)), f64x2.splat(5.551115123125783e-17));
}

/** The next line's residue, from that of this one. */
// @ts-ignore: decorator
@inline
function following(residue: f64, step: f64, lines: f64): f64 {
  const next = residue + step;
  return next < lines ? next : next - lines;
}

/** Stores the quantiles of two numbers, and lists those in the tails for `doTails`. Returns where the list ends. */
// @ts-ignore: decorator
@inline
function quantiles(u: v128, to: usize, list: usize): usize {
  v128.store(to, centralQuantile2(u));
  const central = i64x2.bitmask(isCentral2(u));
  store<f64>(list, f64x2.extract_lane(u, 0));
  store<usize>(list, to, 8);
  list += (~central & 1) << 4;
  store<f64>(list, f64x2.extract_lane(u, 1));
  store<usize>(list, to + 8, 8);
  return list + ((~central & 2) << 3);
}

/** Quantiles of the listed numbers, two at a time, without a branch on the numbers. */
function doTails(list: usize, end: usize): void {
  for (; list < end; list += 32) {
    const other = min(list + 16, end - 16);
    const z = tailQuantile2(v128.load64_lane(other, v128.load64_splat(list), 1));
    store<f64>(load<usize>(list, 8), f64x2.extract_lane(z, 0));
    store<f64>(load<usize>(other, 8), f64x2.extract_lane(z, 1));
  }
}

/** Heights of the next four lines. */
function project(s: LineSampling): void {
  const rank = s.rank;
  const lines = <f64>s.lines;
  const modulus = f64x2.splat(lines);
  let alongA = f64x2.splat(0);
  let alongB = f64x2.splat(0);
  let list = s.tails;
  for (let k = 0; k < rank; k++) {
    const step = get(s.generator, k);
    const r0 = get(s.residues, k);
    const r1 = following(r0, step, lines);
    const r2 = following(r1, step, lines);
    const r3 = following(r2, step, lines);
    set(s.residues, k, following(r3, step, lines));
    const shift = v128.load64_splat(s.shift + (<usize>k << 3));
    const z = s.z + (<usize>k << 5);
    list = quantiles(shifted(f64x2.replace_lane(f64x2.splat(r0), 1, r1), modulus, shift), z, list);
    list = quantiles(shifted(f64x2.replace_lane(f64x2.splat(r2), 1, r3), modulus, shift), z + 16, list);
  }
  doTails(s.tails, list);
  for (let k = 0; k < rank; k++) {
    const z = s.z + (<usize>k << 5);
    const u = v128.load64_splat(s.direction + (<usize>k << 3));
    alongA = f64x2.add(alongA, f64x2.mul(v128.load(z), u));
    alongB = f64x2.add(alongB, f64x2.mul(v128.load(z, 16), u));
  }
  for (let k = 0; k < rank; k++) {
    const z = s.z + (<usize>k << 5);
    const u = v128.load64_splat(s.direction + (<usize>k << 3));
    v128.store(z, f64x2.sub(v128.load(z), f64x2.mul(alongA, u)));
    v128.store(z, f64x2.sub(v128.load(z, 16), f64x2.mul(alongB, u)), 16);
  }
  for (let r = 0; r < s.filters; r++) {
    let gA = f64x2.splat(0);
    let gB = f64x2.splat(0);
    let l = s.l + (<usize>(r * rank) << 3);
    let z = s.z;
    for (const end = l + (<usize>min(rank, r + 1) << 3); l < end; l += 8) {
      const x = v128.load64_splat(l);
      gA = f64x2.add(gA, f64x2.mul(x, v128.load(z)));
      gB = f64x2.add(gB, f64x2.mul(x, v128.load(z, 16)));
      z += 32;
    }
    const heights = s.heights + (<usize>r << 5);
    v128.store(heights, gA);
    v128.store(heights, gB, 16);
  }
}

/** Fills `means`. */
export function sampleLines(s: LineSampling): void {
  direct(s);
  const lines = s.lines;
  for (let shift = 0; shift < s.shifts; shift++) {
    startStream(s.name, s.purpose, shift);
    for (let k = 0; k < s.rank; k++) set(s.shift, k, uniform());
    memory.fill(s.residues, 0, <usize>s.rank << 3);
    let total: f64 = 0;
    for (let i = 0; i < lines; i += 4) {
      project(s);
      for (let lane = 0; lane < min(4, lines - i); lane++) total += errorProbability(s, <usize>lane << 3);
    }
    set(s.means, shift, total / <f64>lines);
  }
}

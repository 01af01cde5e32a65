/** What the steps of incremental.ts keep in linear memory beside the header of Training. */
import { take } from './memory';
import { beginLayOut, Training } from './training';

/**
 * Bytes between the header of Training, of which n, perSample, filters, leak, the stop rule, labels, outputs, error and
 * weights are used, and this one.
 */
const BEHIND: usize = 256;
const HEADERS: usize = 512;

/** The other part of the header. R filters, D distinct patches in panels of eight, the last one padded with zeros. */
@unmanaged
export class Increments {
  // in i32 slots 0..7
  D: i32;
  panels: i32;
  refresh: i32;
  reserved0: i32;
  reserved1: i32;
  reserved2: i32;
  reserved3: i32;
  reserved4: i32;
  // counters, in f64 slots 4..7
  touched: f64;
  rows: f64;
  scratch: f64;
  reserved5: f64;
  // addresses, in i32 slots 16..: f64 unless said
  /** Gamma, [panel][row q][8 columns] */
  gamma: usize;
  /** h and dh, [panel][filter][8 of h, 8 of dh] */
  state: usize;
  /** [patch][filter] */
  z: usize;
  /** U, [patch][filter] */
  sums: usize;
  /** step at which U was last brought up to date, [patch][filter] */
  updated: usize;
  /** distinct patch of each patch, i32 */
  patchOf: usize;
  /** i32, D + 1 */
  holderStart: usize;
  /** i32 */
  holder: usize;
  /** E_p, D */
  errors: usize;
  /** u8, D */
  stale: usize;
  /** each filter's changes, R x D entries of 16 bytes: f64 delta, i32 offset of the row in a panel of Gamma */
  lists: usize;
  /** where each list ends, R i32 */
  ends: usize;
  /** dh starts from 0, R i32 */
  fresh: usize;
  /** patches on which a filter's sign turned, R x D i32 */
  turned: usize;
  /** where each of them ends, R i32 */
  turnEnds: usize;
  /** z other than 0 of each filter, and its corrections since dh was computed from scratch, R i32 */
  nonZero: usize;
  corrections: usize;
  /** g_p, eight for each panel */
  g: usize;
}

// @ts-ignore: decorator
@inline
export function incrementsOf(s: Training): Increments {
  return changetype<Increments>(changetype<usize>(s) + BEHIND);
}

/** Lays out the arrays behind headers whose sizes are set; returns the first free address. */
export function layOutIncrements(s: Training): usize {
  const w = incrementsOf(s);
  const D = <usize>w.D;
  const R = <usize>s.filters;
  const Q = <usize>(s.n * s.perSample);
  const panels = (D + 7) >> 3;
  w.panels = <i32>panels;
  beginLayOut(s, HEADERS);
  w.gamma = take(panels * D * 64);
  w.state = take(panels * R * 128);
  w.z = take(D * R * 8);
  w.sums = take(D * R * 8);
  w.updated = take(D * R * 8);
  w.patchOf = take(Q * 4);
  w.holderStart = take((D + 1) * 4);
  w.holder = take(Q * 4);
  w.errors = take(D * 8);
  w.stale = take(D);
  w.lists = take(R * D * 16);
  w.ends = take(R * 4);
  w.fresh = take(R * 4);
  w.turned = take(R * D * 4);
  w.turnEnds = take(R * 4);
  w.nonZero = take(R * 4);
  w.corrections = take(R * 4);
  w.g = take(panels * 64);
  return take(0);
}

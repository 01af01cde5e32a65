/** What the steps of incremental.ts keep in linear memory beside what every run has. */
import { take } from './memory';
import { panelsOf } from './patches';
import { beginLayOut, Training } from './training';

/** R filters, D distinct patches in panels of eight, the last one padded with zeros. */
@unmanaged
export class Increments extends Training {
  D: i32;
  panels: i32;
  refresh: i32;
  // counters
  touched: f64;
  rows: f64;
  scratch: f64;
  // addresses: of f64 unless said
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

/** Lays out the arrays behind a header whose sizes are set; returns the first free address. */
export function layOutIncrements(w: Increments): usize {
  const D = <usize>w.D;
  const R = <usize>w.filters;
  const Q = <usize>(w.n * w.perSample);
  w.panels = panelsOf(w.D);
  const panels = <usize>w.panels;
  beginLayOut(w, offsetof<Increments>());
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

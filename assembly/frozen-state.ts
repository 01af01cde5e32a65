/** What the steps of frozen.ts keep in linear memory beside what every run has. */
import { take } from './memory';
import { panelsOf } from './patches';
import { beginLayOut, Training } from './training';

/**
 * R filters; D distinct patches, rows of arrays over them padded with zeros to panels of
 * eight.
 */
@unmanaged
export class Frozen extends Training {
  D: i32;
  panels: i32;
  window: i32;
  inPhase: i32;
  /** dense steps to make before the next phase */
  pause: i32;
  nextPause: i32;
  stepsInWindow: i32;
  firstPause: i32;
  /** what a window may cost */
  worth: f64;
  work: f64;
  workAtWindow: f64;
  longestPause: f64;
  referenceSum: f64;
  clock: f64;
  next: f64;
  spread: f64;
  costOfSetting: f64;
  inVain: f64;
  // counters
  frozen: f64;
  plain: f64;
  phases: f64;
  flips: f64;
  sets: f64;
  looks: f64;
  // addresses: of f64 unless said
  /** row-major */
  gamma: usize;
  /** K, [panel][row q][8 columns] */
  kernel: usize;
  atStart: usize;
  present: usize;
  slopes: usize;
  shifts: usize;
  sums: usize;
  contributions: usize;
  /** E_p of the step to be made */
  errors: usize;
  /** i32 */
  live: usize;
  /** i32 */
  patchOf: usize;
  /** i32 */
  holderStart: usize;
  /** i32 */
  holder: usize;
  /** one sample that holds each patch, i32 */
  firstHolder: usize;
  /** patches with more than one, i32, and where the list ends */
  shared: usize;
  endOfShared: usize;
  /** one row */
  row: usize;
  /** factors other than 0 with the offset of their row, 16 bytes each */
  list: usize;
  l: usize;
  reference: usize;
  nextOfRow: usize;
  since: usize;
  margin: usize;
  speed: usize;
  due: usize;
  drift: usize;
  slack: usize;
  /** u8 */
  loose: usize;
  reach: usize;
  reachOff: usize;
  referenceErrors: usize;
  referenceSizes: usize;
  /** filters whose time is up, i32 */
  dueFilters: usize;
  /** pre-activations to look at: i32 filter, i32 offset in the arrays */
  looked: usize;
  /** those with a new sign: the same, and f64 h */
  turned: usize;
}

/** Bytes of a row over the patches. */
// @ts-ignore: decorator
@inline
export function pitch(w: Frozen): usize {
  return <usize>w.panels << 6;
}

/** Lays out the arrays behind a header whose sizes are set; returns the first free address. */
export function layOutFrozen(w: Frozen): usize {
  const n = <usize>((w.n + 3) & ~3);
  const D = <usize>w.D;
  const R = <usize>w.filters;
  const Q = <usize>(w.n * w.perSample);
  w.panels = panelsOf(w.D);
  const row = pitch(w);
  beginLayOut(w, offsetof<Frozen>());
  w.gamma = take(D * row);
  w.kernel = take(D * row);
  w.atStart = take(R * row);
  w.present = take(R * row);
  w.slopes = take(R * row);
  w.shifts = take(R * row);
  w.sums = take(row);
  w.contributions = take(row);
  w.errors = take(row);
  w.live = take(D * 4);
  w.patchOf = take(Q * 4);
  w.holderStart = take((D + 1) * 4);
  w.holder = take(Q * 4);
  w.firstHolder = take(D * 4);
  w.shared = take(D * 4);
  w.row = take(row);
  w.list = take((R > D ? R : D) * 16);
  w.l = take(n * 8);
  w.reference = take(n * 8);
  w.nextOfRow = take((R + 1) * 8);
  w.since = take(R * 8);
  w.margin = take(R * row);
  w.speed = take(R * row);
  w.due = take(R * row);
  w.drift = take(R * row);
  w.slack = take(R * row);
  w.loose = take(R * D);
  w.reach = take(row);
  w.reachOff = take(row);
  w.referenceErrors = take(row);
  w.referenceSizes = take(row);
  w.dueFilters = take((R + 2) * 4);
  w.looked = take((R * D + 1) * 8);
  w.turned = take((R * D + 1) * 16);
  return take(0);
}

/**
 * The engine of src/dynamics/frozen.ts, two samples or patches a vector: phases on the outputs alone (frozen-phase.ts)
 * under a watch (sign-watch.ts), with dense steps between them. The host is src/dynamics/frozen-kernel.ts.
 */
import { buildKernel, contribute, denseStep, moves, step, thaw } from './frozen-phase';
import { Frozen, pitch } from './frozen-state';
import { at4, at8, get, set } from './memory';
import { sumHolders, sumPatches } from './patches';
import { admit, beginWatch, look } from './sign-watch';
import { exp4 } from './special';

/** Slopes and contributions at the run's start, in arrays that hold 0. */
export function beginFrozen(w: Frozen): void {
  const row = pitch(w);
  set(w.nextOfRow, w.filters, Infinity); // the odd one's neighbour
  memory.copy(w.present, w.atStart, <usize>w.filters * row);
  for (let r = 0; r < w.filters; r++) {
    const first = <usize>r * row;
    for (let p = 0; p < w.D; p++) {
      const slope: f64 = get(w.atStart + first, p) > 0 ? 1 : w.leak;
      set(w.slopes + first, p, slope);
      if (slope != 0) store<i32>(at4(w.live, p), load<i32>(at4(w.live, p)) + 1);
    }
  }
  w.endOfShared = w.shared;
  for (let p = 0; p < w.D; p++) {
    const first = load<i32>(at4(w.holderStart, p));
    store<i32>(at4(w.firstHolder, p), load<i32>(at4(w.holder, first)));
    if (load<i32>(at4(w.holderStart, p + 1)) == first + 1) continue;
    store<i32>(w.endOfShared, p);
    w.endOfShared += 4;
  }
  contribute(w);
}

/** f from g. Returns whether every output is finite. */
export function forwardFrozen(w: Frozen): bool {
  return sumPatches(w, w.patchOf, w.contributions);
}

/** l_i, e_i and E_p. */
function derivatives(w: Frozen): void {
  const step = f64x2.splat(w.stepPerSample);
  const one = f64x2.splat(1);
  for (let i = 0; i < w.n; i += 4) {
    const y0 = v128.load(at8(w.labels, i));
    const y1 = v128.load(at8(w.labels, i), 16);
    const l = at8(w.l, i);
    const e = at8(w.error, i);
    exp4(f64x2.mul(y0, v128.load(at8(w.outputs, i))), f64x2.mul(y1, v128.load(at8(w.outputs, i), 16)), l);
    const size0 = f64x2.mul(f64x2.div(one, f64x2.add(one, v128.load(l))), step);
    const size1 = f64x2.mul(f64x2.div(one, f64x2.add(one, v128.load(l, 16))), step);
    v128.store(l, size0);
    v128.store(l, size1, 16);
    v128.store(e, f64x2.mul(y0, size0));
    v128.store(e, f64x2.mul(y1, size1), 16);
  }
  // Most patches have one holder, and no branch asks which.
  let first = w.firstHolder;
  for (let to = w.errors, end = at8(to, w.D); to < end; to += 8) {
    store<f64>(to, 0 + get(w.error, load<i32>(first)));
    first += 4;
  }
  for (let shared = w.shared; shared < w.endOfShared; shared += 4) {
    const p = load<i32>(shared);
    set(w.errors, p, sumHolders(w, w.holderStart, w.holder, p));
  }
}

function beginPhase(w: Frozen): void {
  w.stepsInWindow = 0;
  w.workAtWindow = w.work;
  buildKernel(w);
  beginWatch(w);
  w.inPhase = 1;
  w.pause = 0;
  w.phases += 1;
}

/** Ends the phase when its last window cost too much. */
function weigh(w: Frozen): void {
  const pays = w.work - w.workAtWindow <= w.worth;
  w.stepsInWindow = 0;
  w.workAtWindow = w.work;
  if (pays) {
    w.nextPause = w.firstPause;
    return;
  }
  w.inPhase = 0;
  thaw(w);
  w.pause = w.nextPause;
  w.nextPause = min(<i32>w.longestPause, 2 * w.nextPause);
}

/** One gradient step. Returns false when nothing moves. */
export function updateFrozen(w: Frozen): bool {
  if (!w.inPhase && w.pause-- == 0) beginPhase(w);
  derivatives(w);
  if (w.inPhase) admit(w);
  if (!moves(w)) return false;
  if (!w.inPhase) {
    denseStep(w);
    w.plain += 1;
    return true;
  }
  step(w);
  w.frozen += 1;
  if (w.clock >= w.next) look(w);
  if (++w.stepsInWindow == w.window) weigh(w);
  return true;
}

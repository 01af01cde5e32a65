/** The training loop of all kernels, and what each of them does for it. */
import { BothLayers, changeBothLayers, forwardBothLayers, layOutBothLayers } from './both-layers';
import { forwardFrozen, updateFrozen } from './frozen';
import { layOutFrozen } from './frozen-state';
import { changePlain, collect, errors, forwardByDefinition, forwardPlain, forwardPower } from './gram';
import { forwardIncrements, updateIncrements } from './incremental';
import { layOutIncrements } from './incremental-state';
import { forwardMasked, updateMasked } from './masked';
import { addProduct } from './product';
import { GOING, STILL, verdict } from './stop';
import { BOTH_LAYERS, FROZEN, INCREMENTAL, layOutPlain, Masked, MASKED, Training } from './training';

/** Lays out the arrays behind a header whose form and sizes are set; returns the first free address. */
export function layOut(s: Training): usize {
  if (s.form == BOTH_LAYERS) return layOutBothLayers(changetype<BothLayers>(s));
  if (s.form == INCREMENTAL) return layOutIncrements(s);
  return s.form == FROZEN ? layOutFrozen(s) : layOutPlain(s);
}

/** The forward pass at the present weights. Returns whether every output is finite. */
export function forward(s: Training): bool {
  const form = s.form;
  if (form == MASKED) return forwardMasked(changetype<Masked>(s)) || forwardByDefinition(s);
  if (form == FROZEN) return forwardFrozen(s);
  if (form == INCREMENTAL) return forwardIncrements(s);
  if (form == BOTH_LAYERS) return forwardBothLayers(changetype<BothLayers>(s));
  return s.power ? forwardPower(s) : forwardPlain(s);
}

/** One gradient step, after `forward`. Returns whether anything moved. */
export function update(s: Training): bool {
  const form = s.form;
  if (form == FROZEN) return updateFrozen(s);
  if (form == INCREMENTAL) return updateIncrements(s);
  errors(s);
  if (form == MASKED) return updateMasked(changetype<Masked>(s));
  let moved = false;
  for (let r = 0; r < s.filters; r += 4) {
    if (form == BOTH_LAYERS ? changeBothLayers(changetype<BothLayers>(s), r) : changePlain(s, r)) moved = true;
    if (collect(s, r)) moved = true;
  }
  addProduct(s);
  return moved;
}

/**
 * Trains until step `until` or the end, whichever comes first; returns why it stopped. The outputs are then those of
 * step s.t.
 */
export function advance(s: Training, until: f64): i32 {
  let ending = GOING;
  if (!s.begun) {
    s.begun = 1;
    ending = verdict(s, forward(s));
  }
  while (ending == GOING && s.t < until) {
    if (!update(s)) return STILL;
    s.t += 1;
    ending = verdict(s, forward(s));
  }
  return ending;
}

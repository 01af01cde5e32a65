/** The training loop of all kernels, and what each of them does for it. */
import { BothLayers, changeBothLayers, forwardBothLayers, layOutBothLayers } from './both-layers';
import { updateDeep } from './deep-down';
import { Deep, layOutDeep } from './deep-state';
import { forwardDeep } from './deep-up';
import { forwardFrozen, updateFrozen } from './frozen';
import { Frozen, layOutFrozen } from './frozen-state';
import { changePlain, collect, errors, forwardByDefinition, forwardPlain, forwardPower } from './gram';
import { forwardIncrements, updateIncrements } from './incremental';
import { Increments, layOutIncrements } from './incremental-state';
import { forwardMasked, updateMasked } from './masked';
import { beginStep } from './moving';
import { addProduct } from './product';
import { Ending, verdict } from './stop';
import { Form, layOutPlain, Masked, Plain, Training } from './training';

/** Lays out the arrays behind a header whose form and sizes are set; returns the first free address. */
export function layOut(s: Training): usize {
  const form = s.form;
  if (form == Form.BOTH_LAYERS) return layOutBothLayers(changetype<BothLayers>(s));
  if (form == Form.INCREMENTAL) return layOutIncrements(changetype<Increments>(s));
  if (form == Form.FROZEN) return layOutFrozen(changetype<Frozen>(s));
  if (form == Form.DEEP) return layOutDeep(changetype<Deep>(s));
  return layOutPlain(changetype<Plain>(s), form == Form.MASKED ? offsetof<Masked>() : offsetof<Plain>());
}

/** The forward pass at the present weights. Returns whether every output is finite. */
export function forward(s: Training): bool {
  const form = s.form;
  if (form == Form.MASKED) return forwardMasked(changetype<Masked>(s)) || forwardByDefinition(changetype<Plain>(s));
  if (form == Form.FROZEN) return forwardFrozen(changetype<Frozen>(s));
  if (form == Form.INCREMENTAL) return forwardIncrements(changetype<Increments>(s));
  if (form == Form.DEEP) return forwardDeep(changetype<Deep>(s));
  if (form == Form.BOTH_LAYERS) return forwardBothLayers(changetype<BothLayers>(s));
  const p = changetype<Plain>(s);
  return p.power ? forwardPower(p) : forwardPlain(p);
}

/** Who pulls in step t: from the tables, where there are some. Returns the schedule's factor. */
function see(s: Training): f64 {
  const at = <usize>(s.t - s.tableFrom);
  const row = at * (<usize>((s.n + 3) & ~3) << 3);
  s.seen = s.tableLabels ? s.tableLabels + row : s.labels;
  s.weighed = s.tableWeights ? s.tableWeights + row : 0;
  const factor = s.tableFactors ? load<f64>(s.tableFactors + (at << 3)) : 1;
  s.each = s.isPull ? s.stepPerSample * factor : s.stepPerSample;
  return factor;
}

/** One step, after `forward`. Returns whether anything moved, or another draw may move it. */
export function update(s: Training): bool {
  const form = s.form;
  if (form == Form.FROZEN) return updateFrozen(changetype<Frozen>(s));
  if (form == Form.INCREMENTAL) return updateIncrements(changetype<Increments>(s));
  const factor = see(s);
  if (factor == 0) return false;
  return (form == Form.DEEP ? updateDeep(changetype<Deep>(s)) : change(s, factor)) || s.redraws != 0;
}

function change(s: Training, factor: f64): bool {
  const p = changetype<Plain>(s);
  errors(p);
  const decayed = beginStep(p, factor);
  return move(s, p) || decayed;
}

function move(s: Training, p: Plain): bool {
  const form = s.form;
  if (form == Form.MASKED) return updateMasked(changetype<Masked>(s));
  let moved = false;
  for (let r = 0; r < s.filters; r += 4) {
    if (form == Form.BOTH_LAYERS ? changeBothLayers(changetype<BothLayers>(s), r) : changePlain(p, r)) moved = true;
    if (collect(p, r)) moved = true;
  }
  addProduct(p);
  return moved;
}

/**
 * Trains until step `until` or the end, whichever comes first; returns why it stopped. The outputs are then those of
 * step s.t.
 */
export function advance(s: Training, until: f64): i32 {
  let ending: i32 = Ending.GOING;
  if (!s.begun) {
    s.begun = 1;
    ending = verdict(s, forward(s));
  }
  while (ending == Ending.GOING && s.t < until) {
    if (!update(s)) return Ending.STILL;
    s.t += 1;
    ending = verdict(s, forward(s));
  }
  return ending;
}

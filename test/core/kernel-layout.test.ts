/** What the kernels' build says about memory: every field of every struct, without gaps and overlaps. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layout, sizes } from '../../src/core/kernel.layout.ts';
import { kernel } from '../../src/core/kernel.ts';
import { Struct, takeStruct, type Pointer, type Scalar } from '../../src/core/kernel-struct.ts';

type Fields = Readonly<Record<string, Scalar | Pointer>>;

/** The first field that does not follow the one before at the next place for its kind; '' when they fill `size`. */
function misplaced(fields: Fields, size: number): string {
  let end = 0;
  for (const [name, field] of Object.entries(fields)) {
    const [place, bytes] =
      'f64' in field ? [field.f64, 8] : 'i32' in field ? [field.i32, 4] : ([field.address, 4] as const);
    if (place !== Math.ceil(end / bytes)) return name;
    end = (place + 1) * bytes;
  }
  return end === size ? '' : 'end';
}

test('fields lie one after the other and fill their struct: none was overlooked', () => {
  for (const [name, fields] of Object.entries(layout))
    assert.equal(misplaced(fields, sizes[name as keyof typeof sizes]), '', name);
  const { t: _t, ...withoutT } = layout.Training;
  assert.equal(misplaced(withoutT, sizes.Training), 'threshold', 'negative control');
  const { weighed: _weighed, ...withoutLast } = layout.Training;
  assert.equal(misplaced(withoutLast, sizes.Training), 'end', 'negative control');
});

test('what is written to a field is read there, and nowhere else', () => {
  kernel().freeScratch();
  const struct = takeStruct(layout.StreamName, sizes.StreamName, {});
  Object.values(layout.StreamName).forEach((field, at) => struct.set(field, at + 1));
  assert.deepEqual(
    Object.values(layout.StreamName).map((field) => struct.get(field)),
    [1, 2, 3, 4, 5],
  );
  const training = new Struct(kernel().take(sizes.Training));
  for (const field of Object.values(layout.Training))
    if ('address' in field) training.point(field, 0);
    else training.set(field, 0);
  training.set(layout.Training.t, 0.5);
  training.set(layout.Training.n, 7);
  training.point(layout.Training.labels, 64);
  assert.equal(training.array(layout.Training.labels), 8);
  for (const [name, field] of Object.entries(layout.Training))
    assert.equal(
      'address' in field ? training.address(field) : training.get(field),
      { t: 0.5, n: 7, labels: 64 }[name] ?? 0,
      name,
    );
});

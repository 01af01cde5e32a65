/** First specs of the data models: what they say is what they are. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { cellId } from '../../src/experiments/cell.ts';
import { runCell } from '../../src/experiments/run.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { cells } from '../../src/experiments/spec.ts';
import { starterModels, starterText } from '../../src/experiments/starter.ts';

test('the starter of every model is a spec of one cell whose runs end; with all defaults written out it is the same cell', () => {
  assert.ok(starterModels().length >= 6);
  for (const model of starterModels()) {
    const text = starterText(model);
    const spec = specFrom(parse(text), model);
    const [cell, ...more] = cells(spec);
    assert.equal(more.length, 0);
    assert.equal(cell!.data.model, model);
    assert.equal(runCell(cell!, spec.seed, 0, spec.record).outcome, 'interpolated', model);
    // Rooms of which nothing was set stand behind # too.
    const whole = text
      .replace(/^# (test|network|training):$/gm, '$1:')
      .replace(/^( *)# (\w+: \S.*)$/gm, (line, indent: string, key: string) =>
        /^(axes|record|series|every)/.test(key) ? line : `${indent}${key}`,
      );
    assert.notEqual(whole, text);
    assert.equal(cellId([...cells(specFrom(parse(whole), model))][0]!), cellId(cell!), model);
  }
});

test('the axes that a starter proposes are axes, and other models are refused', () => {
  const text = starterText('mixture').replace(/^# (axes:|  data\.)/gm, '$1');
  assert.equal([...cells(specFrom(parse(text), 'axes'))].length, 24);
  assert.throws(() => starterText('dataset'), /a spec of a data set names a file of yours/);
  assert.throws(() => starterText('nosuch'), /must be one of signal-noise, .*, got nosuch/);
});

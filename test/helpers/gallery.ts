/** The pictures of the gallery that commands leave: held against docs/gallery/, or written there. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './benign.ts';

export const WRITE = process.env['GALLERY'] === 'write';
export const HOW = 'if the new picture is right (look at it), write it with GALLERY=write npm test docs/gallery';
export const GALLERY = join(root, 'docs', 'gallery');
/** More makes the repository heavy. */
const MAX_BYTES = 200_000;

/** One picture against that of the page, byte for byte. */
export function comparePicture(name: string, svg: string): void {
  assert.ok(Buffer.byteLength(svg) < MAX_BYTES, `${name}.svg has ${Buffer.byteLength(svg)} bytes`);
  const file = join(GALLERY, `${name}.svg`);
  if (WRITE) {
    mkdirSync(GALLERY, { recursive: true });
    writeFileSync(file, svg);
  }
  assert.ok(existsSync(file), `docs/gallery/${name}.svg is missing: ${HOW}`);
  assert.ok(readFileSync(file, 'utf8') === svg, `docs/gallery/${name}.svg differs: ${HOW}`);
}

const drawn = (out: string, name: string): string => readFileSync(join(out, 'figures', `${name}.svg`), 'utf8');

/** The folder that `reproduce kou-2023 --quick` has left; returns the seconds that it took. */
export function compareQuickMap(out: string): number {
  const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as {
    verdict: string;
    runs: number;
    wallSeconds: number;
  };
  assert.equal(report.verdict, 'holds');
  assert.equal(report.runs, 32000);
  assert.ok(
    report.wallSeconds < 120,
    'the README says about ten seconds on two cores; this leaves room for a busy machine',
  );
  const pictures = {
    'test-error': '',
    'test-error-thresholded': '-thresholded',
    'test-error-se': '-se',
    'train-loss': '-train-loss',
    agreement: '-agreement',
    'level-sets': '-level-sets',
  };
  for (const [name, end] of Object.entries(pictures)) comparePicture(`kou-2023-quick${end}`, drawn(out, name));
  return report.wallSeconds;
}

/** The folder that `reproduce kou-2023/collapse --quick --runs 20` has left. */
export const compareCollapse = (out: string): void =>
  comparePicture('kou-2023-collapse-quick', drawn(out, 'test-error-clean-collapse'));

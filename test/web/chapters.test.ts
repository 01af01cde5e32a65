/** Chapters: each paper has one, its words and figures make sense, and nothing in it is more than text. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PAPERS } from '../../src/papers/index.ts';
import { findPreset } from '../../src/reproduction/preset.ts';
import { chaptersOf, namesOf } from '../../src/web/chapters/all.ts';
import { piecesOf } from '../../src/web/chapters/markdown.ts';
import { mathOf } from '../../src/web/text/formulas.ts';
import { writtenChapter } from '../../src/web/chapters/written.ts';
import type { Chapter, ChapterFigure } from '../../src/web/chapters/chapter.ts';
import { stateOf } from '../../src/web/chapters/live.ts';
import { describe, mapSpec, settingSpec } from '../../src/web/worker/spec-of.ts';
import { root } from '../helpers/benign.ts';

const folder = join(root, 'src', 'web', 'chapters', 'texts');
const texts = Object.fromEntries(
  readdirSync(folder).map((file) => [file.replace(/\.md$/, ''), readFileSync(join(folder, file), 'utf8')]),
);
const chapters = chaptersOf(texts);
const figuresOf = ({ parts }: Chapter): ChapterFigure[] =>
  parts.flatMap((part) => (part.kind === 'figure' ? [part.figure] : []));
const htmlOf = ({ parts }: Chapter): string =>
  parts.map((part) => (part.kind === 'text' ? part.html : part.figure.caption)).join('\n');

test('every paper on the shelf has a chapter, those written by hand first', () => {
  assert.deepEqual(chapters.map(({ id }) => id).sort(), PAPERS.map(({ id }) => id).sort());
  const written = chapters.filter((one) => one.written).map(({ id }) => id);
  assert.deepEqual(written.sort(), ['karhadkar-2024', 'kou-2023', 'shang-2024', 'xu-gu-2023']);
  assert.ok(namesOf(chapters).every((name) => !('parts' in name)));
});

test('every variant of every figure names its preset, and is live or says why not', () => {
  for (const chapter of chapters)
    for (const { variants, view } of figuresOf(chapter))
      for (const { preset, hash, why, size, command } of variants) {
        const [paper, figure, variant] = preset.split('/');
        assert.equal(findPreset(`${paper}/${figure}`, variant).variant.id, variant);
        assert.match(size, /The preset: [\d,]+ cells?, [\d,]+ runs? each\.$/);
        assert.equal(command, `npx benign reproduce ${paper}/${figure} --variant ${variant}`);
        assert.notEqual(hash === undefined, why === undefined, preset);
        if (hash === undefined) continue;
        const state = stateOf(hash);
        assert.equal(state.preset, preset);
        // What a figure asks of the worker must have an answer.
        settingSpec(state);
        describe(state);
        if (view !== 'run') assert.ok(mapSpec(state).x.values.length * mapSpec(state).y.values.length <= 400, preset);
      }
});

test('figures of a shelf chapter are those of the entry, all of their variants', () => {
  for (const chapter of chapters.filter((one) => !one.written)) {
    const { figures } = PAPERS.find(({ id }) => id === chapter.id)!;
    assert.deepEqual(
      figuresOf(chapter).map(({ id, variants }) => [id, variants.map((one) => one.id)]),
      figures.map(({ id, variants }) => [id, variants.map((one) => one.id)]),
    );
  }
});

test('every word sets a parameter of a figure to a value that it may have', () => {
  let words = 0;
  for (const chapter of chapters)
    for (const [, id, set] of htmlOf(chapter).matchAll(/data-figure="([^"]+)" data-set="([^"]+)"/g)) {
      words++;
      const figure = figuresOf(chapter).find((one) => one.id === id);
      const { hash = '' } = figure?.variants[0] ?? {};
      const state = stateOf(hash, set!.replaceAll('&amp;', '&'));
      settingSpec(state);
      describe(state);
    }
  assert.ok(words >= 25, `${words} words`);
});

test('a chapter is text alone, and its headings go down by one', () => {
  for (const chapter of chapters) {
    const html = htmlOf(chapter);
    assert.doesNotMatch(html, /<(script|style|img|iframe|object|form|link)|\son\w+=|\sstyle=|javascript:/i, chapter.id);
    const levels = [...html.matchAll(/<h(\d)/g)].map(([, level]) => Number(level));
    assert.ok(
      levels.every((level) => level === 3),
      `${chapter.id}: ${levels}`,
    );
    for (const [, address] of html.matchAll(/href="([^"]*)"/g)) assert.match(address!, /^(https:\/\/|#)/);
  }
});

test('texts written by hand are short', () => {
  for (const [id, text] of Object.entries(texts)) {
    const words = text.replace(/^```figure[^]*?^```$/gm, '').split(/\s+/).length;
    assert.ok(words >= 300 && words <= 620, `${id}: ${words} words`);
  }
});

test('formulas become MathML; one that is wrong does not build', () => {
  const made = mathOf('\\frac{n\\|\\mu\\|^4}{\\sigma_p^4 d}', false);
  assert.match(made, /<math .*<mfrac>/);
  assert.doesNotMatch(made, /annotation|style=/);
  assert.throws(() => mathOf('\\frac{1', false), /KaTeX/);
  assert.throws(() => piecesOf('Here $\\nonsense{1}$.', () => ''), /nonsense/);
});

const refused = (text: string, why: RegExp): void => {
  const paper = PAPERS.find(({ id }) => id === 'kou-2023')!;
  assert.throws(() => writtenChapter(paper, text), why);
};
const FIGURE = `\`\`\`figure
figure: one
preset: kou-2023/heat-map/as-plotted
view: map
title: One
caption: A map.
\`\`\``;

test('nonsense in a text does not build', () => {
  refused(`<b>bold</b>\n`, /a chapter holds text/);
  refused(`[x](javascript:alert(1))`, /a link must begin with/);
  refused(`[x](set:none?data.mu=2)`, /there is no figure none/);
  refused(`${FIGURE}\n\n[x](set:one?data.muu=2)`, /is no parameter/);
  refused(`${FIGURE}\n\n[x](set:one?data.flip=2)`, /must be/);
  refused(`${FIGURE}\n\n[x](set:one?preset=kou-2023/heat-map/as-plotted)`, /changes nothing/);
  refused(`${FIGURE}\n\n${FIGURE}`, /two figures are called one/);
  refused(FIGURE.replace('as-plotted', 'as-dreamt'), /as-dreamt/);
  refused(FIGURE.replace('view: map', 'view: film'), /needs figure, preset, view/);
  refused(FIGURE.replace('view: map', 'vue: map'), /a figure has lines/);
});

test('a factor is relative to the preset, and stays a whole number where it must', () => {
  const paper = PAPERS.find(({ id }) => id === 'kou-2023')!;
  const { parts } = writtenChapter(paper, `${FIGURE}\n\n[x](set:one?data.n=x1.33) [y](set:one?data.flip=x0.5)`);
  const html = parts.map((part) => (part.kind === 'text' ? part.html : '')).join('');
  assert.match(html, /data-set="data.n=27"/);
  assert.match(html, /data-set="data.flip=0.05"/);
});

test('published numbers lie over the map of Kou et al.', () => {
  const kou = chapters.find(({ id }) => id === 'kou-2023')!;
  const { marks } = figuresOf(kou)[0]!.variants[0]!;
  assert.equal(marks.filter(({ kind }) => kind === 'value').length, 50);
  assert.deepEqual(
    marks.filter(({ kind }) => kind === 'level').map(({ x, y }) => [x[0], y[0]]),
    [
      [2.96, 145],
      [4.13, 1045],
    ],
  );
  assert.deepEqual(
    marks.find(({ value }) => value === 0.4598),
    { kind: 'value', x: [0, 0.9], y: [100, 190], value: 0.4598, label: 'published means of blocks of cells' },
  );
});

test('an axis in units of another number keeps the values that its preset has', () => {
  const { x } = describe(stateOf('preset=karhadkar-2024/heat-map/as-coded&grid=10'));
  assert.deepEqual([x.name, x.values], ['d/n', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]]);
});

test('what is recalled or reconstructed is said to be', () => {
  assert.match(texts['kou-2023']!, /[Aa]s commonly cited/);
  assert.doesNotMatch(texts['kou-2023']!, /[Tt]he paper states/);
  assert.match(texts['shang-2024']!, /\*\*reconstructed\*\*/);
  assert.doesNotMatch(texts['shang-2024']!, /[Tt]he paper states/);
});

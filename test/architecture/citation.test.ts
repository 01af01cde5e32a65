/** How the program is cited and archived: by the formats' rules, and in step with package.json. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import { root } from '../helpers/benign.ts';

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const manifest = JSON.parse(read('package.json')) as { name: string; version: string; license: string };

const date = z.iso.date();
const words = z.string().min(1);

/** What we use of the Citation File Format 1.2.0; every key that it does not have is refused. */
const Person = z.strictObject({ 'family-names': words, 'given-names': words, orcid: z.url().optional() });
const Entity = z.strictObject({ name: words });
const Authors = z.array(z.union([Person, Entity])).min(1);
const Citation = z.strictObject({
  'cff-version': z.literal('1.2.0'),
  message: words,
  type: z.enum(['software', 'dataset']),
  title: words,
  abstract: words,
  version: words,
  'date-released': date.optional(),
  license: words,
  authors: Authors,
  keywords: z.array(words).min(1),
  references: z.array(
    z.strictObject({
      type: z.literal('conference-paper'),
      title: words,
      authors: Authors,
      'collection-title': words,
      'collection-type': words,
      volume: z.union([z.number(), words]),
      publisher: Entity,
      conference: Entity,
      year: z.int(),
      identifiers: z.array(
        z.strictObject({ type: z.enum(['doi', 'url', 'swh', 'other']), value: words, description: words.optional() }),
      ),
    }),
  ),
});

/** What we use of the deposit metadata of Zenodo, which .zenodo.json is read as: required fields, and allowed words. */
const Zenodo = z.strictObject({
  upload_type: z.enum(['publication', 'dataset', 'software', 'other']),
  title: words,
  description: words,
  creators: z.array(
    z.strictObject({ name: words, affiliation: words.optional(), orcid: words.optional(), gnd: words.optional() }),
  ),
  publication_date: date.optional(),
  version: words,
  access_right: z.enum(['open', 'embargoed', 'restricted', 'closed']),
  // ISO 639-3
  language: z.string().length(3),
  license: words,
  keywords: z.array(words),
  related_identifiers: z.array(
    z.strictObject({
      identifier: words,
      relation: z.enum(['cites', 'references', 'isSupplementTo', 'isNewVersionOf', 'isDocumentedBy']),
      resource_type: words.optional(),
    }),
  ),
});

const citation = Citation.parse(parse(read('CITATION.cff')));
const zenodo = Zenodo.parse(JSON.parse(read('.zenodo.json')));

test('CITATION.cff and .zenodo.json say the same as package.json', () => {
  assert.equal(citation.version, manifest.version);
  assert.equal(zenodo.version, manifest.version);
  assert.deepEqual([citation.title, zenodo.title], [manifest.name, manifest.name]);
  assert.deepEqual([citation.license, zenodo.license], [manifest.license, manifest.license]);
  assert.equal(zenodo.description, citation.abstract);
  assert.deepEqual(zenodo.keywords, citation.keywords);
  assert.equal(zenodo.publication_date, citation['date-released']);
  const names = citation.authors.map((one) =>
    'name' in one ? one.name : `${one['family-names']}, ${one['given-names']}`,
  );
  assert.deepEqual(
    zenodo.creators.map(({ name }) => name),
    names,
  );
  const { identifiers } = citation.references[0]!;
  assert.deepEqual(
    zenodo.related_identifiers.map(({ identifier }) => identifier),
    identifiers.map(({ value }) => value),
  );
});

test('the lock file has the version, and the licence its name', () => {
  const lock = JSON.parse(read('package-lock.json')) as { version: string; packages: { '': { version: string } } };
  assert.deepEqual([lock.version, lock.packages[''].version], [manifest.version, manifest.version]);
  assert.ok(read('LICENSE').startsWith(`${manifest.license} License`));
});

test('a dated version is in the changelog; one without a date is still unreleased', () => {
  const log = read('CHANGELOG.md');
  const released = citation['date-released'];
  if (released === undefined) assert.ok(!log.includes(`\n## ${manifest.version} (`));
  else assert.ok(log.includes(`\n## ${manifest.version} (${released})\n`));
});

test('an unknown key, another version of the format or a date that is none are refused (negative control)', () => {
  const whole = parse(read('CITATION.cff')) as object;
  for (const change of [{ doi: '' }, { 'cff-version': '1.3.0' }, { 'date-released': '2026-13-01' }, { authors: [] }])
    assert.throws(() => Citation.parse({ ...whole, ...change }));
  for (const change of [{ upload_type: 'program' }, { publication_date: 'soon' }, { licence: 'MIT' }])
    assert.throws(() => Zenodo.parse({ ...zenodo, ...change }));
});

/** Versions of everything that a result may depend on. */
import { readFileSync } from 'node:fs';
import { RECORD_VERSION, SCIENCE } from '../experiments/record.ts';

export function versions(): { 'benign-lab': string; node: string; v8: string; science: number; record: number } {
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return {
    'benign-lab': version,
    node: process.versions.node,
    v8: process.versions.v8,
    science: SCIENCE,
    record: RECORD_VERSION,
  };
}

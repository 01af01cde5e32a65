/** Files under test/fixtures, found from wherever the compiled tests lie. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './benign.ts';

export const fixture = (path: string): unknown => JSON.parse(readFileSync(join(root, 'test/fixtures', path), 'utf8'));

// Makes every generated page again that its code has moved on from, or all of them (--all): the long ones go on where
// they were interrupted, and only what changed is computed.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isStale, PAGES } from './made-by.mjs';
import { npm } from './npm.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const all = process.argv.includes('--all');

function step(what, command, env = {}) {
  process.stderr.write(`${what}: ${command}\n`);
  const [, ...args] = command.split(' ');
  const { status } = npm(args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...env },
  });
  if (status !== 0) {
    process.stderr.write(`${what}: ${command} ended with exit code ${status}\n`);
    process.exit(1);
  }
}

step('docs/notation.md, docs/observables.md, docs/formats.md and docs/statements.md', 'npm run docs');
step('docs/api.md', 'npm run api');
step('docs/gallery.md', 'npm test docs/gallery', { GALLERY: 'write' });
for (const [page, { command }] of Object.entries(PAGES)) {
  if (all || (await isStale(page))) step(page, command);
  else process.stderr.write(`${page}: its code is what made it\n`);
}

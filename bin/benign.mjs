#!/usr/bin/env node
// The launcher: in a clone it builds what is missing or out of date, then runs the command line.
import { existsSync } from 'node:fs';

if (existsSync(new URL('../src/', import.meta.url))) {
  const { build } = await import('../scripts/build.mjs');
  const failure = await build();
  if (failure) {
    process.stderr.write(`benign: ${failure}\n`);
    process.exit(1);
  }
}
await import('../dist/src/cli/main.js');

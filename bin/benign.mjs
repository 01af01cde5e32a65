#!/usr/bin/env node
// The launcher: in a clone it builds what is missing or out of date, then runs the command line.
import { existsSync } from 'node:fs';

/** One sentence, exit code 1. */
function end(sentence) {
  process.stderr.write(`benign: ${sentence}\n`);
  process.exit(1);
}

if (existsSync(new URL('../src/', import.meta.url))) {
  try {
    const { build } = await import('../scripts/build.mjs');
    const failure = await build();
    if (failure) end(failure);
  } catch (error) {
    end(
      `the build is out of date and cannot be made (${error.message}); build it as the owner of the folder: npm run build`,
    );
  }
}
try {
  await import('../dist/src/cli/main.js');
} catch (error) {
  end(`cannot be started (${error.message.split('\n')[0]}); install it again: npm ci && npm run build`);
}

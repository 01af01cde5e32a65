/** The example with parts of one's own, compiled as its reader would. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './benign.ts';

export const EXAMPLE = join(root, 'examples', '10-own-lab');

/** A project that has this benign-lab, and its example compiled. @returns where my-lab.js lies */
export function compiledExample(folder: string): string {
  mkdirSync(join(folder, 'node_modules', '@types'), { recursive: true });
  symlinkSync(root, join(folder, 'node_modules', 'benign-lab'), 'dir');
  return compiled(folder);
}

/** An empty TypeScript project with the example in it, compiled by the strictest settings. */
export function compiled(folder: string): string {
  cpSync(EXAMPLE, folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type": "module", "private": true}\n');
  const compilerOptions = { strict: true, module: 'nodenext', target: 'es2023', types: ['node'], skipLibCheck: false };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
  mkdirSync(join(folder, 'node_modules', '@types'), { recursive: true });
  for (const name of ['node'])
    symlinkSync(join(root, 'node_modules/@types', name), join(folder, 'node_modules/@types', name), 'dir');
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
  assert.equal(status, 0, stdout + stderr);
  return join(folder, 'my-lab.js');
}

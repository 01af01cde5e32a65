// Compiles assembly/ to WebAssembly and writes it, as a base64 string, to src/core/kernel.wasm.ts (not in git):
// one file that Node, worker threads and the page import alike. Does nothing when that file was made from the same
// sources by the same compiler, so its modification time changes only with its content.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'assembly');
const target = join(root, 'src', 'core', 'kernel.wasm.ts');

// Strict arithmetic: no fused multiply-add, no relaxed SIMD; no garbage collector, no imports.
const FLAGS = ['--config', 'none', '-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--use', 'abort='];

/** Returns null, or one sentence saying what went wrong. */
export async function buildKernel() {
  if (!existsSync(folder)) return null; // an installed package: the kernel is part of dist/
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .sort();
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const hash = createHash('sha256').update(
    JSON.stringify([FLAGS, lock['node_modules/assemblyscript'].version, lock['node_modules/binaryen'].version]),
  );
  for (const name of names) hash.update(`\n${name}\n`).update(readFileSync(join(folder, name)));
  const mark = `// sources ${hash.digest('hex')}`;
  if (existsSync(target) && readFileSync(target, 'utf8').includes(mark)) return null;

  let asc;
  try {
    asc = (await import('assemblyscript/asc')).default;
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    return 'the dependencies are not installed: run npm ci first';
  }
  let wasm;
  const { error, stderr } = await asc.main(
    ['assembly/index.ts', '--baseDir', root, '--outFile', 'kernel.wasm', ...FLAGS],
    {
      writeFile: (name, contents) => {
        if (name === 'kernel.wasm') wasm = contents;
      },
    },
  );
  if (error || !wasm) return `the kernels do not compile:\n${stderr.toString()}${error ? `${error.message}\n` : ''}`;
  const text = `// Made by scripts/kernel.mjs from assembly/: ${wasm.length} bytes.\n${mark}\nexport const WASM: string = '${Buffer.from(wasm).toString('base64')}';\n`;
  // A rename, so that no other process reads half a file. Outside src/ until then: nobody compiles it there.
  const made = join(root, `dist.kernel.${process.pid}`);
  writeFileSync(made, text);
  renameSync(made, target);
  return null;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const failure = await buildKernel();
  if (failure) {
    process.stderr.write(`${failure}\n`);
    process.exit(1);
  }
}

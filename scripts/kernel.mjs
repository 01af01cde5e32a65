// Compiles assembly/ to WebAssembly and writes it, as a base64 string, to src/core/kernel.wasm.ts, and where its structs'
// fields lie to src/core/kernel.layout.ts (neither in git): files that Node, worker threads and the page import alike.
// Does nothing when both were made from the same sources by the same compiler, so their modification times change only
// with their content.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { layoutOf } from './kernel-layout.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'assembly');
const targets = ['layout', 'wasm'].map((name) => join(root, 'src', 'core', `kernel.${name}.ts`));
/** These programs, of which the layout's text is a result too. */
const programs = ['kernel.mjs', 'kernel-layout.mjs'].map((name) => join(root, 'scripts', name));

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
  for (const program of programs) hash.update(readFileSync(program));
  const mark = `// sources ${hash.digest('hex')}`;
  if (targets.every((target) => existsSync(target) && readFileSync(target, 'utf8').includes(mark))) return null;

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
  const layout = await layoutOf(asc, root, names);
  if (layout.failure) return layout.failure;
  const head = `// Made by scripts/kernel.mjs from assembly/`;
  const texts = [
    `${head}.\n${mark}\n\n${layout.text}`,
    `${head}: ${wasm.length} bytes.\n${mark}\nexport const WASM: string = '${Buffer.from(wasm).toString('base64')}';\n`,
  ];
  // Renames, so that no other process reads half a file. Outside src/ until then: nobody compiles it there.
  const made = join(root, `dist.kernel.${process.pid}`);
  targets.forEach((target, at) => {
    writeFileSync(made, texts[at]);
    renameSync(made, target);
  });
  return null;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const failure = await buildKernel();
  if (failure) {
    process.stderr.write(`${failure}\n`);
    process.exit(1);
  }
}

// The kernels' memory as the host sees it: where the fields of each struct in assembly/ lie, and the codes. A module of
// its own is compiled that knows nothing but offsets; it is asked once, and the kernels carry none of it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ENTRY = 'assembly/layout.ts'; // made here, on no disk
const FLAGS = ['--config', 'none', '--runtime', 'stub', '--enable', 'simd', '--use', 'abort='];

/** By the type of a field: under which view of memory the host finds it, and the bytes of that view's numbers. */
const VIEWS = { i32: ['i32', 4], u32: ['i32', 4], f64: ['f64', 8], usize: ['address', 4] };

/** Exported structs, enums and whole numbers of one file, by their names. */
function declarations(text) {
  const structs = [...text.matchAll(/^@unmanaged\nexport class (\w+)(?: extends (\w+))? \{\n(.*?)^\}/gms)].map(
    ([, name, base, body]) => ({
      name,
      base,
      fields: [...body.matchAll(/^ {2}(\w+): (\w+);/gm)].map(([, field, type]) => ({ field, type })),
    }),
  );
  const enums = [...text.matchAll(/^export const enum (\w+) \{\n(.*?)^\}/gms)].map(([, name, body]) => ({
    name,
    members: [...body.matchAll(/^ {2}(\w+)\b/gm)].map(([, member]) => member),
  }));
  const numbers = [...text.matchAll(/^export const (\w+): (?:i32|usize) = /gm)].map(([, name]) => name);
  return { structs, enums, numbers };
}

/** A module whose globals are the offsets, sizes, codes and numbers. */
function sourceOf(files) {
  return files
    .flatMap(({ module, structs, enums, numbers }) => [
      ...[...structs, ...enums].map(({ name }) => `import { ${name} } from './${module}';`),
      ...numbers.map((name) => `import { ${name} as number$${name} } from './${module}';`),
      ...structs.map(({ name }) => `export const ${name}$: usize = offsetof<${name}>();`),
      ...structs.flatMap(({ name, fields }) =>
        fields.map(({ field }) => `export const ${name}$${field}: usize = offsetof<${name}>('${field}');`),
      ),
      ...enums.flatMap(({ name, members }) =>
        members.map((member) => `export const ${name}$${member}: i32 = ${name}.${member};`),
      ),
      ...numbers.map((name) => `export const ${name}$: i32 = <i32>number$${name};`),
    ])
    .join('\n');
}

/**
 * The text of src/core/kernel.layout.ts without its head, or one sentence in `failure`.
 * @param {string[]} names files of assembly/
 */
export async function layoutOf(asc, root, names) {
  const files = names.map((name) => ({
    module: name.replace(/\.ts$/, ''),
    ...declarations(readFileSync(join(root, 'assembly', name), 'utf8')),
  }));
  for (const { name, fields } of files.flatMap((file) => file.structs))
    for (const { field, type } of fields)
      if (!VIEWS[type]) return { failure: `${name}.${field} in assembly/ is a ${type}, which the host does not know` };
  const source = sourceOf(files);
  let wasm;
  const { error, stderr } = await asc.main([ENTRY, '--baseDir', root, '--outFile', 'layout.wasm', ...FLAGS], {
    readFile: (name) => {
      if (name === ENTRY) return source;
      return existsSync(join(root, name)) ? readFileSync(join(root, name), 'utf8') : null;
    },
    writeFile: (name, contents) => {
      if (name === 'layout.wasm') wasm = contents;
    },
  });
  if (error || !wasm) return { failure: `the kernels' layout does not compile:\n${stderr.toString()}` };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm), {});

  const structs = files.flatMap((file) => file.structs);
  const fieldsOf = ({ name, base, fields }) => [
    ...(base ? fieldsOf(structs.find((one) => one.name === base)) : []),
    ...fields.map(({ field, type }) => {
      const [view, bytes] = VIEWS[type];
      return `${field}: { ${view}: ${exports[`${name}$${field}`].value / bytes} },`;
    }),
  ];
  const block = (name, lines) => `  ${name}: {\n${lines.map((line) => `    ${line}\n`).join('')}  },\n`;
  const constant = (about, name, body) => `/** ${about} */\nexport const ${name} = {\n${body}} as const;\n`;
  const text = [
    constant(
      'Structs in linear memory: the place of each field among i32, among f64, or among i32 as the address of an array.',
      'layout',
      structs.map((one) => block(one.name, fieldsOf(one))).join(''),
    ),
    constant(
      'Their sizes in bytes.',
      'sizes',
      structs.map(({ name }) => `  ${name}: ${exports[`${name}$`].value},\n`).join(''),
    ),
    constant(
      'What the fields may say.',
      'codes',
      files
        .flatMap((file) => file.enums)
        .map(({ name, members }) =>
          block(
            name,
            members.map((member) => `${member}: ${exports[`${name}$${member}`].value},`),
          ),
        )
        .join(''),
    ),
    constant(
      'Sizes of blocks.',
      'constants',
      files
        .flatMap((file) => file.numbers)
        .map((name) => `  ${name}: ${exports[`${name}$`].value},\n`)
        .join(''),
    ),
  ].join('\n');
  return { text };
}

/** `--lab FILE`: every command that takes it, what a folder keeps of the module, and what is refused. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { benign, inFolder, storedLines } from '../helpers/benign.ts';

const INDEX = new URL('../../src/index.js', import.meta.url).href;
/** Its lab is small: a data model, an activation and an observable. */
const MODULE = `import { activation, dataModel, drawSignalNoise, lab, observable } from '${INDEX}';
export default lab.with(
  dataModel({
    id: 'my/model',
    meaning: 'a model of mine',
    parameters: { tilt: { glyph: 'τ', meaning: 'how far it leans', range: [0, Infinity], default: 1 } },
    draw: ({ tilt, ...data }, key) => drawSignalNoise({ ...data, mu: tilt * data.mu }, key),
  }),
  activation({ id: 'my/line', value: (h) => h, slope: () => 1 }),
  observable({ id: 'my/spread', glyph: 'Δ', meaning: 'spread of the outputs', needs: [],
    of: ({ view }) => Math.max(...view.outputs) - Math.min(...view.outputs) }),
);
`;
const SPEC = `data: {model: my/model, n: 8, mu: 1, flip: 0.1, tilt: 2}
network: {m: 2}
training: {maxSteps: 20}
axes: {data.d: [20, 40], data.tilt: [0.5, 2]}
runs: 2
record: {values: [my/spread]}
`;

/** A folder with my-lab.mjs and spec.yaml. */
const withLab = (work: (file: (name: string) => string) => void): Promise<void> =>
  inFolder((folder) => {
    writeFileSync(join(folder, 'my-lab.mjs'), MODULE);
    writeFileSync(join(folder, 'spec.yaml'), SPEC);
    work((name) => join(folder, name));
  });

/** The answer of a command that must end so. */
function done(args: readonly string[], code = 0, cwd?: string): string {
  const answer = benign(args, cwd);
  assert.equal(answer.code, code, `${args.join(' ')}\n${answer.stdout}${answer.stderr}`);
  return answer.stdout;
}

function refused(args: readonly string[], sentence: string | RegExp, cwd?: string): void {
  const { code, stdout, stderr } = benign(args, cwd);
  assert.deepEqual([code, stdout], [1, ''], stderr);
  if (typeof sentence === 'string') assert.equal(stderr, `benign: ${sentence}\n`);
  else assert.match(stderr, sentence);
}

test('sweep; then table, figure and doctor without the module, and the sweep goes on with it alone', () =>
  withLab((file) => {
    const [lab, out] = [file('my-lab.mjs'), file('out')];
    const sweep = ['sweep', file('spec.yaml'), '--out', out];
    done([...sweep, '--lab', lab, '--workers', '2']);
    const lines = storedLines(out);
    assert.equal(lines.length, 8);
    const made = lines.map((line) => (JSON.parse(line) as { cell: { data: { d: number; tilt: number } } }).cell);
    assert.deepEqual(
      made.find(({ data }) => data.d === 20 && data.tilt === 0.5),
      {
        data: { d: 20, flip: 0.1, model: 'my/model@1', mu: 1, n: 8, tilt: 0.5 },
        network: { m: 2 },
        training: { maxSteps: 20 },
      },
    );
    const kept = JSON.parse(readFileSync(join(out, 'lab.json'), 'utf8')) as Record<string, unknown> & {
      parts: { id: string }[];
    };
    assert.deepEqual(
      [kept['v'], kept['module'], kept['sha256'], kept.parts.map(({ id }) => id)],
      [1, 'my-lab.mjs', createHash('sha256').update(MODULE).digest('hex'), ['my/model', 'my/spread']],
    );

    // A reader has the folder alone. An open range survives it.
    rmSync(lab);
    const table = done(['table', out, '--rows', 'runs']).trim().split('\n');
    assert.equal(table.length, 9);
    assert.deepEqual(
      ['my/model.tilt', 'my/spread'].filter((name) => !table[0]!.split(',').includes(name)),
      [],
    );
    assert.equal(readFileSync(join(out, 'table.csv'), 'utf8'), done(['table', out]));
    done(['figure', out]);
    assert.ok(readFileSync(join(out, 'figures', 'test-error.svg'), 'utf8').includes('τ, how far it leans'));
    refused(
      ['doctor', out],
      /^benign: my\/model, my\/spread: threads need the module that makes it: .*--lab FILE on the command line\n$/,
    );
    refused(
      sweep,
      /data\.model: must be one of .*, got "my\/model" \(a part of your own needs its module: --lab FILE\)\n/,
    );
    refused([...sweep, '--lab', lab], `${lab}: cannot be read (there is no such file)`);

    writeFileSync(lab, MODULE);
    const again = JSON.parse(done([...sweep, '--lab', lab, '--set', 'runs=3', '--json'])) as { runsNow: number };
    assert.equal(again.runsNow, 4);
    const told = done(['doctor', out, '--all', '--lab', lab]);
    assert.match(told, /12 runs computed again and compared bit by bit: all of them/);

    // Another module: a comment is enough. Its runs might be others.
    const other = file('other.mjs');
    writeFileSync(other, `${MODULE}// tilted\n`);
    refused(
      [...sweep, '--lab', other],
      new RegExp(
        `^benign: .*: its runs were made with my-lab\\.mjs of SHA-256 [0-9a-f]{12}\\.\\.\\., and .*other\\.mjs has [0-9a-f]{12}\\.\\.\\.: use another folder\n$`,
      ),
    );
    assert.equal(storedLines(out).length, 12);

    // From elsewhere, by relative paths, from standard input's folder too.
    mkdirSync(file('deep'));
    done(
      ['sweep', '../spec.yaml', '--lab', relative(file('deep'), lab), '--out', 'out', '--workers', '1'],
      0,
      file('deep'),
    );
    assert.deepEqual(storedLines(join(file('deep'), 'out')).sort(), lines.sort());
  }));

test('run, verify, variance, boundary, theory and schema', () =>
  withLab((file) => {
    const lab = ['--lab', file('my-lab.mjs')];
    const one = [file('spec.yaml'), ...lab, '--set', 'd=20', '--set', 'tilt=2'];
    const series = file('series.yaml');
    writeFileSync(series, SPEC.replace('values: [', 'every: 5, series: [my/spread, trainLoss], values: ['));
    done(['run', series, ...one.slice(1), '--out', file('run')], 4); // two runs decide nothing
    const [record] = storedLines(file('run')).map(
      (line) => JSON.parse(line) as { run: string; values: Record<string, number>; series: Record<string, number[]> },
    );
    assert.equal(record!.series['my/spread']!.at(-1), record!.values['my/spread']);
    assert.ok(readFileSync(join(file('run'), 'figures', 'trajectories.svg'), 'utf8').includes('Δ'));
    assert.match(done(['run', file('spec.yaml'), ...lab, '--replay', record!.run]), /interpolated|step limit/);

    const verified = JSON.parse(done(['verify', ...one, '--out', file('verify'), '--json'])) as {
      verdict: string;
      lemmas: { lemma: string; verdict: string; why?: string }[];
    };
    // Papers do not speak of another's model: what holds of every sample is all that is held against it.
    assert.equal(verified.verdict, 'holds');
    assert.deepEqual(
      verified.lemmas.filter(({ verdict }) => verdict === 'holds').map(({ lemma }) => lemma),
      ['kou-2023/decomposition'],
    );

    done(['variance', ...one, '--blocks', '3', '--of', 'my/spread', '--log', '--out', file('variance')]);
    assert.ok(
      ['blocks-my.spread.jsonl', 'variance-my.spread-log.json', 'variance-my.spread-log.csv'].every((name) =>
        existsSync(join(file('variance'), name)),
      ),
    );
    const before = done(['table', file('variance')]);
    assert.equal(before, readFileSync(join(file('variance'), 'variance-my.spread-log.csv'), 'utf8'));
    done(['doctor', file('variance'), ...lab]);

    writeFileSync(file('wide.yaml'), SPEC.replace('data.tilt: [0.5, 2]', 'data.tilt: [0.1, 30]'));
    const boundary = [
      'boundary',
      file('wide.yaml'),
      '--along',
      'tilt',
      '--over',
      'd',
      '--level',
      '0.3',
      '--max-runs',
      '400',
      '--out',
      file('boundary'),
    ];
    done([...boundary, ...lab]);
    assert.match(done(['table', file('boundary')]), /^d,/);
    assert.match(done(['theory', ...one]), /τ = 2[^]*data\.model is my\/model here, not signal-noise/);

    const schema = JSON.parse(done(['schema', ...lab])) as {
      properties: Record<
        string,
        { properties: Record<string, { enum?: string[]; maximum?: number; default?: number; description: string }> }
      >;
    };
    assert.ok(schema.properties['data']!.properties['model']!.enum!.includes('my/model'));
    assert.match(schema.properties['data']!.properties['tilt']!.description, /how far it leans \(default 1\)/);
    assert.ok(!done(['schema']).includes('my/model'));
  }));

test('a precision of a spec with own parts, from standard input', () =>
  withLab((file) => {
    const spec = SPEC.replace('runs: 2', 'runs: 12\nprecision: {halfWidth: 0.3, minRuns: 2}').replace(
      'axes: {data.d: [20, 40], data.tilt: [0.5, 2]}',
      'axes: {data.d: [20, 40]}',
    );
    writeFileSync(file('precise.yaml'), spec);
    const out = file('out');
    const { runsNow } = JSON.parse(
      done(['sweep', file('precise.yaml'), '--lab', file('my-lab.mjs'), '--out', out, '--json']),
    ) as { runsNow: number };
    assert.ok(runsNow >= 4 && runsNow <= 24);
    assert.match(done(['table', out]), /testErrorLow/);
  }));

test('modules that are none, and more than one', () =>
  withLab((file) => {
    const sweep = ['sweep', file('spec.yaml'), '--out', file('out')];
    const none = (name: string, text: string, sentence: string): void => {
      writeFileSync(file(name), text);
      refused([...sweep, '--lab', file(name)], sentence.replaceAll('FILE', file(name)));
    };
    const noLab = 'FILE: must export a lab by default: export default lab.with(...)';
    none('none.mjs', 'export const lab = 1;', noLab);
    none('three.mjs', 'export default 3;', noLab);
    none('common.cjs', 'module.exports = 3;', noLab);
    none('throws.mjs', "throw new Error('not today');", 'FILE: cannot be loaded: not today');
    none('throws-null.mjs', 'throw null;', 'FILE: cannot be loaded: null');
    none('broken.mjs', 'export default {{', "FILE: cannot be loaded: Unexpected token '{'");
    none(
      'lost.mjs',
      "import './gone.mjs';",
      `FILE: cannot be loaded: Cannot find module '${file('gone.mjs')}' imported from FILE`,
    );
    none(
      'bad-part.mjs',
      `import { lab, observable } from '${INDEX}'; export default lab.with(observable({ id: 'spread' }));`,
      'FILE: cannot be loaded: observable spread: id: must be a name with one slash, such as mine/spread, got "spread"',
    );
    const copied =
      "FILE: imports another copy of benign-lab than this command's: call the command of that copy (npx benign there)";
    none('copy.mjs', "export default { parts: [{ declaration: { id: 'my/model' } }] };", copied);
    writeFileSync(file('empty.mjs'), `export { lab as default } from '${INDEX}';`);
    refused(
      [...sweep, '--lab', file('empty.mjs')],
      /data\.model: must be one of .*, got "my\/model" \(a part of your own needs its module/,
    );
  }));

test('given twice, without a meaning, or without a folder', () =>
  withLab((file) => {
    const lab = ['--lab', file('my-lab.mjs')];
    refused(
      ['sweep', file('spec.yaml'), '--out', file('out'), ...lab, ...lab],
      '--lab: is given twice; one module can put the parts of others together: lab.with(...a.parts, ...b.parts)',
    );
    refused(['doctor', ...lab], '--lab: needs a result folder, benign doctor DIR --lab ...');
    refused(
      ['table', file('out'), ...lab],
      '--lab: has no meaning for benign table: the folder says what it needs of the parts',
    );
    refused(
      ['reproduce', 'kou-2023', ...lab],
      '--lab: has no meaning for benign reproduce: a reproduction has the setting of its paper',
    );
  }));

test('a folder whose lab.json is broken, of another time or gone is not read as if it was whole', () =>
  withLab((file) => {
    const out = file('out');
    done(['sweep', file('spec.yaml'), '--lab', file('my-lab.mjs'), '--out', out, '--set', 'runs=1']);
    const whole = readFileSync(join(out, 'lab.json'), 'utf8');
    const broken = file('broken');
    cpSync(out, broken, { recursive: true });
    const put = file('broken/lab.json');
    const left = `${put}: is not what a command with --lab left; it says what the folder's own parts are, so put the file back`;
    for (const [text, sentence] of [
      ['{', `${put}: is not valid JSON; this file was changed by something else`],
      ['null', left],
      ['[]', left],
      [whole.replace('"v": 1', '"v": 2'), left],
      [
        whole.replace('"version": 1', '"version": 0'),
        left.replace('left;', 'left (data-model my/model: version: must be an integer >= 1, got 0);'),
      ],
      [
        whole.replace('"glyph": "τ"', '"glyph": 3'),
        left.replace('left;', 'left (data-model my/model: parameters.tilt.glyph: must be a text, got 3);'),
      ],
    ] as const) {
      writeFileSync(put, text);
      refused(['table', broken], sentence);
    }
    rmSync(put);
    refused(['table', broken], /data\.model: must be one of .* needs its module/);
    // A sweep that was killed before it was written goes on.
    done(['sweep', file('spec.yaml'), '--lab', file('my-lab.mjs'), '--out', broken, '--set', 'runs=1']);
    assert.equal(readFileSync(put, 'utf8'), whole);
  }));

test('runs that fail are told with the part that failed', () =>
  withLab((file) => {
    writeFileSync(
      file('my-lab.mjs'),
      MODULE.replace('Math.max(...view.outputs) -', "view.outputs.length > 9 ? 1 : 'far' +"),
    );
    const { code, stderr } = benign(['sweep', file('spec.yaml'), '--lab', file('my-lab.mjs'), '--out', file('out')]);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /run [0-9a-f]{16}-\d failed: my\/spread: must be a number \(NaN where there is none\), got "far/,
    );
    assert.match(stderr, /and 5 more runs failed/);
  }));

test('a part that draws from elsewhere than its streams is found by running again', () =>
  withLab((file) => {
    writeFileSync(file('my-lab.mjs'), MODULE.replace('Math.max(...view.outputs) -', 'Math.random() + 0 *'));
    const lab = ['--lab', file('my-lab.mjs')];
    done(['sweep', file('spec.yaml'), ...lab, '--set', 'runs=1', '--out', file('out')]);
    assert.match(done(['doctor', file('out'), '--all', ...lab], 3), /4 findings, 4 of them by computing again/);
  }));

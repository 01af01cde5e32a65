/**
 * Files that are nearly right, for every reader of data: each is read, or refused in one sentence, without a crash, a
 * hang, or more memory than the file's size can ask for. The numbers of readers.md.
 *
 *     npm run build && node dist/validation/readers.js
 */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { Stream } from '../src/core/random.ts';
import { gunzip } from '../src/data/readers/gzip.ts';
import { readLabelled, type DataFile } from '../src/data/readers/format.ts';
import { parseIdx } from '../src/data/readers/idx.ts';
import { parseNpy } from '../src/data/readers/npy.ts';
import { UserError } from '../src/errors.ts';

/** What NumPy and Python wrote, by name: `test/fixtures/numpy/datasets.py`. */
export interface Written {
  readonly base64: string;
  readonly shape?: readonly number[];
  readonly dtype?: string;
  readonly values?: readonly number[];
  readonly labels?: readonly number[];
  readonly sums?: readonly number[];
  readonly first?: readonly (readonly number[])[];
}

export const WRITTEN = JSON.parse(
  readFileSync(new URL('../../test/fixtures/numpy/datasets.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Written>>;

export const bytesOf = ({ base64 }: Written): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));

/** What stands where sizes, counts and types stand. */
const EXTREMES = [0, 1, 0x7f, 0x80, 0xff];
const TEXT = ',;"\n\r\t .-+e0x';

/** The file with a few bytes, words or stretches changed, left out, put in, or cut off. */
export function mutated(stream: Stream, from: Uint8Array): Uint8Array {
  let bytes = Uint8Array.from(from);
  const place = (): number => {
    // The heads and the ends of files have their sizes.
    const where = stream.integer(3);
    const reach = Math.min(bytes.length, 64);
    if (where === 0) return stream.integer(reach);
    return where === 1 ? bytes.length - 1 - stream.integer(reach) : stream.integer(bytes.length);
  };
  for (let change = stream.integer(2) * stream.integer(5); change >= 0 && bytes.length > 0; change--) {
    const at = place();
    switch (stream.integer(7)) {
      case 0:
        bytes[at] = stream.integer(256);
        break;
      case 1:
        bytes[at]! ^= 1 << stream.integer(8);
        break;
      case 2:
        bytes.fill(EXTREMES[stream.integer(EXTREMES.length)]!, at, at + 1 + stream.integer(8));
        break;
      case 3:
        bytes[at] = TEXT.charCodeAt(stream.integer(TEXT.length));
        break;
      case 4:
        bytes = bytes.slice(0, at);
        break;
      case 5: {
        const length = stream.integer(16);
        bytes = Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + length)]);
        break;
      }
      default: {
        const again = bytes.subarray(at, at + stream.integer(64));
        bytes = Uint8Array.from([...bytes.subarray(0, at), ...again, ...bytes.subarray(at)]);
      }
    }
  }
  return bytes;
}

/** Numbers that are read for each byte: a packed byte holds 1032, each is 8 bytes long, and arrays grow twofold. */
const MOST_A_BYTE = 1032 * 8 * 2;
const MOST_LETTERS = 600;

export interface Fuzzed {
  readonly format: string;
  files: number;
  read: number;
  refused: number;
  /** bytes of numbers for one byte of the file, at most */
  ratio: number;
  /** the sentence of the largest number of letters */
  longest: string;
  slowestMs: number;
}

const formatOf = (name: string): string =>
  name.endsWith('.gz') ? 'gzip' : name.includes('idx') ? 'idx' : name.slice(name.lastIndexOf('.') + 1);

/**
 * Mutated files, `turns` in all: of each format as many, of each of its files in turn, packed ones also within.
 *
 * @param clock milliseconds, for the slowest
 * @throws Error at the first that is answered by anything but numbers or one sentence
 */
export function fuzz(turns: number, seed: number, clock: () => number = () => 0): Fuzzed[] {
  const stream = new Stream({ seed, cell: [0, 0], replicate: 0 }, 'test');
  const found = new Map<string, Fuzzed>();
  const corpus = Object.entries(WRITTEN);
  const formats = [...new Set(corpus.map(([name]) => formatOf(name)))];
  const byFormat = formats.map((format) => corpus.filter(([name]) => formatOf(name) === format));
  const labels = { name: 'labels-idx1', bytes: bytesOf(WRITTEN['labels-idx1']!) };
  for (let turn = 0; turn < turns; turn++) {
    const files = byFormat[turn % formats.length]!;
    const [name, written] = files[Math.floor(turn / formats.length) % files.length]!;
    const whole = bytesOf(written);
    const within = name.endsWith('.gz') && stream.integer(2) === 0;
    const bytes = within ? new Uint8Array(gzipSync(mutated(stream, gunzip(whole, name)))) : mutated(stream, whole);
    const format = formatOf(within ? name.slice(0, -3) : name);
    const one = found.get(format) ?? { format, files: 0, read: 0, refused: 0, ratio: 0, longest: '', slowestMs: 0 };
    found.set(format, one);
    one.files++;
    const began = clock();
    try {
      const held = readAny({ name, bytes }, labels);
      one.read++;
      one.ratio = Math.max(one.ratio, held / bytes.length);
      if (held > MOST_A_BYTE * bytes.length) throw new Error(`${held} bytes of numbers`);
    } catch (error) {
      const { message } = error as Error;
      if (!(error instanceof UserError) || message.includes('\n') || message.length > MOST_LETTERS)
        throw new Error(`turn ${turn}, ${name}: ${message}`, { cause: error });
      one.refused++;
      if (message.length > one.longest.length) one.longest = message;
    }
    one.slowestMs = Math.max(one.slowestMs, clock() - began);
  }
  return [...found.values()];
}

/** Bytes that are held, for a file of labelled points or, with no labels in it, of an array. */
function readAny(file: DataFile, labels: DataFile): number {
  const bare = file.name.endsWith('.npy') || file.name.includes('idx');
  if (bare && file.bytes[0] === 0x93) return parseNpy(file.bytes, file.name).values.byteLength;
  if (bare && file.name.startsWith('labels')) return parseIdx(file.bytes, file.name).values.byteLength;
  const { values, labels: numbers } = readLabelled([file], bare ? labels : undefined);
  return values.byteLength + numbers.byteLength;
}

const TURNS = 100_000;
const SEED = 16_001;

if (process.argv[1]?.endsWith('readers.js')) {
  const turns = Number(process.argv[2] ?? TURNS);
  const found = fuzz(turns, SEED, () => performance.now());
  const rows = found.map(
    ({ format, files, read, refused, ratio, slowestMs }) =>
      `| ${format} | ${files} | ${read} | ${refused} | ${ratio.toFixed(1)} | ${slowestMs.toFixed(0)} |\n`,
  );
  process.stdout.write(
    `| format | files | read | refused in a sentence | bytes held for one of the file, at most | slowest, ms |\n| --- | --- | --- | --- | --- | --- |\n${rows.join('')}`,
  );
  process.stdout.write(`\npeak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB\n`);
  process.stdout.write(
    `longest sentence: ${found.map(({ longest }) => longest).sort((a, b) => b.length - a.length)[0]}\n`,
  );
}

/** Which format a file has, and any of them read to labelled points. */
import { messages, shown, UserError } from '../../errors.ts';
import { DATA_FORMATS, type DataChoice, type DataFormat } from './choice.ts';
import { isCifar, parseCifar } from './cifar.ts';
import { parseCsv } from './csv.ts';
import type { ShapedArray } from './elements.ts';
import { gunzip, isGzip } from './gzip.ts';
import { isIdx, parseIdx } from './idx.ts';
import { joined, type LabelledPoints } from './labelled.ts';
import { isNpy, parseNpy } from './npy.ts';
import { arrayName, isZip, readArrays } from './npz.ts';

/** A file as it lies somewhere, packed by gzip or not. */
export interface DataFile {
  /** what it is called in errors; an ending .bin or .csv tells these formats from others */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Bytes that are looked at for what no text has. */
const LOOKED_AT = 65_536;

/**
 * The format of unpacked bytes.
 *
 * @throws UserError for what is none of them
 */
export function formatOf({ name, bytes }: DataFile): DataFormat {
  const plain = name.toLowerCase().replace(/\.gz$/, '');
  if (bytes.length === 0) throw new UserError(messages.badData(name, 'the file is empty'));
  if (plain.endsWith('.csv')) return 'csv';
  if (isNpy(bytes)) return 'npy';
  if (isZip(bytes)) return 'npz';
  if (plain.endsWith('.bin') && isCifar(bytes)) return 'cifar-10';
  if (isIdx(bytes)) return 'idx';
  if (isCifar(bytes)) return 'cifar-10';
  if (bytes.subarray(0, LOOKED_AT).every((byte) => byte >= 32 || (byte >= 9 && byte <= 13))) return 'csv';
  throw new UserError(messages.dataFormat(name, [...bytes.subarray(0, 4)], DATA_FORMATS));
}

/** The file without its gzip. */
export const unpacked = ({ name, bytes }: DataFile): DataFile =>
  isGzip(bytes) ? { name, bytes: gunzip(bytes, name) } : { name, bytes };

/**
 * Labelled points of one set.
 *
 * @param files one that has labels too (CSV, .npz, a batch of CIFAR-10), or several batches of CIFAR-10
 * @param labels the file of labels where points and labels lie apart (IDX, .npy): an array of one dimension, of any
 *   format that has arrays
 * @throws UserError with what is wrong and where
 */
export function readLabelled(files: readonly DataFile[], labels?: DataFile, choice: DataChoice = {}): LabelledPoints {
  const opened = files.map(unpacked);
  const [first] = opened;
  if (!first) throw new RangeError('files: must be one or more, got none');
  const format = choice.format ?? formatOf(first);
  const { name, bytes } = first;
  if (format !== 'cifar-10' && opened.length > 1)
    throw new UserError(
      messages.badData(opened[1]!.name, 'one file too many: only batches of CIFAR-10 are put together'),
    );
  if (labels && (format === 'cifar-10' || format === 'csv'))
    throw new UserError(
      messages.badData(name, `has its labels in it, and ${labels.name} has labels too; name one file`),
    );
  if (format === 'cifar-10') return parseCifar(opened);
  if (format === 'csv') return parseCsv(bytes, name, choice);
  if (labels)
    return joined(arrayOf(first, format, choice.pointsArray), name, labelsOf(unpacked(labels), choice), labels.name);
  if (format !== 'npz') throw new UserError(messages.labelsApart(name));
  return ofArchive(readArrays(bytes, name), name, choice);
}

function labelsOf(file: DataFile, { labelsArray }: DataChoice): ShapedArray {
  const format = formatOf(file);
  if (format === 'idx' || format === 'npy' || format === 'npz') return arrayOf(file, format, labelsArray);
  throw new UserError(
    messages.badData(file.name, `labels by themselves are read from idx, npy and npz, got ${format}`),
  );
}

/** The array of a file, or the named or only one of an archive. */
function arrayOf({ name, bytes }: DataFile, format: 'idx' | 'npy' | 'npz', array?: string): ShapedArray {
  if (format === 'idx') return parseIdx(bytes, name);
  if (format === 'npy') return parseNpy(bytes, name);
  const arrays = readArrays(bytes, name);
  const found = array === undefined ? (arrays.size === 1 ? [...arrays.values()][0] : undefined) : arrays.get(array);
  return found ?? missing(name, array, arrays);
}

function missing(name: string, array: string | undefined, arrays: ReadonlyMap<string, ShapedArray>): never {
  const wanted = array === undefined ? 'which array is meant, it does not say' : `has no array ${shown(array)}`;
  const there = [...arrays].slice(0, FEW).map(([one, { shape }]) => `${shown(one)} (${shape.slice(0, 5).join(', ')})`);
  throw new UserError(messages.badData(name, `${wanted}; there are ${there.join(', ') || 'none'}`));
}
const FEW = 5;

/** The named arrays, or the one pair of which one has a single dimension, and as many numbers as the other has rows. */
function ofArchive(
  arrays: ReadonlyMap<string, ShapedArray>,
  name: string,
  { pointsArray, labelsArray }: DataChoice,
): LabelledPoints {
  for (const asked of [pointsArray, labelsArray])
    if (asked !== undefined && !arrays.has(asked)) missing(name, asked, arrays);
  const pairs = [...arrays].flatMap(([points, { shape }]) =>
    [...arrays].flatMap(([labels, { shape: labelled }]) =>
      points !== labels &&
      (pointsArray === undefined ? shape.length > 1 : pointsArray === points) &&
      (labelsArray === undefined ? labelled.length === 1 && labelled[0] === shape[0] : labelsArray === labels)
        ? [[points, labels] as const]
        : [],
    ),
  );
  const [pair] = pairs;
  if (!pair || pairs.length > 1) return missing(name, undefined, arrays);
  const [points, labels] = pair;
  return joined(arrays.get(points)!, arrayName(name, points), arrays.get(labels)!, arrayName(name, labels));
}

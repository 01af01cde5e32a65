/** Data sets of presets. None comes with the package, and nothing is fetched: docs/real-data.md says where they are. */

/** Which files, and what they hold. */
export interface PresetData {
  /** name of the file of images, packed by gzip or not, or of the folder with its batches */
  readonly points: string;
  /** what it is, in words */
  readonly says: string;
  /** `data.content`; absent where nobody here had the files */
  readonly content?: string;
  /** of one point: [height, width] or [channels, height, width] */
  readonly shape: readonly number[];
  /** where it is looked for unasked: the folder of a package of Debian's */
  readonly place?: 'fashion-mnist';
}

/** In a spec in place of a content that is not known: the spec is read, and is run with the content of its files. */
export const UNKNOWN = '0'.repeat(64);

export const MNIST_TEST: PresetData = {
  points: 't10k-images-idx3-ubyte',
  says: "MNIST's test images and, beside them, their labels",
  content: '63c9c85ba7a2675d669ad861a83eab1830fdafced44e36a7a8d65dbffe76acb4',
  shape: [28, 28],
};

export const FASHION_MNIST: PresetData = {
  points: 'train-images-idx3-ubyte',
  says: "Fashion-MNIST's training images and, beside them, their labels",
  content: '0f6866f718cfba2a8b0648eec7d49944b755e19b7e515b10cffd1df31c16ad01',
  shape: [28, 28],
  place: 'fashion-mnist',
};

export const CIFAR_10: PresetData = {
  points: 'cifar-10-batches-bin',
  says: 'the folder with the batches of CIFAR-10, binary version',
  shape: [3, 32, 32],
};

/** What a spec says of them. */
export const ofFiles = ({ points, content = UNKNOWN }: PresetData) =>
  ({ files: { points }, data: { model: 'dataset', content } }) as const;

/** Uniformly random orders and subsets (Fisher and Yates). The order of the draws is part of every record. */
import type { Stream } from './random.ts';

type Places = Int32Array | Uint32Array;

/** Puts all places into a uniformly random order, from the last one down: length - 1 draws. */
export function shuffle(places: Places, stream: Stream): void {
  for (let i = places.length - 1; i > 0; i--) swap(places, i, stream.integer(i + 1));
}

/**
 * Draws a uniform subset to the head of the places, in uniform order: `size` draws.
 *
 * @param size an integer in [0, places.length]
 * @returns the head, a view of them
 */
export function shuffleHead<P extends Places>(places: P, size: number, stream: Stream): P {
  for (let i = 0; i < size; i++) swap(places, i, i + stream.integer(places.length - i));
  return places.subarray(0, size) as P;
}

function swap(places: Places, i: number, j: number): void {
  const at = places[i]!;
  places[i] = places[j]!;
  places[j] = at;
}

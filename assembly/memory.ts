/** Numbers in linear memory by their place in an array, and room for a run's arrays behind its header. */

// @ts-ignore: decorator
@inline
export function at4(base: usize, index: i32): usize {
  return base + (<usize>index << 2);
}

// @ts-ignore: decorator
@inline
export function at8(base: usize, index: i32): usize {
  return base + (<usize>index << 3);
}

// @ts-ignore: decorator
@inline
export function at16(base: usize, index: i32): usize {
  return base + (<usize>index << 4);
}

// @ts-ignore: decorator
@inline
export function get(base: usize, index: i32): f64 {
  return load<f64>(at8(base, index));
}

// @ts-ignore: decorator
@inline
export function set(base: usize, index: i32, value: f64): void {
  store<f64>(at8(base, index), value);
}

// @ts-ignore: decorator
@inline
export function addTo(at: usize, term: v128): void {
  v128.store(at, f64x2.add(v128.load(at), term));
}

let top: usize = 0;

/** From where on the next array may lie. */
export function beginAt(address: usize): void {
  top = (address + 63) & ~63;
}

/** Room for an array, from a line of the cache on. */
export function take(bytes: usize): usize {
  const at = top;
  beginAt(top + bytes);
  return at;
}

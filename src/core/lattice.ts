/**
 * Rank-1 lattice rules: N points whose every coordinate is the regular grid, made for randomly
 * shifted quasi-Monte Carlo.
 */

const cache = new Map<number, number[]>();

/**
 * Generating vector for N points in `dimensions` coordinates, component by component against the worst-case
 * error in the weighted Korobov space of smoothness 2 with product weights 1/j^2
 * (Sloan, Reztsov, Math. Comp. 71 (2002); Nuyens, Cools, Math. Comp. 75 (2006)).
 * A longer vector starts with the shorter one.
 *
 * @param points N >= 1
 */
export function latticeGenerator(points: number, dimensions: number): readonly number[] {
  let generator = cache.get(points);
  if (!generator) cache.set(points, (generator = []));
  if (generator.length < dimensions) extend(generator, points, dimensions);
  return generator;
}

function extend(generator: number[], N: number, dimensions: number): void {
  const kernel = Float64Array.from({ length: N }, (_, i) => {
    const x = i / N;
    return 2 * Math.PI * Math.PI * (x * x - x + 1 / 6);
  });
  const products = new Float64Array(N).fill(1);
  const multiply = (z: number, j: number): void => {
    for (let i = 0; i < N; i++) products[i]! *= 1 + kernel[(i * z) % N]! / (j * j);
  };
  generator.forEach((z, j) => multiply(z, j + 1));
  while (generator.length < dimensions) {
    const j = generator.length + 1;
    let best = 1;
    let least = Infinity;
    for (let z = 1; z < Math.max(2, N / 2 + 1); z++) {
      if (N > 1 && gcd(z, N) !== 1) continue;
      let sum = 0;
      for (let i = 0; i < N; i++) sum += products[i]! * (1 + kernel[(i * z) % N]! / (j * j));
      if (sum < least) [best, least] = [z, sum];
    }
    generator.push(best);
    multiply(best, j);
  }
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

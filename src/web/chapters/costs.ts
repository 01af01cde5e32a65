/** How large a map a chapter draws: what one run costs decides. */

/**
 * Milliseconds of one run, mean over a coarse map, on one core of a server; measured once, presets above 25 alone. The
 * order is what counts.
 */
const MILLISECONDS: Readonly<Record<string, number>> = {
  'kou-2023/heat-map/in-theory': 90,
  'kou-2023/collapse/large-start': 33,
  'kou-2023/width/in-theory': 130,
  'kou-2023/loss-level/in-theory': 40,
  'kou-2023/step-size/in-theory': 140,
  'karhadkar-2024/heat-map/as-plotted': 580,
  'karhadkar-2024/heat-map/as-coded': 160,
  'karhadkar-2024/heat-map/as-printed': 130,
  'karhadkar-2024/columns/as-plotted': 800,
  'karhadkar-2024/columns/as-coded': 160,
  'karhadkar-2024/gamma-curve/as-plotted': 560,
  'karhadkar-2024/gamma-curve/as-coded': 70,
  'karhadkar-2024/gamma-curve/as-printed': 140,
  'karhadkar-2024/text-against-code/factorial': 300,
  'karhadkar-2024/theorem-3.1/as-printed': 30,
  'shang-2024/invariant/step-size': 55,
  'xu-gu-2023/error/exponent': 410,
  'xu-gu-2023/rates/over-time': 30,
  'xu-gu-2023/undying/every-step': 35,
  'xu-gu-2023/pollution/one-class': 40,
  'xu-gu-2023/pollution/largest-norm': 40,
  'xu-gu-2023/pollution/aligned': 40,
  'xu-gu-2023/ntk/initial-scale': 60,
  'meng-2024/dimension/orthogonal': 35,
  'meng-2024/dimension/narrow-angle': 100,
  'xu-2024/grokking/small-start': 480,
  'xu-2024/grokking/large-start': 260,
  'frei-2022/error/any-width': 700,
  'frei-2022/loss-ratio/over-time': 510,
  'huang-2025/descent/m-per-class': 340,
  'huang-2025/descent/m-in-all': 115,
  'huang-2025/heat-map/m-in-all': 830,
  'huang-2025/factors/gaussian': 360,
  'huang-2025/factors/uniform-narrow': 460,
  'huang-2025/factors/uniform-wide': 460,
  'huang-2025/powers/q-3': 300,
  'huang-2025/powers/q-4': 420,
  'huang-2025/three-layers/pool-first': 400,
  'huang-2025/three-layers/pool-last': 400,
  'mallinar-2022/regimes/benign': 90,
  'mallinar-2022/regimes/tempered': 28,
  'chen-2023-sam/transition/one-noise-patch': 460,
  'optimizers/transition/one-limit': 36,
  'optimizers/transition/fixed-time': 240,
  'optimizers/transition/coordinatewise': 360,
  'depth/transition/equal-width': 55,
  'depth/lazy-rich/equal-width': 30,
};

/** One run of these takes minutes: tens of thousands of steps in a thousand explicit coordinates. */
export const takesLong = (preset: string): boolean => preset.startsWith('tang-2025/adam/');

export interface Size {
  /** cells along a side */
  readonly grid: number;
  readonly mapRuns: number;
}

const costOf = (preset: string): number => MILLISECONDS[preset] ?? 0;

/** A few seconds on the cores of a laptop. */
export function sizeOf(preset: string): Size {
  const cost = costOf(preset);
  if (cost > 250) return { grid: 5, mapRuns: 1 };
  if (cost > 100) return { grid: 6, mapRuns: 2 };
  if (cost > 25) return { grid: 8, mapRuns: 2 };
  return { grid: 16, mapRuns: 3 };
}

/** Whether the runs that a verdict needs, some sixty, take seconds only. */
export const canJudge = (preset: string): boolean => costOf(preset) <= 100;

/** `benign doctor`: is this installation sound, and does it give the bits it should? */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { recordLine } from '../experiments/record.ts';
import { runCell } from '../experiments/run.ts';
import { specFrom } from '../experiments/spec-text.ts';
import { cells } from '../experiments/spec.ts';
import { EXIT, printJson, say } from './context.ts';
import { versions } from './versions.ts';

/** Four small runs that pass through every kernel: both draws, both engines, both losses, both estimators. */
const PROBES = [
  { data: { n: 8, d: 1000, mu: 3, flip: 0.2 }, network: { m: 3 }, training: { eta: 1, maxSteps: 30 } },
  {
    data: { n: 8, d: 12, mu: 1, flip: 0.2, projected: false, draw: 'explicit' },
    network: { m: 3, bias: true, init: 'pytorch', outputScale: '1' },
    training: { maxSteps: 30 },
  },
  {
    data: { n: 8, d: 50, mu: 2, flipLaw: 'exact', flips: 2 },
    network: { m: 3, activation: 'leaky-relu' },
    training: { loss: 'hinge', stop: 'zero-error', eta: 1 },
    engine: 'direct',
  },
  {
    data: { n: 8, d: 50, mu: 2, flipLaw: 'adversarial', flips: 1 },
    network: { m: 3, activation: 'relu-power' },
    training: { maxSteps: 30 },
    test: { estimator: 'points' },
  },
] as const;

/** SHA-256 of the probes' records; a part of the golden records. */
export const EXPECTED_BITS = '736a17d87cb9e772f72b4312a6b825c2334a818a1874c103dc935b007e679f73';

export function probeBits(): string {
  const lines = PROBES.map((probe) => {
    const [cell] = cells(specFrom(probe, 'probe'));
    return recordLine(runCell(cell!, 1, 0));
  });
  return bytesToHex(sha256(utf8ToBytes(lines.join('\n'))));
}

/** A module with one v128 instruction: valid only where WebAssembly SIMD is. */
const SIMD_PROBE = hexToBytes('0061736d010000000105016000017b030201000a0a0108004100fd0ffd620b');

export function doctor(options: { json?: boolean }): number {
  const bits = probeBits();
  const stamp = new URL('../../.built', import.meta.url);
  const wasm = (globalThis as { WebAssembly?: { validate(bytes: Uint8Array): boolean } }).WebAssembly;
  const report = {
    ...versions(),
    built: existsSync(stamp) ? readFileSync(stamp, 'utf8').trim() : 'unknown',
    platform: `${process.platform} ${process.arch}`,
    threads: availableParallelism(),
    simd: wasm?.validate(SIMD_PROBE) === true,
    bits: bits === EXPECTED_BITS ? 'as they should be' : 'DIFFERENT',
    ok: bits === EXPECTED_BITS,
  };
  if (options.json) printJson(report);
  else for (const [key, value] of Object.entries(report)) if (key !== 'ok') say(`${key.padEnd(11)} ${value}`);
  if (!report.ok)
    say(
      `the bits self-check gave ${bits}, expected ${EXPECTED_BITS}: results of this installation would not agree with others; please report it`,
    );
  return report.ok ? EXIT.ok : EXIT.checkFailed;
}

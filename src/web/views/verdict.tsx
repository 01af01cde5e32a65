/** The word on a setting: benign, harmful, not fitted or undecided, with the interval behind it. */
import type { JSX } from 'preact';
import { typeset } from '../../figures/text.ts';
import { short } from '../text/words.ts';
import type { RunAnswer } from '../../answers/run.ts';
import type { Described } from '../worker/wire.ts';

const WORDS = {
  benign: 'Benign',
  harmful: 'Harmful',
  undecided: 'Undecided',
  'not fitted': 'Not fitted',
} as const;

export function Verdict({
  name,
  answer,
  described,
  wanted,
  old = false,
  heading: Heading = 'h2',
}: {
  readonly name?: string | undefined;
  readonly heading?: 'h2' | 'h5';
  readonly answer: RunAnswer | undefined;
  readonly described: Described;
  /** runs that it is to rest on */
  readonly wanted?: number | undefined;
  /** it is that of the setting before, and the new one is on its way */
  readonly old?: boolean;
}): JSX.Element {
  const kind = answer?.verdict.kind;
  const few = answer !== undefined && wanted !== undefined && answer.runs < wanted;
  return (
    <section
      class={`verdict ${kind?.replace(' ', '-') ?? 'open'} ${old ? 'old' : ''}`}
      aria-live="polite"
      aria-busy={old || few}
    >
      <Heading class="word">
        {name ? `${name}: ` : ''}
        {kind ? WORDS[kind] : 'Computing …'}
        {old ? ' (of the setting before)' : few ? ' so far' : ''}
      </Heading>
      {answer?.verdict.interval && <Interval answer={answer} limit={described.limit} />}
      {few && !old && (
        <p>
          {answer.runs} of {wanted} runs are there; the others are being computed.
        </p>
      )}
      <p>{answer ? typeset(answer.verdict.sentence) : 'Runs of this setting are being computed.'}</p>
      {answer?.verdict.hints.map((hint) => (
        <p key={hint} class="hint">
          {typeset(hint)}
        </p>
      ))}
      <p class="numbers" hidden={old}>
        {described.S !== null && <span>S = n‖μ‖⁴/(σₚ⁴d) = {short(described.S)}</span>}
        {described.SNR !== null && <span>SNR = {short(described.SNR)}</span>}
      </p>
    </section>
  );
}

/** The interval of the excess error on a scale from 0 to 1/2, with the limit. */
function Interval({ answer, limit }: { readonly answer: RunAnswer; readonly limit: number }): JSX.Element {
  const { interval, excess = NaN } = answer.verdict;
  const x = (value: number): number => 6 + Math.min(1, Math.max(0, value / 0.5)) * 248;
  const { low, high } = interval!;
  return (
    <svg
      class="interval"
      width="260"
      height="34"
      role="img"
      aria-label={`Excess error ${short(excess)}, interval from ${short(low)} to ${short(high)}; the limit is ${limit}.`}
    >
      <line x1={6} x2={254} y1={12} y2={12} class="track" />
      <line x1={x(limit)} x2={x(limit)} y1={3} y2={21} class="limit" />
      <line x1={x(low)} x2={x(high)} y1={12} y2={12} class="span" />
      <circle cx={x(excess)} cy={12} r={4} />
      <text x={6} y={32}>
        0
      </text>
      <text x={x(limit)} y={32} text-anchor="middle">
        {limit}
      </text>
      <text x={254} y={32} text-anchor="end">
        .5
      </text>
    </svg>
  );
}

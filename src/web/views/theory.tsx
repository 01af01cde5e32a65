/** The theory beside a setting: which statements speak of it, whether their assumptions hold and by what factor, and lemmas as lights. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { BoundReport, JudgedReport, RegimeReport, StatementReport } from '../../answers/theory-report.ts';
import { typeset } from '../../figures/text.ts';
import { SYMBOLS, type SymbolEntry } from '../../notation.ts';
import type { PageState } from '../state/page-state.ts';
import { formula as printed, short } from '../text/words.ts';
import type { Client } from '../worker/client.ts';
import type { LemmaLights, TheoryTold } from '../worker/wire.ts';

export interface TheoryProps {
  readonly state: PageState;
  readonly client: Client;
  readonly told: TheoryTold | undefined;
}

export function Theory({ state, client, told }: TheoryProps): JSX.Element {
  return (
    <section class="theory-room" aria-labelledby="theory-head">
      <h2 id="theory-head">Theory beside it</h2>
      {told ? <Statements told={told} /> : <p>…</p>}
      <Lights state={state} client={client} />
    </section>
  );
}

function Statements({ told }: { readonly told: TheoryTold }): JSX.Element {
  const papers = [...new Set(told.statements.map(({ paper }) => paper))];
  return (
    <>
      {told.regimes.length === 0 && <p>No paper of the shelf predicts a regime here.</p>}
      {told.regimes.map((regime) => (
        <Regime
          key={regime.id}
          regime={regime}
          constants={constantWords(told.statements.find(({ id }) => id === regime.id))}
        />
      ))}
      {papers.map((paper) => {
        const own = told.statements.filter((one) => one.paper === paper);
        const departures = [...new Set(own.flatMap((one) => one.departures))];
        const conditions = own.flatMap((one) => one.conditions);
        const held = conditions.filter(({ holds }) => holds === true).length;
        const known = conditions.filter(({ holds }) => holds !== null).length;
        return (
          <details key={paper}>
            <summary>
              {paper}: {own.length} {own.length === 1 ? 'statement' : 'statements'}, {held} of {known} conditions hold
            </summary>
            {departures.length > 0 && <p>This setting departs from its model: {departures.join('; ')}.</p>}
            {own.map((one) => (
              <Statement key={one.id} one={one} />
            ))}
          </details>
        );
      })}
      <p class="numbers">{told.elsewhere} statements of the shelf are not about this setting.</p>
    </>
  );
}

function Regime({
  regime: { id, regime, says, assumptions, benign, harmful, critical },
  constants,
}: {
  readonly regime: RegimeReport;
  readonly constants: string;
}): JSX.Element {
  const inForce = assumptions.hold === assumptions.of;
  const glyph = typeset((SYMBOLS[critical.symbol] as SymbolEntry).glyph);
  const list = (values: readonly number[]): string => values.map((value) => short(value)).join(' and ');
  return (
    <p class={`regime ${regime}`}>
      <b>{inForce ? regime : `${regime}, not in force`}</b> by {id} ({says}): {assumptions.hold} of {assumptions.of}{' '}
      assumptions hold{constants && `, with ${constants}`}.{benign && ` Benign side: ${sides(benign)}.`}
      {harmful && ` Harmful side: ${sides(harmful)}.`}
      {critical.benign.length > 0 && ` Benign border at ${glyph} = ${list(critical.benign)}.`}
      {critical.harmful.length > 0 && ` Harmful border at ${glyph} = ${list(critical.harmful)}.`}
    </p>
  );
}

/** `C1 = 100 (free, chosen by us)`: what the numbers of a statement rest on. */
function constantWords(one: StatementReport | undefined): string {
  return Object.entries(one?.constants ?? {})
    .map(([name, value]) => {
      const whose =
        name === 'delta'
          ? 'the failure probability'
          : one!.fitted.includes(name)
            ? 'measured by us'
            : 'free, chosen by us';
      return `${name === 'delta' ? 'δ' : name} = ${short(value)} (${whose})`;
    })
    .join(', ');
}

const sides = ({ formula, holds, factor }: JudgedReport): string =>
  `${printed(formula)} ${holds === null ? 'is unknown here' : holds ? `holds by a factor ${short(factor ?? Infinity)}` : `is missed by a factor ${short(1 / (factor ?? NaN))}`}`;

function Statement({ one }: { readonly one: StatementReport }): JSX.Element {
  return (
    <article>
      <h3>
        {one.title}{' '}
        <small>
          {one.source}, {one.asKnown}
        </small>
      </h3>
      <p>{printed(one.formula)}</p>
      {constantWords(one) && <p class="numbers">{constantWords(one)}</p>}
      {one.conditions.length > 0 && (
        <ul class="lights">
          {one.conditions.map((condition) => (
            <li key={condition.id} class={condition.holds === null ? 'open' : condition.holds ? 'holds' : 'fails'}>
              <Mark word={condition.holds === null ? 'unknown' : condition.holds ? 'holds' : 'fails'} />
              {sides(condition)}
            </li>
          ))}
        </ul>
      )}
      {one.bounds.map((bound) => (
        <p key={bound.id} class="bound">
          {boundText(bound)}
        </p>
      ))}
    </article>
  );
}

function boundText({ of, side, formula, value, where }: BoundReport): string {
  const glyph = typeset((SYMBOLS[of] as SymbolEntry).glyph);
  const number = value === null ? '' : ` = ${short(value)}`;
  const only = where ? `, where ${sides(where)}` : '';
  return `${glyph} ${side === 'upper' ? '≤' : '≥'} ${printed(formula)}${number}${only}`;
}

/** A word and a sign: no colour alone says anything. */
const Mark = ({ word }: { readonly word: string }): JSX.Element => (
  <span class="mark">
    <span aria-hidden="true">{{ holds: '●', fails: '✗', undecided: '◐', unknown: '○' }[word]}</span> {word}{' '}
  </span>
);

function Lights({ state, client }: Omit<TheoryProps, 'told'>): JSX.Element {
  const key = JSON.stringify([state.preset, state.set]);
  const [open, setOpen] = useState(false);
  const [lights, setLights] = useState<{ readonly of: string; readonly told?: LemmaLights; readonly why?: string }>({
    of: '',
  });
  useEffect(() => {
    if (!open) return;
    let wanted = true;
    const timer = setTimeout(async () => {
      const told = await client.lemmas(state);
      if (wanted) setLights('value' in told ? { of: key, told: told.value } : { of: key, why: told.error });
    }, 200);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [open, key]);
  const { told, why } = lights.of === key ? lights : {};
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Lemma lights: the papers' lemmas held against runs of this setting</summary>
      {why !== undefined ? (
        <p>{why}</p>
      ) : told ? (
        <>
          <p class="numbers">{told.runs} runs, every lemma also outside its assumptions, where it promises nothing.</p>
          <ul class="lights">
            {told.lemmas.map((one) => (
              <li key={one.id} class={one.outside > 0 ? 'open' : one.verdict}>
                <Mark word={one.verdict} />
                <b>{one.id}</b> ({one.source}, {one.asKnown}): {one.says}: {printed(one.formula)}; {one.violated} of{' '}
                {one.met} runs break it
                {one.outside > 0 ? `, ${one.outside} of them outside its assumptions (${one.unmet.join('; ')})` : ''}
              </li>
            ))}
          </ul>
        </>
      ) : (
        <p>Runs with the series that the lemmas read are being computed …</p>
      )}
    </details>
  );
}

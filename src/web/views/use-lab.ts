/** What is known of a state: asked of the workers as it changes, each question when what it depends on has moved. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { RunAnswer } from '../../answers/run.ts';
import type { PageState } from '../state/page-state.ts';
import type { Client } from '../worker/client.ts';
import type { Described, Hero, MapPart, Played, Slot, TheoryTold, Told } from '../worker/wire.ts';
import { heroMap, heroRun } from './hero.ts';

/** Milliseconds that a knob must rest. */
const REST = { describe: 0, play: 40, verdict: 60, map: 120, theory: 150 } as const;

export interface Known {
  readonly described: Described | undefined;
  readonly part: MapPart | undefined;
  readonly played: Played | undefined;
  readonly answer: RunAnswer | undefined;
  readonly told: TheoryTold | undefined;
  /** the step at which a run that is being computed is; undefined: none is */
  readonly step: number | undefined;
  /** why something is not known, in sentences */
  readonly errors: readonly string[];
  /** what is of a setting before this one, which is being computed */
  readonly old: { readonly answer: boolean; readonly played: boolean };
  /** share of the map that is done */
  readonly progress: number;
}

/**
 * Asks once `key` has rested; what comes for an older key is passed over.
 *
 * @param ask hands over answers as they come, and resolves with what went wrong
 */
function useAsked<T>(
  client: Client | undefined,
  key: string,
  rest: number,
  ask: (client: Client, see: (value: T) => void) => Promise<string | undefined>,
): readonly [value: T | undefined, of: string, error: string | undefined] {
  const [known, setKnown] = useState<{ readonly value: T | undefined; readonly of: string }>({
    value: undefined,
    of: '',
  });
  const [error, setError] = useState<{ readonly why: string | undefined; readonly of: string }>({
    why: undefined,
    of: '',
  });
  const latest = useRef(ask);
  latest.current = ask;
  useEffect(() => {
    if (!client) return;
    let wanted = true;
    const timer = setTimeout(async () => {
      const see = (value: T): void => {
        if (wanted) setKnown({ value, of: key });
      };
      const said = (thrown: unknown): string => String((thrown as Error).message);
      // A worker that died is started anew, and asked once more.
      const again = (): Promise<string | undefined> => latest.current(client, see).catch(said);
      const why = await latest.current(client, see).catch(() => (wanted ? again() : undefined));
      if (wanted) setError({ why, of: key });
    }, rest);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [client, key, rest]);
  return [known.value, known.of, error.of === key ? error.why : undefined];
}

const once =
  <T>(ask: (client: Client) => Promise<Told<T>>) =>
  async (client: Client, see: (value: T) => void): Promise<string | undefined> => {
    const told = await ask(client);
    if ('error' in told) return told.error;
    see(told.value);
    return undefined;
  };

const whyOf = (told: Told<null>): string | undefined => ('error' in told ? told.error : undefined);

/** What is asked beside what a setting is. */
export type Wanted = 'map' | 'run' | 'verdict' | 'theory';
/** Of a second setting beside the first: its map is the first one's. */
export const BESIDE: readonly Wanted[] = ['run', 'verdict'];

/** @param slot who asks: others' questions go on beside these */
export function useLab(
  client: Client | undefined,
  state: PageState,
  hero: Hero | undefined,
  slot: Slot = 'A',
  wanted: readonly Wanted[] = ['map', 'theory', ...BESIDE],
): Known {
  const asks = (what: Wanted): Client | undefined => (described && wanted.includes(what) ? client : undefined);
  const { preset, set, x, y, grid, replicate, runs, show, mapRuns } = state;
  const setting = JSON.stringify([preset, set]);
  const [described, , why] = useAsked<Described>(
    client,
    JSON.stringify([setting, x, y, grid, replicate]),
    REST.describe,
    once((one) => one.describe(state)),
  );
  const first = !client || !described;
  const now = first ? hero?.described : described;
  // The map does not depend on where the setting lies on it.
  const around = Object.entries(set).filter(([path]) => path !== now?.x.path && path !== now?.y.path);
  const mapKey = JSON.stringify([preset, around, x, y, grid, show, mapRuns]);
  const [part, partOf, mapWhy] = useAsked<MapPart>(asks('map'), mapKey, REST.map, async (one, see) =>
    whyOf(await one.map(state, slot, see)),
  );
  const answerKey = JSON.stringify([setting, runs]);
  const [answer, answerOf, answerWhy] = useAsked<RunAnswer>(
    asks('verdict'),
    answerKey,
    REST.verdict,
    async (one, see) => whyOf(await one.verdict(state, slot, see)),
  );
  const playKey = JSON.stringify([setting, replicate]);
  const [step, setStep] = useState(0);
  const [played, playedOf, playedWhy] = useAsked<Played>(
    asks('run'),
    playKey,
    REST.play,
    once((one) => one.play(state, slot, setStep)),
  );
  const [told] = useAsked<TheoryTold>(
    asks('theory'),
    setting,
    REST.theory,
    once((one) => one.theory(state)),
  );
  useEffect(() => () => void client?.end(slot).catch(() => {}), [client, slot]);
  const early = useMemo(() => (hero ? { map: heroMap(hero), run: heroRun(hero, state) } : undefined), [hero, setting]);
  const point = useMemo(
    () => (now && first && early ? { ...now, point: early.run.point, run: early.run.played.record.run } : now),
    [now, first, early],
  );
  return {
    described: point,
    part: part ?? (first || partOf === '' ? early?.map : undefined),
    played: played ?? (playedOf === '' ? early?.run.played : undefined),
    answer,
    told,
    step: asks('run') && why === undefined && playedWhy === undefined && playedOf !== playKey ? step : undefined,
    old: {
      answer: answer !== undefined && answerOf !== answerKey,
      played: played !== undefined && playedOf !== playKey,
    },
    errors: [...new Set([why, mapWhy, answerWhy, playedWhy].filter((one) => one !== undefined))],
    progress: part && partOf === mapKey ? (part.complete ? 1 : part.done / part.total / part.stride ** 2) : 0,
  };
}

/** The page's state, its address, and who follows it. */
import { useEffect, useState } from 'preact/hooks';
import { readHash, writeHash } from './hash.ts';
import type { PageState } from './page-state.ts';

/** Milliseconds between two writings of the address: browsers refuse more than a hundred in half a minute. */
const OFTEN = 400;

export class Store {
  state: PageState;
  /** what of the address made no sense */
  complaints: readonly string[];
  private readonly followers = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    ({ state: this.state, complaints: this.complaints } = readHash(location.hash));
    addEventListener('hashchange', () => {
      // What was complained of is over when the address is put right.
      if (this.complaints.length === 0 && location.hash.replace(/^#/, '') === writeHash(this.state)) return;
      clearTimeout(this.timer);
      ({ state: this.state, complaints: this.complaints } = readHash(location.hash));
      this.tell();
    });
    addEventListener('pagehide', () => this.write());
  }

  /** @param step it is a step of its own in the browser's history */
  change(part: Partial<PageState>, step = false): void {
    this.put({ ...this.state, ...part }, step);
  }

  /** The same with a whole state. */
  put(state: PageState, step = false): void {
    if (step) {
      this.write();
      history.pushState(null, '', location.href);
    }
    this.state = state;
    this.complaints = [];
    this.timer ??= setTimeout(() => this.write(), step ? 0 : OFTEN);
    this.tell();
  }

  follow(hear: () => void): () => void {
    this.followers.add(hear);
    return () => this.followers.delete(hear);
  }

  private tell(): void {
    for (const hear of this.followers) hear();
  }

  private write(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const hash = writeHash(this.state);
    if (hash !== location.hash.replace(/^#/, ''))
      history.replaceState(null, '', hash === '' ? location.pathname + location.search : `#${hash}`);
  }
}

export function useStore(store: Store): PageState {
  const [state, setState] = useState(store.state);
  useEffect(() => {
    setState(store.state);
    return store.follow(() => setState(store.state));
  }, [store]);
  return state;
}

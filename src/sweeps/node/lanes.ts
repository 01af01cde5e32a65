/** Several lanes of work on one pool. */

/** Lanes without work wait for it to ring: what another brings home may ask for more. */
export class Bell {
  private waiting: (() => void)[] = [];

  rung(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  ring(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

/**
 * Runs `count` lanes to their end and throws what the first one failed with. A lane that fails stops the others at
 * their next batch, and what they have in work comes home first: a pool that is destroyed under a batch throws on its
 * own.
 *
 * @param lane works until there is nothing left, or `stopped()`; told its place, 0 .. count - 1
 */
export async function runLanes(
  count: number,
  lane: (stopped: () => boolean, place: number) => Promise<void>,
): Promise<void> {
  let failed = false;
  const endings = await Promise.allSettled(
    Array.from({ length: count }, async (_, place) => {
      try {
        await lane(() => failed, place);
      } catch (error) {
        failed = true;
        throw error;
      }
    }),
  );
  for (const ending of endings) if (ending.status === 'rejected') throw ending.reason;
}

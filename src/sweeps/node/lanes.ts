/** Several lanes of work on one pool. */

/**
 * Runs `count` lanes to their end and throws what the first one failed with. A lane that fails stops the others at their next batch, and what
 * they have in work comes home first: a pool that is destroyed under a batch throws on its own.
 *
 * @param lane works until there is nothing left, or `stopped()`
 */
export async function runLanes(count: number, lane: (stopped: () => boolean) => Promise<void>): Promise<void> {
  let failed = false;
  const endings = await Promise.allSettled(
    Array.from({ length: count }, async () => {
      try {
        await lane(() => failed);
      } catch (error) {
        failed = true;
        throw error;
      }
    }),
  );
  for (const ending of endings) if (ending.status === 'rejected') throw ending.reason;
}

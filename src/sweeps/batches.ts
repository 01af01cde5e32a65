/** Hands out batches whose size follows the speed seen so far; which runs share a batch changes no record. */

/** Milliseconds of work in one batch: long against a thread's hand-over (50 µs), short against a user's patience. */
const BATCH_MS = 60;

export class Queue<J> {
  private millisecondsPerJob = BATCH_MS;
  private jobs: Iterator<J, undefined> = [][Symbol.iterator]();
  private left = 0;
  /** that came after the others */
  private more: J[] = [];
  private readonly lanes: number;

  constructor(lanes: number) {
    this.lanes = lanes;
  }

  /** Further work at the speed known so far. @param count how many there are, roughly */
  refill(jobs: Iterable<J>, count: number): void {
    this.jobs = jobs[Symbol.iterator]() as Iterator<J, undefined>;
    this.left = count;
  }

  /** Work that comes after all the other. */
  add(jobs: readonly J[]): void {
    for (const job of jobs) this.more.push(job);
  }

  /** Empty when there is nothing to do now. */
  take(): J[] {
    // Smaller ones towards the end, so that the workers end together.
    const share = Math.ceil((Math.max(0, this.left) + this.more.length) / this.lanes);
    const size = Math.max(1, Math.min(2000, share, Math.floor(BATCH_MS / this.millisecondsPerJob)));
    const batch: J[] = [];
    while (batch.length < size) {
      const { value } = this.jobs.next();
      if (value === undefined) break;
      batch.push(value);
    }
    this.left -= batch.length;
    if (batch.length < size) batch.push(...this.more.splice(0, size - batch.length));
    return batch;
  }

  /** @param milliseconds that a worker took for so many jobs */
  learn(jobs: number, milliseconds: number): void {
    this.millisecondsPerJob += 0.3 * (milliseconds / jobs - this.millisecondsPerJob);
  }
}

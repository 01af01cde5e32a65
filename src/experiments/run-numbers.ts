/**
 * Numbers of runs by cell and replicate. Memory grows with the runs seen: where `runs` is a cap most of it is never
 * used. Neighbouring cells share a page, so that neither many cells nor many runs cost more than their numbers.
 */

/** Runs of a page up to which several cells share it. */
const PAGE = 1024;

export class RunNumbers {
  /** each [replicate, cell of the page, column], NaN where no run is */
  private readonly pages: (Float64Array | undefined)[];
  /** cells of a page */
  private readonly together: number;
  private readonly most: number;
  private readonly width: number;

  /** @param most replicates a cell @param width numbers a run, the first of them never NaN */
  constructor(cells: number, most: number, width: number) {
    this.together = Math.max(1, Math.min(cells, Math.floor(PAGE / most)));
    this.pages = Array.from({ length: Math.ceil(cells / this.together) });
    this.most = most;
    this.width = width;
  }

  has(cell: number, replicate: number): boolean {
    return !Number.isNaN(this.at(cell, replicate, 0));
  }

  /** NaN where there is no run. */
  at(cell: number, replicate: number, column: number): number {
    return this.pages[this.page(cell)]?.[this.place(cell, replicate) + column] ?? NaN;
  }

  /** @param replicate below `most` */
  set(cell: number, replicate: number, numbers: ArrayLike<number>): void {
    const at = this.page(cell);
    let page = this.pages[at];
    if (!page || replicate >= this.room(page)) {
      const room = Math.min(this.most, Math.max(replicate + 1, page ? 2 * this.room(page) : 0));
      const larger = new Float64Array(this.width * this.together * room).fill(NaN);
      if (page) larger.set(page);
      this.pages[at] = page = larger;
    }
    page.set(numbers, this.place(cell, replicate));
  }

  /** How many replicates below `end` are there. */
  below(cell: number, end: number): number {
    let count = 0;
    for (let replicate = Math.min(end, this.end(cell)); replicate-- > 0;) if (this.has(cell, replicate)) count++;
    return count;
  }

  /** No replicate of a cell is there from this one on. */
  end(cell: number): number {
    const page = this.pages[this.page(cell)];
    return page ? this.room(page) : 0;
  }

  private page(cell: number): number {
    return Math.floor(cell / this.together);
  }

  private place(cell: number, replicate: number): number {
    return (replicate * this.together + (cell % this.together)) * this.width;
  }

  /** Replicates that a page has room for. */
  private room({ length }: Float64Array): number {
    return length / (this.width * this.together);
  }
}

/**
 * Numbers of runs by cell and replicate. Memory grows with the runs seen: where `runs` is a cap most of it is never
 * used.
 */

export class RunNumbers {
  /** by cell: [replicate, column], NaN where no run is */
  private readonly cells: (Float64Array | undefined)[];
  private readonly most: number;
  private readonly width: number;

  /** @param most replicates a cell @param width numbers a run, the first of them never NaN */
  constructor(cells: number, most: number, width: number) {
    this.cells = Array.from({ length: cells });
    this.most = most;
    this.width = width;
  }

  has(cell: number, replicate: number): boolean {
    return !Number.isNaN(this.at(cell, replicate, 0));
  }

  /** NaN where there is no run. */
  at(cell: number, replicate: number, column: number): number {
    return this.cells[cell]?.[replicate * this.width + column] ?? NaN;
  }

  /** @param replicate below `most` */
  set(cell: number, replicate: number, numbers: readonly number[]): void {
    const old = this.cells[cell];
    const room = (old?.length ?? 0) / this.width;
    let row = old;
    if (!row || replicate >= room) {
      row = new Float64Array(this.width * Math.min(this.most, Math.max(replicate + 1, 2 * room))).fill(NaN);
      if (old) row.set(old);
      this.cells[cell] = row;
    }
    row.set(numbers, replicate * this.width);
  }

  /** How many replicates below `end` are there. */
  below(cell: number, end: number): number {
    const room = (this.cells[cell]?.length ?? 0) / this.width;
    let count = 0;
    for (let replicate = 0; replicate < Math.min(end, room); replicate++) if (this.has(cell, replicate)) count++;
    return count;
  }

  /** Replicates that are there, in order. */
  present(cell: number): number[] {
    const room = (this.cells[cell]?.length ?? 0) / this.width;
    return Array.from({ length: room }, (_, replicate) => replicate).filter((replicate) => this.has(cell, replicate));
  }
}

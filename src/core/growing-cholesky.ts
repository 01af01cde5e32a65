/** Cholesky's factor of a principal submatrix whose members come and go: what an active-set method solves with. */
import { dotRows } from './linear-algebra.ts';

/** A pivot below this share of its diagonal entry is rounding: the new member depends on the others. */
const PIVOT = 1e-13;

export class GrowingCholesky {
  /** rows and columns of the matrix that are in, in the order of the factor */
  readonly members: number[] = [];
  private readonly entry: (i: number, j: number) => number;
  private readonly size: number;
  /** size x size, rows beyond members.length unused */
  private readonly l: Float64Array;

  /** @param entry element (i, j) of a symmetric positive semidefinite matrix (size x size) */
  constructor(size: number, entry: (i: number, j: number) => number) {
    this.size = size;
    this.entry = entry;
    this.l = new Float64Array(size * size);
  }

  /** Takes j in, O(members^2). Returns false, and leaves it out, when the submatrix would be singular. */
  push(j: number): boolean {
    const { members, size, l } = this;
    const row = members.length * size;
    members.forEach(
      (i, at) => (l[row + at] = (this.entry(i, j) - dotRows(l, row, l, at * size, at)) / l[at * size + at]!),
    );
    const diagonal = this.entry(j, j);
    const pivot = diagonal - dotRows(l, row, l, row, members.length);
    if (!(pivot > PIVOT * diagonal)) return false;
    l[row + members.length] = Math.sqrt(pivot);
    members.push(j);
    return true;
  }

  /** Keeps only the members that `stays` approves; the factor is made anew from the first that goes. */
  keep(stays: (member: number) => boolean): void {
    const first = this.members.findIndex((member) => !stays(member));
    if (first < 0) return;
    for (const member of this.members.splice(first)) if (stays(member)) this.push(member);
  }

  /** Solution x of A x = b over the members, with one step of iterative refinement; b and x in the members' order. */
  solve(b: Float64Array): Float64Array {
    const { members } = this;
    const x = this.backAndForth(b);
    const residual = b.map((value, at) => {
      let sum = value;
      for (let other = 0; other < members.length; other++) sum -= this.entry(members[at]!, members[other]!) * x[other]!;
      return sum;
    });
    const correction = this.backAndForth(residual);
    return x.map((value, at) => value + correction[at]!);
  }

  private backAndForth(b: Float64Array): Float64Array {
    const { size, l } = this;
    const count = this.members.length;
    const x = b.slice();
    for (let i = 0; i < count; i++) x[i] = (x[i]! - dotRows(l, i * size, x, 0, i)) / l[i * size + i]!;
    for (let i = count - 1; i >= 0; i--) {
      x[i] = x[i]! / l[i * size + i]!;
      for (let k = 0; k < i; k++) x[k]! -= l[i * size + k]! * x[i]!;
    }
    return x;
  }
}

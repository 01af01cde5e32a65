/** The package has no types of its own. Arrays count from 1, as in the Fortran program it was made from. */
declare module 'quadprog' {
  /** min -dvecᵀb + bᵀDmat b / 2 subject to Amatᵀb >= bvec (Goldfarb and Idnani 1983); `message` is '' when solved */
  export function solveQP(
    Dmat: number[][],
    dvec: number[],
    Amat: number[][],
    bvec: number[],
  ): { solution: number[]; message: string };
}

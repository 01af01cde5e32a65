/** Where a long run says how far it is, for whoever watches; nobody by default. It changes nothing in a run. */

let listener: ((step: number) => void) | undefined;

/** Has every later step of a run on this thread told; undefined: no more. */
export function listen(to: ((step: number) => void) | undefined): void {
  listener = to;
}

/** Steps that the run in work has made. */
export function beat(step: number): void {
  listener?.(step);
}

/**
 * What continues a run where it was, bit for bit: the contract between the training loop, the engines and whoever keeps
 * states. When it is time is the keeper's business: nothing here has a clock.
 */

/** A run between two steps, as plain data. */
export interface TrainState {
  /** gradient steps made */
  readonly t: number;
  /** the step that was observed last, -1 before the first */
  readonly observed: number;
  /** of a loop by single steps (train.ts); a kernel has these among its own */
  readonly threshold: number;
  readonly blownUpSince: number;
  /** what the engine says of itself */
  readonly engine: EngineState;
}

/** Arrays of an engine, in an order of its own. */
export type EngineState = readonly (Uint8Array | Float64Array)[];

/** Keeps the states of one run. */
export interface Keeper {
  /** whether a state is to be kept now; asked every few milliseconds at least */
  due(): boolean;
  keep(state: TrainState): void;
  /** where the run goes on; absent: at its start */
  readonly from?: TrainState;
}

/**
 * What lets a run of an engine in TypeScript be continued: its arrays, copied and brought back.
 *
 * @param arrays live ones that a step changes; undefined: one of them cannot be seen, and the run cannot be continued
 * @param resumed told of the step that was reached
 */
export const continued = (
  arrays: readonly Float64Array[] | undefined,
  resumed: (t: number) => void,
): { state?(): EngineState; resume?(state: EngineState, t: number): void } =>
  arrays === undefined
    ? {}
    : {
        state: () => arrays.map((array) => array.slice()),
        resume(state, t) {
          if (state.length !== arrays.length || state.some((array, at) => array.length !== arrays[at]!.length))
            throw new RangeError('a state of another problem');
          state.forEach((array, at) => arrays[at]!.set(array));
          resumed(t);
        },
      };

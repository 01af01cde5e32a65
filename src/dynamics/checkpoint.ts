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

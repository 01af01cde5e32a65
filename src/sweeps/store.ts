/** Contract: what keeps records. A folder (node/) and memory keep it; what a store may hold is the same for all. */
import { messages, UserError } from '../errors.ts';
import { PassedOver, type Fault, type Reason } from '../experiments/passed-over.ts';
import type { Claims } from './claims.ts';
import { isFault } from '../experiments/record-check.ts';
import { RECORD_VERSION, type RunRecord } from '../experiments/record.ts';
import { scienceToday } from '../experiments/science.ts';

/** What a reader makes of a record: nothing when it counts, else why it is passed over. */
export type See = (record: RunRecord, where: string) => Reason | undefined | void;

/** What keeps records; whoever keeps this contract can be the `store` of a sweep. */
export interface Store {
  /**
   * Calls `see` for every acknowledged record; the same run may come more than once. Lines that no run can have left
   * are passed over and counted.
   *
   * @throws UserError for a record of another science version, and where all records are of a newer format
   */
  read(see: See): PassedOver;
  /**
   * Where several copies of a run were read: whether they are the same, bit for bit.
   *
   * @throws UserError naming both places of copies that differ
   */
  compare?(runs: ReadonlySet<string>, seed: number): void;
  /** Before the first line. @throws UserError when nothing can be written */
  open(start: { readonly workers: number; readonly missing: number }): Writer;
}

/** What takes the lines of a sweep. */
export interface Writer {
  /**
   * Takes lines, each with its end, whole, or none of them; they are acknowledged when it returns. @throws UserError
   */
  append(lines: string): void;
  /** Told of runs whose records were taken and of which states were kept on the way. */
  settled?(runs: readonly string[]): void;
  /** Notes that a run could not be made. */
  failed?(run: string, why: string): void;
  /** of a store that several processes may add to at once */
  readonly claims?: Claims;
  close(end: { readonly made: number; readonly failed: number }): void;
}

/** Hands over every line in order: the record that it holds, or what is wrong with it. */
export type EachLine = (see: (line: RunRecord | Fault, where: string) => void) => void;

/** What was read. */
export interface Reading {
  readonly passed: PassedOver;
  /** science version of the records, the largest of them; undefined when there is none */
  readonly science: number | undefined;
  /** the version that the same record would have today, the largest of them; undefined when there is none */
  readonly today: number | undefined;
}

/** Reads a store that is to be added to. @throws UserError as `Store.read` does */
export const recordsOf = (each: EachLine, see: See): Reading =>
  read(each, see, ({ science, today }, where) => {
    if (science !== today) throw new UserError(messages.scienceDiffers(where, science, today));
  });

/**
 * Reads a store that is not added to, whose records may all be of one older science version.
 *
 * @throws UserError for a record of a newer version, or of another one than those before
 */
export const storedOf = (each: EachLine, see: See): Reading =>
  read(each, see, (came, where, first) => {
    const { science, today } = came;
    if (science < 1 || science > today) throw new UserError(messages.scienceNewer(where, science, today));
    // Records of different rules may be of different versions today.
    const alike = isOfToday(came) ? isOfToday(first) : science === first.science && !isOfToday(first);
    if (!alike) throw new UserError(messages.scienceMixed(where, science, first.science));
  });

/** A record's science version, and the one that it would have today. */
interface Version {
  readonly science: number;
  readonly today: number;
}
const isOfToday = ({ science, today }: Version): boolean => science === today;

function read(each: EachLine, see: See, allow: (came: Version, where: string, first: Version) => void): Reading {
  const passed = new PassedOver();
  let first: Version | undefined;
  let [science, today] = [0, 0];
  let newer: { readonly where: string; readonly v: string } | undefined;
  each((line, where) => {
    passed.lines++;
    if (isFault(line)) {
      passed.add(line, where);
      if (line.reason === 'format') newer ??= { where, v: line.says ?? '' };
      return;
    }
    const came = { science: line.science, today: scienceToday(line) };
    allow(came, where, (first ??= came));
    [science, today] = [Math.max(science, came.science), Math.max(today, came.today)];
    const reason = see(line, where);
    if (reason) passed.add({ reason }, where);
  });
  if (newer && !first) throw new UserError(messages.recordFormat(newer.where, newer.v, RECORD_VERSION));
  return { passed, science: first && science, today: first && today };
}

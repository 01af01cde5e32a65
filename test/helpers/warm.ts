/**
 * The command line again, in one process that stays: for the many calls of a test that are not about starting. Half a
 * second of loading, or one and a half with pictures, is then paid once a file. `test/cli/warm.test.ts` holds its
 * answers against those of a start; every command is also started as a user does.
 */
import assert from 'node:assert/strict';
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';
import type { Answer } from './benign.ts';

/** What a process of another call would not know: parts of one's own and data stay on its shelves. */
const STAYS = ['--lab', '--data'];

export interface Call {
  readonly args: readonly string[];
  readonly cwd: string;
}

export interface Door {
  readonly port: MessagePort;
  /** 1 when there is an answer */
  readonly flag: Int32Array;
}

let door: Door | undefined;

/** A thread that talks to the process, so that this one can wait. */
function opened(): Door {
  const { port1, port2 } = new MessageChannel();
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const workerData: Door = { port: port2, flag };
  new Worker(new URL('./warm-door.js', import.meta.url), { workerData, transferList: [port2] }).unref();
  return { port: port1, flag };
}

/** As `benign`, of a process that has run the earlier calls of this file. */
export function warm(args: readonly string[], cwd: string = process.cwd()): Answer {
  const lone = STAYS.find((option) => args.includes(option));
  assert.equal(lone, undefined, `${lone} stays in the process: start benign`);
  door ??= opened();
  const call: Call = { args, cwd };
  Atomics.store(door.flag, 0, 0);
  door.port.postMessage(call);
  Atomics.wait(door.flag, 0, 0);
  const answer = receiveMessageOnPort(door.port)!.message as Answer | { readonly gone: string };
  if ('gone' in answer) assert.fail(`benign ${args.join(' ')}: its process has ended (${answer.gone})`);
  return answer;
}

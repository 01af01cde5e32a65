/**
 * The command line in one process that stays, for tests that call it many times and are not about starting: half a
 * second of loading, or one and a half with pictures, is then paid once a file and not once a call.
 * `test/cli/warm.test.ts` holds its answers against those of a start.
 */
import assert from 'node:assert/strict';
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';
import { benign, type Answer } from './benign.ts';

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

const started = new Set<string | undefined>();

/** The first call of each command in a file is started as a user does; the process that stays takes those after it. */
export function warm(args: readonly string[], cwd?: string): Answer {
  const [name] = args;
  if (started.has(name) && !STAYS.some((option) => args.includes(option))) return staying(args, cwd);
  started.add(name);
  return benign(args, cwd);
}

/** As `benign`, of a process that has run the earlier calls of this file. */
export function staying(args: readonly string[], cwd: string = process.cwd()): Answer {
  const lone = STAYS.find((option) => args.includes(option));
  assert.equal(lone, undefined, `${lone} stays in the process`);
  door ??= opened();
  const call: Call = { args, cwd };
  Atomics.store(door.flag, 0, 0);
  door.port.postMessage(call, []);
  Atomics.wait(door.flag, 0, 0);
  const answer = receiveMessageOnPort(door.port)!.message as Answer | { readonly gone: string };
  if ('gone' in answer) assert.fail(`benign ${args.join(' ')}: its process has ended (${answer.gone})`);
  return answer;
}

/** A thread between a test that waits and the process of `warm`. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { workerData } from 'node:worker_threads';
import type { Door } from './warm.ts';

const { port, flag } = workerData as Door;
const child = fork(fileURLToPath(new URL('./warm-process.js', import.meta.url)), {
  stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
});
const tell = (answer: unknown): void => {
  port.postMessage(answer);
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
};
port.on('message', (call: object) => child.send(call));
child.on('message', tell);
child.on('exit', (code, signal) => tell({ gone: `${code ?? signal}` }));

/** The process of `warm`: the command line as often as it is asked, its own files loaded anew each time. */
import { register } from 'node:module';
import { launcher, type Answer } from './benign.ts';
import type { Call } from './warm.ts';

register(new URL('./warm-fresh.js', import.meta.url));
const main = new URL('../../src/cli/main.js', import.meta.url).href;
let calls = 0;

/** What a stream is told until the end of a call. */
function heard(stream: NodeJS.WriteStream): () => string {
  const pieces: Buffer[] = [];
  stream.write = (piece: Uint8Array | string): boolean => {
    pieces.push(Buffer.from(piece as string));
    return true;
  };
  return () => {
    stream.removeAllListeners('error');
    return Buffer.concat(pieces).toString();
  };
}

process.on('message', async ({ args, cwd }: Call) => {
  process.chdir(cwd);
  process.argv = [process.execPath, launcher, ...args];
  process.exitCode = undefined;
  const [stdout, stderr] = [heard(process.stdout), heard(process.stderr)];
  calls++;
  await import(`${main}?call=${calls}`);
  const answer: Answer = { code: Number(process.exitCode ?? 0), stdout: stdout(), stderr: stderr() };
  process.removeAllListeners('uncaughtException');
  process.exitCode = undefined;
  process.send!(answer);
});

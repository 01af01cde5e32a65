/** `benign lab`: gives the files of the page to a browser on this machine. */
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';
import { messages, systemReason, UserError } from '../errors.ts';
import { interruption, note, printJson, say } from './context.ts';

const HOST = '127.0.0.1';
const USUAL_PORT = 8080;
const PAGE = fileURLToPath(new URL('../../../page/', import.meta.url));
/** Of a clone. */
const BUILDER = new URL('../../../scripts/web.mjs', import.meta.url);

interface Builder {
  freshWeb(begun: () => void): Promise<string | null>;
}

export async function labPage({ port, json }: { port?: number; json?: boolean }): Promise<number> {
  const server = createServer(answers(await page()));
  const bound = await listen(server, port);
  // A browser that leaves in the midst of a file, or speaks no HTTP, ends nothing.
  server.on('clientError', (_, socket) => socket.destroy());
  const work = interruption();
  const ended = new Promise<void>((resolve) => work.signal.addEventListener('abort', () => resolve()));
  const url = `http://${HOST}:${bound}/`;
  if (json) printJson({ url });
  else say(`The laboratory is at ${url}`);
  note('Ctrl-C ends it.');
  await ended;
  work.release();
  server.close();
  server.closeAllConnections();
  return work.exitCode();
}

/** The policy that the page names for itself. A worker has only that of its own file's header. */
async function page(): Promise<string> {
  if (existsSync(BUILDER)) {
    const { freshWeb } = (await import(BUILDER.href)) as Builder;
    const failure = await freshWeb(() => note('building the page …'));
    if (failure) throw new UserError(failure);
  }
  if (!existsSync(`${PAGE}index.html`)) throw new UserError(messages.noPage());
  const [, policy] = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(
    readFileSync(`${PAGE}index.html`, 'utf8'),
  ) ?? [undefined, "default-src 'self'"];
  return policy!;
}

function answers(policy: string): (request: IncomingMessage, response: ServerResponse) => void {
  const refuse = (response: ServerResponse, code: number, sentence: string): void =>
    void response.writeHead(code, { 'content-type': 'text/plain; charset=utf-8' }).end(`${sentence}\n`);
  const files = sirv(PAGE, {
    // Looks at the folder, which a build may replace, at every request.
    dev: true,
    etag: true,
    setHeaders: (response, path) => {
      // The names of these files change with what is in them.
      if (path.startsWith('/assets/')) response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
    },
  });
  return (request, response) => {
    response.setHeader('Content-Security-Policy', policy);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Referrer-Policy', 'no-referrer');
    const { method = '', url = '' } = request;
    if (method !== 'GET' && method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return refuse(response, 405, messages.onlyRead(method));
    }
    // Whole files only: they are small, and a range that is none would end the program.
    delete request.headers.range;
    files(request, response, () => refuse(response, 404, messages.notOnPage(url)));
  };
}

/** On the port that was asked for; else on the usual one, or on any. @returns the port */
async function listen(server: Server, asked: number | undefined): Promise<number> {
  const on = (port: number): Promise<number> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, HOST, () => {
        server.off('error', reject);
        resolve((server.address() as AddressInfo).port);
      });
    });
  try {
    return await on(asked ?? USUAL_PORT);
  } catch (error) {
    if (asked !== undefined) throw new UserError(messages.noPort(asked, systemReason(error)));
    return on(0);
  }
}

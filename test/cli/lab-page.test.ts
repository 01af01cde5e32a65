/** `benign lab`: the files of the page, to a browser on this machine and to nobody else. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { benign, inFolder, root, started, until } from '../helpers/benign.ts';

interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** A request whose path is sent as it is. */
const get = (base: string, path: string, { method = 'GET', headers = {} } = {}): Promise<Got> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(base);
    request({ hostname, port, path, method, headers }, (response) => {
      let text = '';
      response.setEncoding('latin1').on('data', (data: string) => (text += data));
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }));
    })
      .on('error', reject)
      .end();
  });

/** Starts it, and hands over its address once it is there. */
async function serving(
  args: readonly string[],
  work: (url: string, lab: ReturnType<typeof started>) => Promise<void>,
): Promise<void> {
  const lab = started(['lab', ...args]);
  let said = '';
  lab.child.stdout!.on('data', (data: Buffer) => (said += data.toString()));
  let over = false;
  void lab.ended.then(() => (over = true));
  try {
    await until(() => over || /http:\S+\/(?=["\n])/.test(said));
    const [url] = /http:\S+\/(?=["\n])/.exec(said) ?? [];
    if (url === undefined) assert.fail((await lab.ended).stderr);
    await work(url, lab);
  } finally {
    lab.child.kill('SIGKILL');
  }
}

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html;charset=utf-8',
  js: 'text/javascript',
  css: 'text/css',
  json: 'application/json',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  wasm: 'application/wasm',
  webmanifest: 'application/manifest+json',
  woff2: 'font/woff2',
  png: 'image/png',
  csv: 'text/csv',
};

test('every file of the page comes with its type, the policy, and for how long it may be kept', async () => {
  await serving(['--port', '0', '--json'], async (url, { child, ended }) => {
    const page = await get(url, '/');
    const [, policy] = /Content-Security-Policy"\s+content="([^"]+)"/.exec(page.text) ?? [];
    assert.match(policy!, /^default-src 'none'/);
    const files = readdirSync(join(root, 'page'), { recursive: true, withFileTypes: true }).filter((one) =>
      one.isFile(),
    );
    assert.ok(files.length > 5);
    for (const { parentPath, name } of files) {
      const path = `/${join(parentPath, name).slice(join(root, 'page').length + 1)}`;
      const { status, headers, text } = await get(url, path);
      assert.equal(status, 200, path);
      assert.equal(headers['content-type'], TYPES[name.split('.').at(-1)!], path);
      assert.equal(headers['content-security-policy'], policy, path);
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.match(String(headers['cache-control']), path.startsWith('/assets/') ? /immutable/ : /^no-cache$/, path);
      assert.equal(text, readFileSync(join(root, 'page', path), 'latin1'), path);
    }
    const { headers } = await get(url, '/icon.svg');
    const again = await get(url, '/icon.svg', { headers: { 'if-none-match': String(headers['etag']) } });
    assert.equal(again.status, 304);
    const head = await get(url, '/icon.svg', { method: 'HEAD' });
    assert.deepEqual([head.status, head.text], [200, '']);
    child.kill('SIGTERM');
    assert.equal((await ended).code, 143);
  });
});

test('nothing outside of the page is given, and no request ends the program', async () => {
  await serving(['--port', '0'], async (url, { child, ended }) => {
    const outside = [
      '/../package.json',
      '/%2e%2e/package.json',
      '/..%2fpackage.json',
      '/assets/../../package.json',
      '/assets/..%5c..%5cpackage.json',
      '//package.json',
      '//etc/passwd',
      `/${root}/package.json`,
      '/%00',
      '/%E0%A4%A',
      '/assets',
      '/nosuch.js',
    ];
    for (const path of outside) {
      const { status, text } = await get(url, path);
      assert.equal(status, 404, path);
      assert.match(text, /: there is no such file; the laboratory is at \/\n$/, path);
    }
    const post = await get(url, '/', { method: 'POST' });
    assert.equal(post.status, 405);
    assert.match(post.text, /^POST: the files of the laboratory can only be read\n$/);
    for (const range of ['bytes=5-2', 'bytes=-', 'bytes=1e99-', 'lines=1-2'])
      assert.equal((await get(url, '/icon.svg', { headers: { range } })).status, 200, range);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.end('\x00\xffno HTTP\r\n\r\n'));
      socket.on('error', () => {}).on('close', () => resolve());
    });
    assert.equal((await get(url, '/')).status, 200);
    const elsewhere = Object.values(networkInterfaces())
      .flat()
      .find((one) => one?.family === 'IPv4' && !one.internal)?.address;
    if (elsewhere !== undefined)
      await assert.rejects(get(`http://${elsewhere}:${new URL(url).port}/`, '/'), /ECONNREFUSED/);
    // A connection that a browser keeps open delays no end.
    const kept = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {});
    await new Promise((resolve) => kept.once('connect', resolve));
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    assert.equal(code, 130);
    assert.match(stderr, /Ctrl-C ends it\.\n$/);
  });
});

test('a port that is taken or none is one sentence', async () => {
  await serving(['--port', '0'], async (url) => {
    const { port } = new URL(url);
    const { code, stderr, stdout } = benign(['lab', '--port', port]);
    assert.deepEqual([code, stdout], [1, '']);
    assert.equal(
      stderr,
      `benign: --port ${port}: cannot be listened on (another program uses it); give another one, or 0 for any that is free\n`,
    );
  });
  for (const port of ['-1', '65536', '80.5', 'x', '']) {
    const { code, stderr } = benign(['lab', `--port=${port}`]);
    assert.equal(code, 1);
    assert.match(stderr, /must be an integer in \[0, 65535\]/);
  }
});

test('an installed package has the page, or says that it is missing', async () => {
  await inFolder(async (folder) => {
    for (const part of ['bin', 'package.json']) cpSync(join(root, part), join(folder, part), { recursive: true });
    mkdirSync(join(folder, 'dist'));
    cpSync(join(root, 'dist', 'src'), join(folder, 'dist', 'src'), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const { status, stderr } = spawnSync(process.execPath, [join(folder, 'bin', 'benign.mjs'), 'lab'], {
      encoding: 'utf8',
    });
    assert.equal(status, 1);
    assert.match(stderr, /^benign: the page is not there; .*\n$/);
  });
});

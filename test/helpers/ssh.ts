/**
 * Hosts that are reached by ssh: daemons of this machine, each on a port of its own, with keys that are thrown away.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const pathOf = (program: string): string =>
  spawnSync('sh', ['-c', `command -v ${program}`], {
    env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` },
    encoding: 'utf8',
  }).stdout.trim();

const lacking = ['sshd', 'ssh', 'ssh-keygen'].filter((program) => pathOf(program) === '');
/** Why a test needs to be skipped; false where there is an ssh daemon. */
export const noSsh =
  lacking.length > 0 &&
  `there is no ${lacking.join(', ')} (Debian's packages openssh-server and openssh-client have them)`;

export interface Ssh {
  /** file for `ssh -F` in which the hosts stand by their names */
  readonly config: string;
  readonly hosts: readonly string[];
}

export async function withSsh<T>(hosts: readonly string[], work: (ssh: Ssh) => T | Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'benign-ssh-'));
  const daemons: ChildProcess[] = [];
  try {
    // Where a daemon of root goes for its unprivileged part; Debian's service makes it at its start.
    if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    for (const name of ['host', 'user']) run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name));
    const config = join(folder, 'config');
    const parts: string[] = [];
    for (const name of hosts) {
      const port = await freePort();
      const file = join(folder, `sshd-${name}`);
      writeFileSync(file, daemonOf(folder, port));
      daemons.push(spawn(pathOf('sshd'), ['-D', '-f', file, '-E', `${file}.log`], { stdio: 'ignore' }));
      parts.push(clientOf(folder, name, port));
    }
    writeFileSync(config, parts.join('\n'));
    for (const name of hosts)
      for (let tries = 0; spawnSync('ssh', ['-F', config, name, 'true']).status !== 0; tries++) {
        if (tries > 50) throw new Error(`no ssh: ${readFileSync(join(folder, `sshd-${name}.log`), 'utf8')}`);
        await sleep(200);
      }
    return await work({ config, hosts });
  } finally {
    for (const daemon of daemons) daemon.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

function run(program: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
}

/** A port that nobody listens on now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const daemonOf = (folder: string, port: number): string => `ListenAddress 127.0.0.1
Port ${port}
HostKey ${folder}/host
PidFile none
AuthorizedKeysFile ${folder}/user.pub
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
MaxStartups 100
`;

const clientOf = (folder: string, name: string, port: number): string => `Host ${name}
  HostName 127.0.0.1
  Port ${port}
  User ${userInfo().username}
  IdentityFile ${folder}/user
  IdentitiesOnly yes
  BatchMode yes
  StrictHostKeyChecking no
  UserKnownHostsFile /dev/null
  LogLevel ERROR
`;

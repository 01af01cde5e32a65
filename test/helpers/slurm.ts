/** A Slurm of this machine alone: its controller, a few virtual nodes of one processor each, a key of its own. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { familiesOf, killAll } from './processes.ts';

const PROGRAMS = ['munged', 'slurmctld', 'slurmd', 'sbatch'];
const there = (program: string): boolean =>
  spawnSync('sh', ['-c', `command -v ${program}`], { env: environment() }).status === 0;

/** With the folders in which Debian has daemons. */
const environment = (more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  ...more,
  PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`,
});

const lacking = PROGRAMS.filter((program) => !there(program));
/** Why a test needs to be skipped; false where there is a Slurm. */
export const noSlurm =
  lacking.length > 0 && `there is no ${lacking.join(', ')} (Debian's packages slurm-wlm and munge have them)`;

export interface Slurm {
  /** to be given to its programs */
  readonly env: NodeJS.ProcessEnv;
  /** what one of them says */
  ask(program: string, ...args: string[]): string;
  /** until nothing waits or runs */
  empty(): Promise<void>;
  /**
   * A node dies: its daemon and everything that runs on it are killed at once, without a word, and Slurm is told that
   * the node is down, as it finds out by itself after SlurmdTimeout. Says how many processes that were.
   */
  lose(node: string): number;
}

/** Seconds after which an empty queue is no longer waited for: what is in it takes some. */
const PATIENCE = 300;

export async function withSlurm<T>(nodes: number, work: (slurm: Slurm) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'benign-slurm-'));
  const config = join(folder, 'slurm.conf');
  const env = environment({ SLURM_CONF: config });
  const ask = (program: string, ...args: string[]): string => {
    const { status, stdout, stderr } = spawnSync(program, args, { env, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  const munge = join(folder, 'munge');
  mkdirSync(munge, { mode: 0o755 });
  writeFileSync(join(munge, 'munge.key'), randomBytes(1024), { mode: 0o600 });
  const pidFiles: string[] = [];
  const names = Array.from({ length: nodes }, (_, at) => `n${at + 1}`);
  const [port, host, user] = [20_000 + (process.pid % 20_000), hostname().split('.')[0]!, userInfo().username];
  writeFileSync(config, configuration({ folder, munge, names, port, host, user }));
  try {
    for (const part of ['state', 'log', ...names.map((name) => `spool-${name}`)]) mkdirSync(join(folder, part));
    const own = (kind: string): string => join(munge, `munged.${kind}`);
    ask(
      'munged',
      '--force',
      `--key-file=${join(munge, 'munge.key')}`,
      `--socket=${own('socket')}`,
      `--pid-file=${own('pid')}`,
      `--log-file=${own('log')}`,
      `--seed-file=${own('seed')}`,
    );
    pidFiles.push(own('pid'));
    ask('slurmctld', '-f', config);
    pidFiles.unshift(join(folder, 'slurmctld.pid'));
    for (const name of names) {
      ask('slurmd', '-f', config, '-N', name);
      pidFiles.unshift(join(folder, `slurmd-${name}.pid`));
    }
    for (let tries = 0; !ask('sinfo', '-h', '-o', '%T').includes('idle'); tries++) {
      if (tries > 240)
        throw new Error(`Slurm is not ready: ${readFileSync(join(folder, 'log', 'slurmctld.log'), 'utf8')}`);
      await sleep(250);
    }
    const empty = async (): Promise<void> => {
      for (let tries = 0; ask('squeue', '-h') !== ''; tries++) {
        if (tries > 2 * PATIENCE) throw new Error(`Slurm's queue does not empty:\n${ask('squeue')}`);
        await sleep(500);
      }
    };
    const lose = (name: string): number => {
      const file = join(folder, `slurmd-${name}.pid`);
      const daemon = Number(readFileSync(file, 'utf8'));
      const jobs = ask('squeue', '-h', '-r', '-t', 'R', '-w', name, '-o', '%A').split('\n').filter(Boolean);
      // The daemon first, then the steps, so that nobody is left who could tell of their end.
      const killed = killAll([
        ...familiesOf((_, pid) => pid === daemon),
        ...familiesOf((call) => jobs.some((job) => call.startsWith(`slurmstepd: [${job}.`))),
      ]);
      rmSync(file); // its number may be another's by the end
      ask('scontrol', 'update', `nodename=${name}`, 'state=down', 'reason=lost');
      return killed;
    };
    return await work({ env, ask, empty, lose });
  } finally {
    spawnSync('scancel', ['-u', user], { env });
    for (const file of pidFiles)
      try {
        process.kill(Number(readFileSync(file, 'utf8')), 'SIGKILL');
      } catch {
        // It has ended.
      }
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

interface Place {
  readonly folder: string;
  readonly munge: string;
  readonly names: readonly string[];
  readonly port: number;
  readonly host: string;
  readonly user: string;
}

const configuration = ({ folder, munge, names, port, host, user }: Place): string => `ClusterName=benign
SlurmctldHost=${host}(127.0.0.1)
SlurmUser=${user}
SlurmdUser=${user}
AuthType=auth/munge
AuthInfo=socket=${munge}/munged.socket,cred_expire=5
CredType=cred/munge
SlurmctldPort=${port}
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool-%n
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd-%n.pid
SlurmctldLogFile=${folder}/log/slurmctld.log
SlurmdLogFile=${folder}/log/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
JobCompType=jobcomp/none
ReturnToService=2
SlurmdTimeout=30
MaxArraySize=101
SchedulerParameters=batch_sched_delay=0,sched_interval=2,requeue_delay=1
${names.map((name, at) => `NodeName=${name} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${port + 1 + at} CPUs=1 RealMemory=500 State=UNKNOWN`).join('\n')}
PartitionName=main Nodes=${names.join(',')} Default=YES MaxTime=INFINITE State=UP
`;

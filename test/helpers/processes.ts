/** Processes of this machine, as /proc tells them. */
import { readdirSync, readFileSync } from 'node:fs';

interface Running {
  readonly pid: number;
  readonly parent: number;
  /** words of its call, separated by spaces */
  readonly call: string;
}

function running(): Running[] {
  return readdirSync('/proc').flatMap((name): Running[] => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const call = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      return [{ pid: Number(name), parent: Number(parent), call }];
    } catch {
      return []; // it has ended
    }
  });
}

/** Those whose call is looked for, and all that they have started, parents first. */
export function familiesOf(is: (call: string, pid: number) => boolean): number[] {
  const all = running();
  const family = all.filter(({ pid, call }) => is(call, pid)).map(({ pid }) => pid);
  for (let at = 0; at < family.length; at++)
    for (const { pid, parent } of all) if (parent === family[at] && !family.includes(pid)) family.push(pid);
  return family;
}

/** Ends processes with SIGKILL, in this order; says how many were there. */
export function killAll(pids: readonly number[]): number {
  return pids.filter((pid) => {
    try {
      return process.kill(pid, 'SIGKILL');
    } catch {
      return false; // it has ended
    }
  }).length;
}

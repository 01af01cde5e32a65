/** `benign status DIR`: how far a folder is, and who works on it; it may be asked while it is written. */
import { setTimeout as sleep } from 'node:timers/promises';
import { messages, UserError } from '../errors.ts';
import { REASONS } from '../experiments/passed-over.ts';
import { statusOf, type Status, type Worker } from '../sweeps/node/status.ts';
import { callOf } from './call.ts';
import { EXIT, printJson, say } from './context.ts';
import { openFolder } from './folder.ts';
import { timeWords } from '../core/time-text.ts';

export interface StatusOptions {
  readonly watch?: boolean;
  readonly json?: boolean;
}

/** Milliseconds between two looks. */
const AGAIN = 2000;

export async function status(folder: string, options: StatusOptions): Promise<number> {
  for (;;) {
    const spec = openFolder(folder); // it may have grown
    const command = callOf(folder)?.command;
    if (command === 'variance') throw new UserError(messages.statusKind(folder));
    const now = statusOf(folder, spec, command === 'boundary');
    if (options.json) {
      if (options.watch) say(JSON.stringify(now));
      else printJson(now);
    } else {
      if (options.watch && process.stdout.isTTY) process.stdout.write('\x1b[2J\x1b[H');
      for (const line of linesOf(now)) say(line);
    }
    // Of a search for level sets nobody knows when it is whole: it is watched while somebody works on it.
    const over = now.complete || (now.runs === null && !now.processes.some(({ state }) => state === 'works'));
    if (!options.watch || over) return EXIT.ok;
    await sleep(AGAIN);
    if (!options.json && !process.stdout.isTTY) say('');
  }
}

/** Ended processes that are named. */
const FEW = 8;

function linesOf(status: Status): string[] {
  const { folder, cells, runs, estimate, done, failed, inWork, outcomes, ended, copies, processes } = status;
  const lines = [
    `${folder}: ${done}${runs === null ? '' : ` of ${estimate ? 'about ' : ''}${runs}`} runs done${cells === null ? '' : ` in ${cells} cells`}, ${inWork} in work, ${failed.length} failed`,
  ];
  const ways = Object.entries(outcomes).map(([outcome, count]) => `${count} ${outcome}`);
  if (ways.length > 0) lines.push(`outcomes: ${ways.join(', ')}`);
  if (ended)
    lines.push(
      `cells:    ${ended.precise} precise, ${ended['max-runs']} capped, ${cells! - ended.precise - ended['max-runs']} go on`,
    );
  for (const { run, why } of failed.slice(0, 3)) lines.push(`failed:   run ${run}: ${why}`);
  if (failed.length > 3)
    lines.push(`          and ${failed.length - 3} more; benign sweep --retry-failed makes them again`);
  if (status.underWay > 0)
    lines.push(
      `kept:     ${status.underWay} long ${status.underWay === 1 ? 'run goes' : 'runs go'} on where the last call left ${status.underWay === 1 ? 'it' : 'them'}`,
    );
  if (copies > 0) lines.push(`copies:   ${copies} rows of runs that were made twice; they are equal`);
  const odd = Object.entries(status.passedOver).map(
    ([reason, count]) => `${count} ${REASONS[reason as keyof typeof REASONS]}`,
  );
  if (odd.length > 0) lines.push(`lines passed over: ${odd.join('; ')}`);
  const active = processes.filter(({ state }) => state !== 'ended');
  const over = processes.filter(({ state }) => state === 'ended');
  for (const one of [...active, ...over.slice(0, FEW)]) lines.push(lineOf(one));
  if (over.length > FEW) lines.push(`  and ${over.length - FEW} earlier processes`);
  if (status.complete) lines.push('all runs are there');
  else if (active.some(({ state }) => state === 'works'))
    lines.push(
      status.rate === null
        ? 'no rate yet'
        : `rate:     ${rateWords(status.rate)}${status.secondsLeft === null ? '' : `, ${timeWords(status.secondsLeft)} left`}`,
    );
  else lines.push('nobody works on it; the command that made it goes on where it was');
  return lines;
}

function lineOf({ host, pid, workers, state, rows, failed, inWork, rate, signAge, reused }: Worker): string {
  if (reused.length > 0) return `  taken from ${reused.join(', ')}: ${rows} rows`;
  const told =
    state === 'works'
      ? `works, ${inWork} in work`
      : state === 'silent'
        ? `silent for ${timeWords(signAge ?? 0)}: others may take its runs`
        : 'has ended';
  return `  ${host || '?'} process ${pid || '?'}, ${workers} ${workers === 1 ? 'worker' : 'workers'}: ${rows} rows${failed > 0 ? `, ${failed} failed` : ''}${rate === null ? '' : `, ${rateWords(rate)}`}; ${told}`;
}

const rateWords = (rate: number): string =>
  rate >= 1
    ? `${rate.toPrecision(3)} runs/s`
    : rate * 60 >= 1
      ? `${(rate * 60).toPrecision(3)} runs/min`
      : `${(rate * 3600).toPrecision(3)} runs/h`;

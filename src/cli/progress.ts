/** Progress on stderr: a bar on a terminal; elsewhere a line every ten per cent, at most one a second. */
import { SingleBar } from 'cli-progress';
import { printable } from '../errors.ts';
import { ASKS, progressLines } from './progress-lines.ts';

export interface Progress {
  update(done: number, total: number): void;
  /** how far the longest run in work is; said where nothing else was for a while */
  working(step: number, most: number): void;
  stop(): void;
}

/** Milliseconds without a word after which the steps of a run in work are said. */
const SILENCE = 5000;
/** And after which a line comes whatever part is done. */
const LONG = 15_000;

const inWork = (step: number, most: number): string => `a run in work at step ${step} of ${most}`;

/**
 * @param about whether the total is an estimate, which may change
 * @param things what is counted
 * @param there what those are that are there before any work
 */
export function progress(name: string, about = false, things = 'runs', there = 'stored'): Progress {
  const label = printable(name).replaceAll('\n', ' ');
  if (process.env[ASKS] === 'json') return progressLines(label, about, things);
  const of = about ? 'of about' : 'of';
  const started = performance.now();
  let first = -1;
  const left = (done: number, total: number): string => {
    if (done <= first) return 'estimating';
    const seconds = ((performance.now() - started) / 1000) * ((total - done) / (done - first));
    return seconds < 90
      ? `${Math.ceil(seconds)} s left`
      : seconds < 5400
        ? `${Math.round(seconds / 60)} min left`
        : `${(seconds / 3600).toFixed(1)} h left`;
  };
  if (process.stderr.isTTY) {
    const bar = new SingleBar({
      format: `${label} {bar} {percentage} % · ${about ? '{value} of about {total}' : '{value}/{total}'} ${things} · {left}`,
      stream: process.stderr,
      hideCursor: true,
      barsize: 30,
      fps: 5,
    });
    return {
      update(done, total) {
        if (first < 0) {
          first = done;
          bar.start(total, done, { left: 'estimating' });
        } else {
          bar.setTotal(total);
          bar.update(done, { left: left(done, total) });
        }
      },
      working: (step, most) => bar.update({ left: inWork(step, most) }),
      stop: () => bar.stop(),
    };
  }
  let next = 10;
  let last = started;
  let where = '';
  return {
    update(done, total) {
      if (first < 0) {
        first = done;
        process.stderr.write(
          `${label}: ${about && done < total ? `${done} ${things} stored, ${total - done} or more to make` : `${done} of ${total} ${things} ${there}`}\n`,
        );
        next = 10 * (Math.floor((10 * done) / total) + 1);
      } else if (
        (100 * done >= next * total && (done === total || performance.now() - last > 1000)) ||
        performance.now() - last > LONG
      ) {
        last = performance.now();
        process.stderr.write(
          `${label}: ${Math.floor((100 * done) / total)} % (${done} ${done < total ? of : 'of'} ${total} ${things}), ${done < total ? left(done, total) : `done in ${((performance.now() - started) / 1000).toFixed(1)} s`}\n`,
        );
        next = 10 * (Math.floor((10 * done) / total) + 1);
      }
      where = `${done} ${of} ${total} ${things}`;
    },
    working(step, most) {
      if (performance.now() - last < SILENCE) return;
      last = performance.now();
      process.stderr.write(`${label}: ${where}, ${inWork(step, most)}\n`);
    },
    stop() {},
  };
}

"""One command of the program, started, watched and ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO, Any

from ._node import launcher, node

ANSWERS = {0, 2, 3, 4}
"""Exit codes of a command that has computed: done, some runs failed, a check fails, one is undecided."""

SOME_FAILED = 2

PATIENCE = 15
"""Seconds that an interrupted command may take to store what is in work."""


class BenignError(ValueError):
    """The command line refused; the message is the sentence that it prints."""


class BenignWarning(UserWarning):
    """Some runs failed; what is there is the others."""


@dataclass(frozen=True)
class Done:
    """What a command has left."""

    args: tuple[str, ...]
    code: int
    stdout: str
    remarks: tuple[str, ...]
    """Lines of stderr that are no progress."""


def start(args: Iterable[str], stdin: str | None = None, progress: bool = False) -> Done:
    """Run a command to its end.

    Parameters
    ----------
    args
        Its name, arguments and options.
    stdin
        A spec that takes the place of ``-``.
    progress
        Show a bar of tqdm, and remarks above it.

    Raises
    ------
    BenignError
        Exit code 1.
    KeyboardInterrupt
        After Ctrl-C, when the command has stored what was in work.
    """
    args = tuple(args)
    environment = {**os.environ, "BENIGN_PROGRESS": "json", "BENIGN_PARENT": str(os.getpid())}
    child = subprocess.Popen(
        [node(), launcher(), *args],
        stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=environment,
        # Ctrl-C comes to this process alone, which hands it on once: a second one would end the work at once.
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),  # the same on Windows
    )
    parts: list[str] = []
    talk = threading.Thread(target=_talk, args=(child, stdin, parts), daemon=True)
    talk.start()
    watch = _Watch(progress)
    try:
        for line in _pipe(child.stderr):
            watch.line(line.rstrip("\n"))
        code = child.wait()
    except KeyboardInterrupt:
        _interrupt(child, watch)
        raise KeyboardInterrupt(watch.remarks[-1] if watch.remarks else "interrupted") from None
    except BaseException:
        child.kill()
        raise
    finally:
        watch.close()
        talk.join()
        _pipe(child.stdout).close()
        _pipe(child.stderr).close()
    return _judged(Done(args, code, "".join(parts), tuple(watch.remarks)))


def _judged(done: Done) -> Done:
    if done.code in ANSWERS:
        if done.code == SOME_FAILED:
            warnings.warn("; ".join(done.remarks) or "some runs failed", BenignWarning, stacklevel=4)
        return done
    if done.code == 130:
        raise KeyboardInterrupt(done.remarks[-1] if done.remarks else "interrupted")
    raise BenignError(_sentence(done))


def _sentence(done: Done) -> str:
    """What the command says last: all from its last ``benign: `` on, or everything."""
    name = "benign: "
    at = max((i for i, line in enumerate(done.remarks) if line.startswith(name)), default=None)
    if at is not None:
        return "\n".join([done.remarks[at][len(name) :], *done.remarks[at + 1 :]])
    said = "\n".join(done.remarks)
    return said or f"benign {' '.join(done.args)} was ended with exit code {done.code}"


def _pipe(stream: IO[str] | None) -> IO[str]:
    assert stream is not None, "it was asked for"
    return stream


def _talk(child: subprocess.Popen[str], stdin: str | None, parts: list[str]) -> None:
    if stdin is not None:
        try:
            _pipe(child.stdin).write(stdin)
            _pipe(child.stdin).close()
        except BrokenPipeError:
            pass  # it has ended with a sentence
    parts.append(_pipe(child.stdout).read())


def _interrupt(child: subprocess.Popen[str], watch: _Watch) -> None:
    if sys.platform == "win32":
        child.terminate()  # every run that is stored stays
    else:
        child.send_signal(signal.SIGINT)
    late = threading.Timer(PATIENCE, child.kill)
    late.start()
    try:
        for line in _pipe(child.stderr):
            watch.line(line.rstrip("\n"))
        child.wait()
    except KeyboardInterrupt:
        child.kill()
    finally:
        late.cancel()


class _Watch:
    """Lines of stderr: progress goes to a bar, the others are remarks."""

    def __init__(self, shown: bool) -> None:
        self.remarks: list[str] = []
        self._shown = shown
        self._refused = False
        self._bar: Any = None

    def line(self, line: str) -> None:
        if line.startswith('{"progress":'):
            if self._shown:
                self._progress(json.loads(line))
        elif line.strip():
            self.remarks.append(line)
            self._refused |= line.startswith(("benign: ", "error: "))  # the exception says it, and what follows
            if self._shown and not self._refused:
                _tqdm().write(line, file=sys.stderr)

    def _progress(self, said: dict) -> None:
        if "done" not in said:
            if self._bar is not None:
                self._bar.set_postfix_str(f"a run at step {said['step']} of {said['most']}")
            return
        if self._bar is None:
            # what is stored already is no work of now
            self._bar = _tqdm()(
                desc=said["progress"], total=said["total"], initial=said["done"], unit=" " + said["things"]
            )
        self._bar.total = said["total"]
        self._bar.set_postfix_str("", refresh=False)
        self._bar.update(said["done"] - self._bar.n)
        if said["done"] >= said["total"]:
            self.close()  # what follows are tables and pictures

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def _tqdm() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a notebook without ipywidgets has a bar of letters
        from tqdm.auto import tqdm
    return tqdm

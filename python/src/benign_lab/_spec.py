"""Specs and parameters as the command line takes them."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Union

Spec = Union[str, "os.PathLike[str]", Mapping[str, Any]]
"""A path, the text of a spec in YAML, or a dict of its keys."""

Setting = Mapping[str, Any]
"""Parameters by path (``data.mu``) or its last part (``mu``), with their values."""


@dataclass(frozen=True)
class Written:
    """A spec as an argument and, where it is not a file, as the text of stdin."""

    argument: str
    text: str | None
    name: str

    @property
    def key(self) -> str:
        """What tells it from other specs: its text, and of a file where it lies, since it may name others beside it."""
        if self.text is not None:
            return self.text + os.getcwd()
        path = Path(self.argument)
        return (path.read_text("utf-8") if path.is_file() else "") + str(path.resolve())


def written(spec: Spec) -> Written:
    """Tell a path from a text: a text has a line end or a colon with a space behind it, and is no file."""
    if isinstance(spec, Mapping):
        return Written("-", json.dumps(plain(spec)), str(spec.get("name") or "spec"))
    if isinstance(spec, os.PathLike):
        return Written(os.fspath(spec), None, Path(spec).stem)
    if not isinstance(spec, str):
        raise TypeError(f"a spec is a path, a text in YAML or a dict, got {type(spec).__name__}")
    if ("\n" in spec or ": " in spec) and not _is_file(spec):
        return Written("-", spec, "spec")
    return Written(spec, None, Path(spec).stem)


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except OSError:  # longer than a path can be
        return False


def plain(value: Any) -> Any:
    """Numbers and arrays of NumPy as JSON has them."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, range)):
        return [plain(one) for one in value]
    return plain(value.tolist()) if hasattr(value, "tolist") else value


def set_options(setting: Setting) -> list[str]:
    """``--set`` of every parameter; one that is None is left as the spec has it."""
    return [part for key, value in setting.items() if value is not None for part in ("--set", f"{key}={word(value)}")]


def word(value: Any) -> str:
    """A value as the command line reads it: numbers in full precision, lists with commas."""
    value = plain(value)
    if isinstance(value, (list, dict)):
        return json.dumps(value)
    return json.dumps(value) if isinstance(value, (bool, int, float)) else str(value)


def options(given: Mapping[str, Any]) -> list[str]:
    """Turn Python's names into options: ``max_runs=9`` is ``--max-runs 9``; True is the bare word."""
    args: list[str] = []
    for name, value in given.items():
        flag = f"--{name.replace('_', '-')}"
        if value is None or value is False:
            continue
        if value is True:
            args.append(flag)
        else:
            several = value if isinstance(value, (list, tuple)) else [value]
            for one in several:
                args += [flag, os.fspath(one) if isinstance(one, os.PathLike) else word(one)]
    return args


def digest(*parts: str) -> str:
    """Twelve hex digits that tell apart what is told apart by these texts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]

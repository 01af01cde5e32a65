"""Where results go that were given no folder."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

from ._spec import digest


def cache_folder() -> Path:
    """Say where results go that were given no ``out``.

    Returns
    -------
    pathlib.Path
        ``BENIGN_CACHE`` where it is set, else ``benign-lab`` in the user's folder for caches; in the temporary folder
        where that one cannot be written.
    """
    named = os.environ.get("BENIGN_CACHE")
    if named:
        return Path(named)
    if sys.platform == "win32":
        above = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        above = Path.home() / "Library" / "Caches"
    else:
        above = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = above / "benign-lab"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return folder
    except OSError:
        return Path(tempfile.gettempdir()) / "benign-lab"


def clear_cache() -> None:
    """Delete every result that was given no ``out``."""
    shutil.rmtree(cache_folder(), ignore_errors=True)


def kept(command: str, name: str, *key: str) -> str:
    """Name the folder of a call: the same call has the same one, and goes on there."""
    from . import __version__

    plain = re.sub(r"[^\w.-]+", "-", name)[:40].strip("-")
    return str(cache_folder() / f"{command}-{plain}-{digest(__version__, command, *key)}")

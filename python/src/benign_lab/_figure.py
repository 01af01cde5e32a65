"""Pictures of the program, shown in a notebook and saved."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VEGA_LITE = 5
"""Version that notebooks draw: JupyterLab has the media type of Vega-Lite 5, and none of 6."""

MEDIA_TYPE = f"application/vnd.vegalite.v{VEGA_LITE}+json"
SCHEMA = f"https://vega.github.io/schema/vega-lite/v{VEGA_LITE}.json"


@dataclass(frozen=True)
class Figure:
    """A picture with the numbers in it.

    Attributes
    ----------
    name : str
        Of its files.
    spec : dict
        Vega-Lite specification, with the data inside.
    png : bytes
        The picture in pixels.
    svg : str
        The picture in lines.
    csv : str or None
        The plotted numbers, of a view.
    pdf : bytes or None
        The picture as PDF, where the program has Typst: not that of the wheel.
    """

    name: str
    spec: dict[str, Any]
    png: bytes
    svg: str
    csv: str | None = None
    pdf: bytes | None = None

    def save(self, path: str | Path) -> Path:
        """Write it to a file.

        Parameters
        ----------
        path
            Ends in ``.png``, ``.svg``, ``.json`` (Vega-Lite), ``.csv`` or ``.pdf``.

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        ValueError
            If it ends otherwise, or the figure has nothing of that kind.
        """
        path = Path(path)
        content: dict[str, bytes | str | None] = {
            ".png": self.png,
            ".svg": self.svg,
            ".json": json.dumps(self.spec, ensure_ascii=False),
            ".csv": self.csv,
            ".pdf": self.pdf,
        }
        what = content.get(path.suffix)
        if what is None:
            there = ", ".join(kind for kind, one in content.items() if one is not None)
            raise ValueError(f"a figure is saved as {there}, got {path.name}")
        path.write_bytes(what if isinstance(what, bytes) else what.encode())
        return path

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {
            MEDIA_TYPE: {**self.spec, "$schema": SCHEMA},
            "image/png": base64.b64encode(self.png).decode(),
            "text/plain": repr(self),
        }

    def __repr__(self) -> str:
        return f"<figure {self.name}>"


def read_figures(paths: Iterable[str | Path]) -> dict[str, Figure]:
    """Read pictures by their files; those of one picture differ in their endings."""
    stems: dict[Path, None] = {}
    for path in map(Path, paths):
        if path.name.endswith(".vl.json"):
            stems[path.with_name(path.name[: -len(".vl.json")])] = None
    return {stem.name: _figure(stem) for stem in stems}


def _figure(stem: Path) -> Figure:
    def file(ending: str) -> Path:
        return stem.with_name(f"{stem.name}.{ending}")

    return Figure(
        stem.name,
        json.loads(file("vl.json").read_text("utf-8")),
        file("png").read_bytes(),
        file("svg").read_text("utf-8"),
        file("csv").read_text("utf-8") if file("csv").exists() else None,
        file("pdf").read_bytes() if file("pdf").exists() else None,
    )

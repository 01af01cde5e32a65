"""Result folders: tables, records, pictures, verdicts."""

from __future__ import annotations

import io
import json
import os
import tempfile
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._answers import Answer, Verdict
from ._command import BenignError, Done, start
from ._figure import Figure, read_figures
from ._spec import options

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


def read_table(text: str) -> pd.DataFrame:
    """Read a CSV of the program: numbers come out with the very bits that were written."""
    import pandas as pd

    # As texts first: what pandas rounds by default differs between its versions, Python's float rounds never.
    frame = pd.read_csv(io.StringIO(text), dtype=str)
    return pd.DataFrame({name: _numbers(frame[name]) for name in frame.columns})


def _numbers(column: pd.Series) -> pd.Series:
    """Whole numbers, else numbers, else the texts."""
    texts = column.tolist()  # an empty field is the float NaN
    for kind in (int, float):
        try:
            return type(column)([one if isinstance(one, float) else kind(one) for one in texts], name=column.name)
        except ValueError:
            continue
    return column


def path_of(result: Folder | str | Path) -> str:
    """Give the path of a result folder, by itself or by its object."""
    return str(result.folder if isinstance(result, Folder) else result)


class Folder(Answer):
    """A result folder and what the command said that made it.

    Attributes
    ----------
    folder : pathlib.Path
        Where it lies; ``docs/formats.md`` lists its files.
    """

    def __init__(self, done: Done, folder: str | os.PathLike[str], more: tuple[str, ...] = ()) -> None:
        super().__init__(done)
        self.folder = Path(folder)
        self._more = more  # --lab and --data, which commands on the folder need too
        self._new = len(done.args) > 0

    @cached_property
    def cells(self) -> pd.DataFrame:
        """One row a cell: axes, number of runs, means with standard errors."""
        file = self.folder / "table.csv"
        # The command that has just ended wrote it; of a folder that was read it may be older than the records.
        return read_table(file.read_text("utf-8")) if self._new and file.is_file() else self.table("cells")

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row a run: axes, run id, outcome, final numbers, with the bits of the records."""
        return self.table("runs")

    def table(self, rows: str | None = None) -> pd.DataFrame:
        """Read a table of the folder.

        Parameters
        ----------
        rows : {'cells', 'runs'}, optional
            One row a cell or one row a run; by default what the command of the folder tells.
        """
        return read_table(start(["table", str(self.folder), *options({"rows": rows})]).stdout)

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        """The stored record of every run in ``runs``, in the same order: the lines of ``records/*.jsonl``."""
        stored: dict[str, dict[str, Any]] = {}
        for part in sorted((self.folder / "records").glob("*.jsonl")):
            for line in part.read_text("utf-8").splitlines():
                try:
                    record = json.loads(line)
                    stored.setdefault(record["run"], record)
                except (ValueError, KeyError, TypeError):
                    continue  # the program passes over it too, and says so
        return [stored[run] for run in self.runs["run"]]

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """The pictures that lie in the folder, by name."""
        found = read_figures(sorted((self.folder / "figures").glob("*.vl.json")))
        first = self.report.get("figures", []) if isinstance(self.report, dict) else []
        return {name: found[name] for name in dict.fromkeys([*first, *found]) if name in found}

    def figure(
        self,
        x: str | None = None,
        y: str | None = None,
        *,
        color: str | None = None,
        facet: str | None = None,
        where: str | list[str] | None = None,
        log: str | None = None,
        symlog: str | None = None,
        show: str | None = None,
        level: float | list[float] | None = None,
        theory: bool = False,
        baselines: bool = False,
        collapse: bool = False,
        title: str | None = None,
        beside: Folder | str | Path | list[Folder | str | Path] | None = None,
    ) -> Figure:
        """Draw any quantity of the runs against any other, as ``benign figure`` does.

        Without a parameter it is the first picture of the command that made the folder.

        Parameters
        ----------
        x, y, color, facet
            A parameter (``'d'``), a column of the tables, ``'S'``, ``'SNR'`` or a formula (``'n*mu^4/d'``). A ``y``
            that is measured gives curves; one that is a parameter gives a map of ``color``.
        where
            Only cells that meet it: ``'d>=400'``; of several all.
        log, symlog
            Scales: ``'x,y'``.
        show : {'means', 'quantiles', 'runs'}
            Of the runs of a cell.
        level
            Level sets of a map, lines across curves.
        theory
            What theorems say of these cells.
        baselines
            Other classifiers on the same draws.
        collapse
            Two panels, over a parameter and over ``x``.
        title
            Of the picture.
        beside
            Further results in the same picture.

        Raises
        ------
        BenignError
            If a name is unknown or nothing can be drawn, in the sentence of the command line.
        """
        view = {
            "x": x, "y": y, "color": color, "facet": facet, "where": where, "log": log, "symlog": symlog,
            "show": show, "level": level, "theory": theory, "baselines": baselines, "collapse": collapse,
            "title": title,
        }  # fmt: skip
        others = [] if beside is None else beside if isinstance(beside, list) else [beside]
        if not others and not any(value is not None and value is not False for value in view.values()):
            if self.figures:
                return next(iter(self.figures.values()))
        with tempfile.TemporaryDirectory() as folder:
            folders = [str(self.folder), *map(path_of, others)]
            done = start(["figure", *folders, *options(view), "--out", folder, "--json"])
            found = read_figures(json.loads(done.stdout)["figures"])
        if not found:
            raise BenignError("; ".join(done.remarks) or f"{self.folder}: there is nothing to draw")
        return next(iter(found.values()))

    def _says(self) -> list[str]:
        return [str(self.folder)]


class Run(Folder):
    """One cell, looked at closely."""

    @property
    def verdict(self) -> Verdict:
        """Whether "the excess error is at most 0.1" ``holds`` (benign), ``fails`` (harmful) or is ``undecided``."""
        return self.report["verdict"]["word"]

    @property
    def kind(self) -> str:
        """``benign``, ``harmful``, ``undecided`` or ``not fitted``."""
        return self.report["verdict"]["kind"]

    @property
    def sentence(self) -> str:
        """The verdict in words, with its interval."""
        return self.report["verdict"]["sentence"]

    @property
    def outcome(self) -> str:
        """How the first run ended."""
        return self.report["outcome"]

    @property
    def values(self) -> dict[str, float]:
        """Final numbers of the first run; ``cells`` has the means of all."""
        return self.report["values"]

    @cached_property
    def series(self) -> pd.DataFrame:
        """Over time: ``replicate``, ``step`` and one column for each observable; NaN where a number is not finite."""
        import pandas as pd

        frames = [
            pd.DataFrame({"replicate": record["replicate"], **record["series"]})
            for record in self.records
            if "series" in record
        ]
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()

    @cached_property
    def arrays(self) -> dict[str, np.ndarray]:
        """The first run as arrays: ``W``, ``b``, ``a``, ``W0``, ``X``, ``y``, ``outputs``, ...

        ``docs/formats.md`` has them with their shapes, under *Arrays of a run*. The run is made again for them.
        """
        return self._saved()

    def states(self, every: int) -> dict[str, np.ndarray]:
        """Arrays of the first run with the states of every so many steps: ``step``, ``W_t``, ``margins_t``, ..."""
        return self._saved(every=every)

    def _saved(self, **how: int) -> dict[str, np.ndarray]:
        import numpy as np

        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "arrays.npz"
            spec = str(self.folder / "spec.yaml")
            start(["run", spec, "--out", str(self.folder), *self._more, *options({"save_arrays": file, **how})])
            with np.load(file) as arrays:
                return dict(arrays)

    def _says(self) -> list[str]:
        return [self.kind, *super()._says()]


class Sweep(Folder):
    """Every run of a spec."""

    def _says(self) -> list[str]:
        return [f"{self.report.get('cells')} cells", f"{self.report.get('runs')} runs", *super()._says()]


class Reproduction(Folder):
    """A paper's figure, held against the published numbers."""

    @cached_property
    def comparisons(self) -> pd.DataFrame:
        """One row a check: ``id``, ``says``, ``ours``, ``published``, ``interval.low``, ``margin.low``, ``verdict``."""
        return frame_of(self.report["comparisons"], drop=("details",))


class Boundary(Folder):
    """Where the error crosses a level; ``verdict`` is that of the theorems' exponents."""

    @cached_property
    def level_sets(self) -> pd.DataFrame:
        """One row a crossing: axes, ``level``, the crossing with its interval, ``state``."""
        return read_table((self.folder / "level-sets.csv").read_text("utf-8"))


class Variance(Folder):
    """How much of the spread over runs comes from data, flips and initialisation."""

    @cached_property
    def components(self) -> pd.DataFrame:
        """One row a component: ``of``, ``variance``, ``share``, ``interval.low``, ``interval.high``."""
        return frame_of(self.report["components"])


class Verification(Folder):
    """Lemmas held against runs."""

    @cached_property
    def lemmas(self) -> pd.DataFrame:
        """One row a lemma: ``lemma``, ``kind``, ``verdict``, ``runs``, ``met``, ``violated``, ``rate.low``, ..."""
        return frame_of(self.report["lemmas"])


class Diagnosis(Folder):
    """What a two-class data set is like, and whether overfitting is benign on it."""

    @property
    def regimes(self) -> dict[str, str]:
        """``benign``, ``tempered``, ``harmful``, ``undecided`` or ``not applicable``, for each classifier judged."""
        return {one["of"]: one["regime"] for one in self.report["verdicts"]}

    @property
    def page(self) -> str:
        """The page of the diagnosis, in Markdown."""
        return (self.folder / "report.md").read_text("utf-8")

    @cached_property
    def measured(self) -> pd.DataFrame:
        """One row for each ``n`` and label noise: clean test errors by classifier, with intervals."""
        return frame_of(self.report["measured"])

    def _says(self) -> list[str]:
        return [*(f"{of}: {regime}" for of, regime in self.regimes.items()), *super()._says()]


def frame_of(rows: list[dict[str, Any]], drop: tuple[str, ...] = ()) -> pd.DataFrame:
    """Nested objects as columns ``outer.inner``."""
    import pandas as pd

    return pd.json_normalize([{key: value for key, value in row.items() if key not in drop} for row in rows])

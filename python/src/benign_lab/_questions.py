"""The commands that make no runs of their own."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._answers import Answer, Verdict
from ._command import Done, start
from ._figure import Figure, read_figures
from ._folders import Folder, frame_of, path_of
from ._spec import Setting, Spec, options, set_options, word, written

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


def papers() -> pd.DataFrame:
    """List what can be reproduced.

    Returns
    -------
    pandas.DataFrame
        One row a figure: ``paper``, ``title``, ``figure``, ``variants`` (a list, the default first).
    """
    import pandas as pd

    shelf = json.loads(start(["papers", "--json"]).stdout)
    return pd.DataFrame(
        [
            {"paper": paper["id"], "title": paper["title"], "figure": figure["id"], "variants": figure["variants"]}
            for paper in shelf
            for figure in paper["figures"]
        ]
    )


def cite(paper: str) -> str:
    """Give the BibTeX entry of a paper: ``cite("kou-2023")``."""
    return json.loads(start(["cite", paper, "--json"]).stdout)["bibtex"]


class Theory(Answer):
    """What the papers' theorems predict for a setting."""

    def __init__(self, done: Done, again: tuple[list[str], str | None]) -> None:
        super().__init__(done)
        self._again = again

    @cached_property
    def regimes(self) -> pd.DataFrame:
        """One row a theorem: ``id``, ``regime``, ``assumptions.hold`` of ``assumptions.of``, critical values."""
        return frame_of(self.report["regimes"])

    @cached_property
    def conditions(self) -> pd.DataFrame:
        """One row a condition: its ``statement``, ``formula``, whether it ``holds``, and the ``factor`` by which."""
        import pandas as pd

        return pd.DataFrame(
            [
                {"statement": statement["id"], **condition}
                for statement in self.report["statements"]
                for condition in statement.get("conditions", [])
            ]
        )

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """Maps of the regimes, by name."""
        args, text = self._again
        with tempfile.TemporaryDirectory() as folder:
            start([*args, "--out", folder], text)
            return read_figures(sorted((Path(folder) / "figures").glob("*.vl.json")))


def theory(
    spec: Spec,
    *,
    set: Setting | None = None,
    delta: float | None = None,
    constants: Mapping[str, float] | None = None,
    critical: str | None = None,
    lab: str | Path | None = None,
    **values: Any,
) -> Theory:
    """Say what the papers' theorems predict, before any run.

    Parameters
    ----------
    spec, set, lab, **values
        As for `run`; of a spec with axes it is the first cell.
    delta
        Failure probability, in (0, 1).
    constants
        Values of free constants: ``{"C": 1, "kou-2023.C1": 50}``.
    critical
        The symbol whose critical values are wanted: ``'d'``.

    Returns
    -------
    Theory
        ``regimes``, ``conditions``, ``figures``, ``report``.
    """
    text = written(spec)
    joined = None if constants is None else ",".join(f"{name}={word(value)}" for name, value in constants.items())
    given = {"delta": delta, "constants": joined, "critical": critical, "lab": lab}
    args = [
        "theory", text.argument, *set_options(set or {}), *set_options(values), *options(given), "--json"
    ]  # fmt: skip
    return Theory(start(args, text.text), (args, text.text))


class Comparison(Answer):
    """Two results held against each other."""

    @property
    def verdict(self) -> Verdict | None:
        """Whether they agree to ``within``, or, without it, whether they do not differ."""
        return self.report["word"]

    @property
    def sentence(self) -> str:
        """The answer in words."""
        return self.report["sentence"]

    @cached_property
    def cells(self) -> pd.DataFrame:
        """One row a pair of cells: ``at.data.d``, ``ofA``, ``ofB``, ``difference.value``, ..."""
        return frame_of(self.report["cells"])


def compare(
    a: Folder | str | Path, b: Folder | str | Path, *, of: str | None = None, within: float | None = None
) -> Comparison:
    """Hold two results against each other, where their cells have the same coordinates.

    Parameters
    ----------
    a, b
        Results, or their folders.
    of
        Which observable; ``testErrorClean`` by default.
    within
        By how much b may differ and still agree, > 0.
    """
    return Comparison(start(["compare", path_of(a), path_of(b), *options({"of": of, "within": within}), "--json"]))


class Measured(Answer):
    """A network that was trained elsewhere, measured as a run is."""

    @property
    def values(self) -> dict[str, float]:
        """Test error by the estimator of the spec with its standard error, training numbers, coefficients."""
        return self.report["values"]


def measure(
    weights: Mapping[str, np.ndarray] | str | Path, spec: Spec, *, set: Setting | None = None, **values: Any
) -> Measured:
    """Measure a network that was trained elsewhere, in PyTorch say.

    Parameters
    ----------
    weights
        Arrays by name, or a file of ``numpy.savez``: ``W`` (2m x d), and where there are ``b`` (2m), ``a`` (2m), ``X``
        (n x 2 x d), ``y`` (n), ``W0``, ``mu`` (d), ...; ``docs/commands.md`` has them all, under *measure*.
    spec, set, **values
        The setting that it was trained in, as for `run`, without axes.

    Returns
    -------
    Measured
        ``values``: those of a record.

    Raises
    ------
    BenignError
        If an array is missing or does not fit the spec.
    """
    import numpy as np

    text = written(spec)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "weights.npz"
        if isinstance(weights, (str, Path)):
            file = Path(weights)
        else:
            arrays: dict[str, Any] = {name: np.asarray(array) for name, array in weights.items()}
            np.savez(file, **arrays)
        args = ["measure", str(file), text.argument, *set_options(set or {}), *set_options(values), "--json"]
        return Measured(start(args, text.text))

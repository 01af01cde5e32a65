"""The commands that make runs, each into a folder where the same call goes on."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, Union

from ._cache import kept
from ._command import BenignError, Done, start
from ._folders import Boundary, Diagnosis, Folder, Reproduction, Run, Sweep, Variance, Verification
from ._spec import Setting, Spec, digest, options, set_options, written

if TYPE_CHECKING:
    import numpy as np

Path_ = Union[str, "os.PathLike[str]"]
F = TypeVar("F", bound=Folder)

NO_KEY = {"workers", "level", "precision", "max_runs", "look", "verdicts", "max_time", "checkpoint", "retry_failed"}
"""Options that ask a folder for something else, and are no other folder."""


def call(*args: object, stdin: str | None = None) -> Done:
    """Run any command, as on the command line.

    Parameters
    ----------
    *args
        Its name, arguments and options: ``call("status", folder, "--json")``.
    stdin
        What ``-`` reads.

    Returns
    -------
    Done
        With ``code``, ``stdout`` and ``remarks``.

    Raises
    ------
    BenignError
        The sentence of the command line, for exit code 1.
    """
    return start([os.fspath(one) if isinstance(one, os.PathLike) else str(one) for one in args], stdin)


def _made(
    kind: Callable[..., F],
    command: str,
    spec: Spec,
    settings: Setting | None,
    values: Setting,
    out: Path_ | None,
    progress: bool,
    given: Mapping[str, Any],
    positional: Sequence[str] = (),
) -> F:
    text = written(spec)
    chosen = [*set_options(settings or {}), *set_options(values)]
    given = {name: _absolute(name, value) for name, value in given.items()}
    if out is None:
        key = options({name: value for name, value in given.items() if name not in NO_KEY})
        out = kept(command, text.name, text.key, *chosen, *key, _content(given.get("lab")))
    args = [command, *positional, text.argument, *chosen, *options(given), "--out", str(out), "--json"]
    more = tuple(options({name: given.get(name) for name in ("lab", "data")}))
    return kind(start(args, text.text, progress), out, more)


def _absolute(name: str, value: Any) -> Any:
    """Files that a folder goes on to need are named so that they are found from everywhere."""
    if name not in ("lab", "data") or value is None:
        return value
    several = value if isinstance(value, (list, tuple)) else [value]
    return [str(Path(one).resolve()) for one in several] if name == "data" else str(Path(value).resolve())


def _content(file: str | None) -> str:
    return "" if file is None or not Path(file).is_file() else Path(file).read_text("utf-8")


def run(
    spec: Spec,
    *,
    out: Path_ | None = None,
    set: Setting | None = None,
    workers: int | None = None,
    data: Path_ | Sequence[Path_] | None = None,
    lab: Path_ | None = None,
    progress: bool = True,
    **values: Any,
) -> Run:
    """Make the runs of one cell and say how they ended.

    Parameters
    ----------
    spec
        A path, the text of a spec in YAML, or a dict.
    out
        Result folder; by default one below `cache_folder`, the same for the same call.
    set
        Parameters by path: ``{"data.mu": 1}``.
    workers
        Threads, >= 1; one by default.
    data
        Where a data set lies that the spec names.
    lab
        A module with parts of one's own.
    progress
        Show a bar and remarks.
    **values
        Parameters by the last part of their paths: ``mu=1``, ``runs=10``, ``seed=2``.

    Returns
    -------
    Run
        ``series`` over time, final ``values``, ``verdict``, ``arrays``, and all that a folder has.

    Raises
    ------
    BenignError
        If the spec is wrong: every mistake in it, a sentence each.

    Examples
    --------
    >>> found = run({"data": {"n": 20, "d": 1000, "mu": 6}, "network": {"m": 10}, "runs": 2})  # doctest: +SKIP
    >>> found.series.groupby("step").trainLoss.mean()  # doctest: +SKIP
    """
    given = {"workers": workers, "data": data, "lab": lab}
    return _made(Run, "run", spec, set, values, out, progress, given)


def sweep(
    spec: Spec,
    out: Path_ | None = None,
    workers: int | None = None,
    *,
    set: Setting | None = None,
    reuse: Path_ | Sequence[Path_] | None = None,
    max_time: str | None = None,
    checkpoint: str | None = None,
    retry_failed: bool = False,
    data: Path_ | Sequence[Path_] | None = None,
    lab: Path_ | None = None,
    progress: bool = True,
    **values: Any,
) -> Sweep:
    """Make every run of a spec. Ctrl-C stores what is there, and the same call goes on from it.

    Parameters
    ----------
    spec
        A path, the text of a spec in YAML, or a dict.
    out
        Result folder; by default one below `cache_folder`, the same for the same call. A folder that is named may
        grow: more ``runs``, more values of an axis, a new axis.
    workers
        Threads, >= 1; all cores by default. The records do not depend on it.
    set, data, lab, progress, **values
        As for `run`.
    reuse
        Folders whose records are taken where they fit.
    max_time
        Stop after so long: ``'90s'``, ``'30m'``, ``'2h'``; then KeyboardInterrupt says what is stored.
    checkpoint
        Keep the state of a long run so often: ``'60s'``; ``'0'``: never.
    retry_failed
        Make runs again that failed before.

    Returns
    -------
    Sweep
        Data frames ``cells`` and ``runs``, ``figure``.

    Raises
    ------
    BenignError
        If the spec is wrong, or the folder holds something else.

    Warns
    -----
    BenignWarning
        If some runs failed; the others are there.
    """
    given = {
        "workers": workers,
        "reuse": reuse,
        "max_time": max_time,
        "checkpoint": checkpoint,
        "retry_failed": retry_failed,
        "data": data,
        "lab": lab,
    }
    return _made(Sweep, "sweep", spec, set, values, out, progress, given)


def variance(
    spec: Spec,
    *,
    of: str = "testErrorClean",
    log: bool = False,
    blocks: int | None = None,
    out: Path_ | None = None,
    set: Setting | None = None,
    workers: int | None = None,
    progress: bool = True,
    **values: Any,
) -> Variance:
    """Split the spread over the runs of a cell into data, flips and initialisation.

    Parameters
    ----------
    spec, out, set, workers, progress, **values
        As for `run`.
    of
        An observable.
    log
        Of its logarithm.
    blocks
        Blocks of eight runs, >= 2; 50 by default.

    Returns
    -------
    Variance
        ``components``: a row each, with its share.
    """
    given = {"of": of, "log": log, "blocks": blocks, "workers": workers}
    return _made(Variance, "variance", spec, set, values, out, progress, given)


def boundary(
    spec: Spec,
    along: str,
    over: str,
    level: float | Sequence[float] | None = None,
    *,
    of: str | None = None,
    precision: float | None = None,
    max_runs: int | None = None,
    confidence: float | None = None,
    out: Path_ | None = None,
    set: Setting | None = None,
    workers: int | None = None,
    progress: bool = True,
    **values: Any,
) -> Boundary:
    """Find where the mean error crosses a level, and hold the theorems' exponents against it.

    Parameters
    ----------
    spec
        With at least two axes.
    along
        The axis that is searched, between its ends: ``'mu'``.
    over
        For each value of this axis: ``'d'``.
    level
        Of the mean error, in (0, 0.5); 0.2 by default.
    of : {'testError', 'testErrorClean'}, optional
        Against observed or against true labels.
    precision
        Wanted standard error of log ``along``, in (0, 0.5); 0.02 by default.
    max_runs
        The search ends when the folder holds so many.
    confidence
        Of the intervals, in (0, 1); 0.95 by default.
    out, set, workers, progress, **values
        As for `sweep`.

    Returns
    -------
    Boundary
        ``level_sets``, ``verdict``, ``report`` with exponents and constants.
    """
    given = {
        "along": along,
        "over": over,
        "level": level,
        "of": of,
        "precision": precision,
        "max_runs": max_runs,
        "confidence": confidence,
        "workers": workers,
    }
    return _made(Boundary, "boundary", spec, set, values, out, progress, given)


def verify(
    target: Spec | Folder,
    lemma: str | Sequence[str] | None = None,
    *,
    constant: str | Sequence[str] | None = None,
    every: int | None = None,
    outside: bool = False,
    out: Path_ | None = None,
    set: Setting | None = None,
    workers: int | None = None,
    progress: bool = True,
    **values: Any,
) -> Verification:
    """Hold lemmas about trajectories against runs.

    Parameters
    ----------
    target
        A spec, or a result folder whose records keep series.
    lemma
        Ids, or a paper's for all of its lemmas; all that speak by default.
    constant
        ``'C=2'``: constants of the lemmas instead of their presets.
    every
        Steps between two entries of a series, >= 1.
    outside
        Lemmas also where their assumptions are not met: told, not tested.
    out, set, workers, progress, **values
        As for `sweep`.

    Returns
    -------
    Verification
        ``lemmas``: a row each; ``verdict`` of all.
    """
    given = {"lemma": lemma, "constant": constant, "every": every, "outside": outside, "workers": workers}
    spec = target.folder if isinstance(target, Folder) else target
    if isinstance(spec, (str, os.PathLike)) and os.path.isdir(spec):
        args = ["verify", os.fspath(spec), *options(given), "--json", *(["--out", os.fspath(out)] if out else [])]
        return Verification(start(args, None, progress), out or spec)
    return _made(Verification, "verify", spec, set, values, out, progress, given)


def reproduce(
    figure: str,
    *,
    quick: bool = False,
    variant: str | None = None,
    runs: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    data: Path_ | Sequence[Path_] | None = None,
    against: Path_ | None = None,
    look: int | None = None,
    out: Path_ | None = None,
    progress: bool = True,
) -> Reproduction:
    """Compute a paper's figure and hold it against the published numbers.

    Parameters
    ----------
    figure
        A paper (``'kou-2023'``) or one of its figures (``'kou-2023/heat-map'``): see `papers`.
    quick
        A coarse grid over the same range.
    variant
        Which variant; the first by default.
    runs
        Runs a cell, >= 1; the preset's by default.
    seed
        Of every random stream; the preset's by default.
    workers, out, progress
        As for `sweep`.
    data
        Where the data of a preset lies that needs some.
    against
        A CSV of test errors over the same grid.
    look
        Which look at growing data this is.

    Returns
    -------
    Reproduction
        ``verdict``, ``comparisons``, ``figures``, ``cells``.
    """
    given = {
        "quick": quick,
        "variant": variant,
        "runs": runs,
        "seed": seed,
        "workers": workers,
        "data": _absolute("data", data),
        "against": against,
        "look": look,
    }
    if out is None:
        out = kept("reproduce", figure, figure, *options({k: v for k, v in given.items() if k not in NO_KEY}))
    args = ["reproduce", figure, *options(given), "--out", str(out), "--json"]
    return Reproduction(start(args, None, progress), out)


def diagnose(
    X: np.ndarray | Path_,
    y: np.ndarray | None = None,
    *,
    classes: str | None = None,
    n: int | None = None,
    m: int | None = None,
    flips: float | Sequence[float] | None = None,
    runs: int | None = None,
    held_out: int | None = None,
    steps: int | None = None,
    centring: str | None = None,
    divisor: float | None = None,
    seed: int | None = None,
    workers: int | None = None,
    out: Path_ | None = None,
    progress: bool = True,
) -> Diagnosis:
    """Ask whether overfitting is benign on a two-class data set.

    Parameters
    ----------
    X : array of shape (points, ...) or path
        The points, one a row; more dimensions are read row by row. Or a file that ``benign diagnose`` reads.
    y : array of shape (points,)
        Whole numbers; of a file they are in it.
    classes
        Two labels, the first is +1: ``'3,8'``, or two groups: ``'0,2/1,3'``; by default the two that there are, of
        which the smaller is +1, and 1 is +1 where they are -1 and 1.
    n
        Largest number of training points, even; 320 or half of what there is by default.
    m
        Filters a class, >= 1; 10 by default.
    flips
        Label noises in [0.05, 0.4]; 0.1, 0.2, 0.3 by default.
    runs
        Draws of training and held-out points, >= 1; 32 by default.
    held_out
        Points for the test error of a draw; at most 1000 by default.
    steps
        Cap on the steps of a run; 4000 by default.
    centring : {'mean', 'none'}, optional
        What is taken off every point.
    divisor
        Every number is divided by it, > 0; by default the root mean square of a norm becomes 1.
    seed, workers, out, progress
        As for `sweep`.

    Returns
    -------
    Diagnosis
        ``regimes``, ``page``, ``measured``, ``report``, ``figures``.

    Raises
    ------
    BenignError
        If the arrays do not fit each other, or the program refuses them.
    """
    import numpy as np

    points, labels = None, None
    if not isinstance(X, (str, os.PathLike)):
        points, labels = np.asarray(X), np.asarray(y)
        if points.ndim < 2 or labels.shape != points.shape[:1]:
            raise BenignError(
                f"diagnose: X must have the shape (points, ...) and y (points,), got {points.shape} and {labels.shape}"
            )
        if labels.dtype.kind not in "iub" and not (labels.dtype.kind == "f" and (labels == np.rint(labels)).all()):
            raise BenignError(f"diagnose: labels y must be whole numbers, got {labels.dtype} such as {labels.flat[0]}")
        if classes is None and set(np.unique(labels).tolist()) == {-1, 1}:
            classes = "1,-1"
    given = {
        "classes": classes,
        "n": n,
        "m": m,
        "flips": None if flips is None else ",".join(str(one) for one in np.atleast_1d(flips)),
        "runs": runs,
        "held_out": held_out,
        "steps": steps,
        "centring": centring,
        "divisor": divisor,
        "seed": seed,
        "workers": workers,
    }
    key = options({name: value for name, value in given.items() if name not in NO_KEY})
    with tempfile.TemporaryDirectory() as folder:
        if points is None or labels is None:
            file, content = Path(str(X)), str(Path(str(X)).resolve())
        else:
            file = Path(folder) / "points.npz"
            np.savez(file, X=points.reshape(len(points), -1), y=labels.astype("int64"))
            content = digest(points.tobytes().hex(), labels.tobytes().hex(), str(points.shape))
        if out is None:
            out = kept("diagnose", file.stem, content, *key)
        args = ["diagnose", str(file), *options(given), "--out", str(out), "--json"]
        return Diagnosis(start(args, None, progress), out)

"""benign-lab from Python: specs in, data frames and figures out.

Every number is computed by the program ``benign`` (Node), which the wheel brings. No science is written here: a
function starts a command, and its answer holds what the command writes. See ``docs/python.md`` of the repository.
"""

from importlib.metadata import PackageNotFoundError, version

from ._answers import Answer, Verdict
from ._cache import cache_folder, clear_cache
from ._command import BenignError, BenignWarning
from ._commands import boundary, call, diagnose, reproduce, run, sweep, variance, verify
from ._figure import Figure
from ._folders import Boundary, Diagnosis, Folder, Reproduction, Run, Sweep, Variance, Verification
from ._node import NodeMissing, node, program
from ._questions import Comparison, Measured, Theory, cite, compare, measure, papers, theory
from ._reading import read

try:
    __version__ = version("benign-lab")
except PackageNotFoundError:  # imported from a clone that is not installed
    __version__ = "0+clone"

__all__ = [
    "Answer",
    "BenignError",
    "BenignWarning",
    "Boundary",
    "Comparison",
    "Diagnosis",
    "Figure",
    "Folder",
    "Measured",
    "NodeMissing",
    "Reproduction",
    "Run",
    "Sweep",
    "Theory",
    "Variance",
    "Verdict",
    "Verification",
    "boundary",
    "cache_folder",
    "call",
    "cite",
    "clear_cache",
    "compare",
    "diagnose",
    "measure",
    "node",
    "papers",
    "program",
    "read",
    "reproduce",
    "run",
    "sweep",
    "theory",
    "variance",
    "verify",
]

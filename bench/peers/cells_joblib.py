"""Many small cells in NumPy on the workers of joblib: the peer of bench/many-cells.ts.

    printf 'runs 2 4\ncells 2 4\n' | python3 cells_joblib.py '[[100, 1], [595, 5]]'

Its argument: the cells, [d, |mu|] of each. It prints {"versions": [...]}, then a line for every line of stdin, which
holds a form, a number of workers and the runs of each cell: {"seconds": by the clock, "testErrors": of every run}.

runs: a task is one run. cells: a task is a cell, its runs stacked in one program. Both: gram_numpy.py. The workers
(loky's processes) stay from one line to the next.
"""
import json
import platform
import sys
import time

import joblib
import numpy as np
from gram_numpy import gram
from versions import numpy_version

cells = json.loads(sys.argv[1])


def task(seed, d, mu, runs):
    return gram(np.random.default_rng(seed), int(d), mu, runs)


def tasks(form, runs):
    seeds = iter(np.random.SeedSequence(1).spawn(len(cells) * runs))
    stacked, each = (runs, 1) if form == "cells" else (1, runs)
    return [joblib.delayed(task)(next(seeds), d, mu, stacked) for d, mu in cells for _ in range(each)]


versions = [f"joblib {joblib.__version__}", f"NumPy {numpy_version()}", f"Python {platform.python_version()}"]
print(json.dumps({"versions": versions}), flush=True)
for line in sys.stdin:
    form, workers, runs = line.split()
    started = time.perf_counter()
    lists = joblib.Parallel(n_jobs=int(workers))(tasks(form, int(runs)))
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "testErrors": [error for one in lists for error in one]}), flush=True)

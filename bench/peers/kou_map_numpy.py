"""Runs of a Kou cell in NumPy: peers of bench/map.ts.

    printf 'gram 1 5\ngram 100 2\n' | python3 kou_map_numpy.py 595 5

Arguments and lines: turns.py. OMP_NUM_THREADS and its like set the threads.

gram: gram_numpy.py.
"""
import os

import numpy as np
from gram_numpy import gram
from turns import d, mu, serve
from versions import numpy_version

generator = np.random.default_rng(1)
serve(
    {"gram": lambda runs: gram(generator, d, mu, runs)},
    [f"NumPy {numpy_version()}"],
    len(os.sched_getaffinity(0)),
)

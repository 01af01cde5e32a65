"""What the peers of bench/map.ts that stand on a current Python share: the published cell and their lines.

Arguments: d, |mu|. n = 20, m = 10, 100 steps at 0.1, 1,000 test points, as published.
"""
import json
import platform
import sys
import time

d, mu = int(sys.argv[1]), float(sys.argv[2])
n, m, flip, eta, steps, test_points = 20, 10, 0.1, 0.1, 100, 1000


def numpy_blas():
    """Name and version of the BLAS that NumPy was built with."""
    import numpy

    blas = numpy.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return f"{blas['name']} {blas['version']}"


def serve(forms, about):
    """Prints `about`, then for every line of stdin (a form, the replicas of a program, a number of programs) a line.

    forms: functions of a number of replicas that make them all and return their test errors as a list.
    The line: {"seconds": by the clock, "processorSeconds": of all threads, "testErrors": [...]}. The first answer of a
    form with so many replicas holds its compilation.
    """
    print(json.dumps({**about, "python": platform.python_version()}), flush=True)
    for line in sys.stdin:
        form, replicas, programs = line.split()
        clock, processor = time.perf_counter(), time.process_time()
        errors = [error for _ in range(int(programs)) for error in forms[form](int(replicas))]
        spent = {"seconds": time.perf_counter() - clock, "processorSeconds": time.process_time() - processor}
        print(json.dumps({**spent, "testErrors": errors}), flush=True)

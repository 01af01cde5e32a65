"""What the peers of bench/map.ts share: the published cell, the lines they take and give.

Arguments: d, |mu|. The rest as published.
"""
import json
import platform
import sys
import time

from published import eta, flip, m, n, steps, test_points  # noqa: F401

d, mu = int(sys.argv[1]), float(sys.argv[2])


def serve(forms, versions, threads):
    """Prints {"versions", "threads"}, then a line for every line of stdin.

    Its line: a form, the replicas of one program, a number of programs.
    forms: functions of a number of replicas that make them all and return their test errors as a list.
    Ours: {"seconds": by the clock, "processorSeconds": of all threads, "testErrors": [...]}, or {"failed": why}.
    The first answer of a form with so many replicas holds its compilation.
    """
    print(json.dumps({"versions": [*versions, f"Python {platform.python_version()}"], "threads": threads}), flush=True)
    for line in sys.stdin:
        form, replicas, programs = line.split()
        clock, processor = time.perf_counter(), time.process_time()
        try:
            errors = [error for _ in range(int(programs)) for error in forms[form](int(replicas))]
        except Exception as error:  # a compiler may be missing: the other forms go on
            said = (str(error).strip().splitlines() or [""])[0]
            print(json.dumps({"failed": f"{type(error).__name__}: {said}"}), flush=True)
            continue
        spent = {"seconds": time.perf_counter() - clock, "processorSeconds": time.process_time() - processor}
        print(json.dumps({**spent, "testErrors": errors}), flush=True)

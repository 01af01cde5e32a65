"""Runs of one Kou cell in plain PyTorch: the peer of bench/kou-cell.ts.

    echo 5 | python3 kou_cell.py 200 4

makes five runs at d = 200 and |mu| = 4. Prints one JSON line about itself, then one for every line of
stdin, which holds a number of runs: {"seconds": [...], "processorSeconds": of all, "testErrors": [...]}. The caller
asks whenever it likes, so that two programs can take turns on a machine whose speed changes.

A run is what one writes down first: draw a sample, build the network, full-batch SGD by autograd, test on
fresh points; every step works on whole arrays. Numbers are float32, PyTorch's default. OMP_NUM_THREADS sets the
threads.
"""
import argparse
import json
import platform
import sys
import time

import torch
from torch import nn
from versions import torch_version

parser = argparse.ArgumentParser()
parser.add_argument("d", type=int)
parser.add_argument("mu", type=float)
parser.add_argument("--n", type=int, default=20)
parser.add_argument("--m", type=int, default=10)
parser.add_argument("--flip", type=float, default=0.1)
parser.add_argument("--eta", type=float, default=0.1)
parser.add_argument("--steps", type=int, default=100)
parser.add_argument("--test-points", type=int, default=1000)
cell = parser.parse_args()


class Conv1dFilters(nn.Conv1d):
    """Filters as the authors have them: one convolution over the two patches laid end to end."""

    def __init__(self):
        super().__init__(1, 2 * cell.m, cell.d, stride=cell.d)

    def forward(self, x):
        return super().forward(x.view(len(x), 1, 2 * cell.d)).transpose(1, 2)


class LinearFilters(nn.Linear):
    """The same filters, with the same default initialisation, as one matrix product."""

    def __init__(self):
        super().__init__(cell.d, 2 * cell.m)


def draw(count):
    """Points (count, 2, d) and their observed labels; signal in the first patch, noise in the second."""
    true_labels = torch.randint(2, (count,)) * 2.0 - 1.0
    labels = torch.where(torch.rand(count) < cell.flip, -true_labels, true_labels)
    signal = torch.zeros(count, cell.d)
    signal[:, 0] = cell.mu * true_labels
    return torch.stack([signal, torch.randn(count, cell.d)], dim=1), labels  # normal_() of a part of x is far slower


def output(filters, x):
    sums = filters(x).relu().sum(dim=1)
    return sums[:, : cell.m].sum(dim=1) - sums[:, cell.m :].sum(dim=1)


def run(form):
    """One run from the draw to the test error."""
    x, labels = draw(cell.n)
    filters = form()
    optimizer = torch.optim.SGD(filters.parameters(), lr=cell.eta)
    for _ in range(cell.steps):
        optimizer.zero_grad(set_to_none=True)
        nn.functional.soft_margin_loss(output(filters, x), labels).backward()
        optimizer.step()
    with torch.no_grad():
        x, labels = draw(cell.test_points)
        return (output(filters, x) * labels <= 0).float().mean().item()


def timed(form):
    started = time.perf_counter()
    error = run(form)
    return time.perf_counter() - started, error


torch.manual_seed(1)
# Which form is faster depends on d and on the BLAS that torch was built with or finds (Debian's reference BLAS
# makes Linear three times slower at d = 20,000, OpenBLAS makes it the faster one). The peer takes the better.
forms = [Conv1dFilters, LinearFilters]
trials = [[timed(form)[0] for form in forms] for _ in range(6)]
fastest = [min(times) for times in zip(*trials[1:])]  # without the first round: it warms up
best = forms[fastest.index(min(fastest))]
about = {"torch": torch_version(), "python": platform.python_version(), "form": best.__base__.__name__}
print(json.dumps(about), flush=True)
for line in sys.stdin:
    processor = time.process_time()
    pairs = [timed(best) for _ in range(int(line))]
    spent = {"seconds": [s for s, _ in pairs], "processorSeconds": time.process_time() - processor}
    print(json.dumps({**spent, "testErrors": [e for _, e in pairs]}), flush=True)

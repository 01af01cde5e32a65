"""A two-layer network on images as one writes it down in PyTorch: the peer of bench/images.ts.

    echo '2000 100 1' | python3 images_torch.py IMAGES LABELS

It prints {"versions": [...]}, then a line for every line of stdin, which holds n, a number of steps and a seed:
{"stepSeconds": by the clock, "error": the clean test error, "megabytes": most memory of the process so far}. Even
classes against odd ones, 2m = 200 filters, ReLU, output weights +-1/m, logistic loss, float64, one thread, autograd.
"""
import gzip
import json
import platform
import resource
import sys
import time

import numpy as np
import torch
from versions import torch_version

M, ETA, SIGMA0, DIVISOR, FLIP, HELD_OUT = 100, 20.0, 0.01, 2550.0, 0.1, 2000


def idx(path):
    data = gzip.open(path).read() if path.endswith(".gz") else open(path, "rb").read()
    shape = [int.from_bytes(data[4 + 4 * k : 8 + 4 * k], "big") for k in range(data[3])]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(shape)


def run(images, labels, n, steps, seed):
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(images), generator=generator).numpy()
    truth = torch.from_numpy(np.where(labels % 2 == 0, 1.0, -1.0))
    points = lambda at: torch.from_numpy(images[at].reshape(len(at), -1) / DIVISOR)  # noqa: E731
    x, held = points(order[:n]), points(order[-HELD_OUT:])
    flips = torch.where(torch.rand(n, generator=generator) < FLIP, -1.0, 1.0).double()
    y = truth[order[:n]] * flips
    w = torch.randn(2 * M, x.shape[1], generator=generator, dtype=torch.float64) * SIGMA0
    w.requires_grad_()
    b = torch.zeros(2 * M, dtype=torch.float64, requires_grad=True)
    a = torch.cat([torch.ones(M), -torch.ones(M)]).double() / M
    network = lambda points: torch.relu(points @ w.T + b) @ a  # noqa: E731
    optimizer = torch.optim.SGD([w, b], lr=ETA)
    started = time.perf_counter()
    for _ in range(steps):
        optimizer.zero_grad()
        torch.nn.functional.softplus(-y * network(x)).mean().backward()
        optimizer.step()
    spent = time.perf_counter() - started
    with torch.no_grad():
        wrong = truth[order[-HELD_OUT:]] * network(held) <= 0
    return {"stepSeconds": spent / steps, "error": wrong.double().mean().item()}


torch.set_num_threads(1)
pixels, classes = idx(sys.argv[1]), idx(sys.argv[2])
versions = [f"PyTorch {torch_version()}", f"NumPy {np.__version__}", f"Python {platform.python_version()}"]
print(json.dumps({"versions": versions}), flush=True)
for line in sys.stdin:
    answer = run(pixels, classes, *map(int, line.split()))
    print(json.dumps({**answer, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}), flush=True)

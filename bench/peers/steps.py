"""Full-batch gradient steps in plain PyTorch and NumPy: the peers of bench/steps.ts and bench/long-runs.ts.

    printf 'autograd 5\ngram 5\nnumpy 5\n' | python3 steps.py 20 10 1000 0.1

n = 20 points, m = 10 filters a class, d = 1,000, step size 0.1. OMP_NUM_THREADS sets the threads. Prints one JSON line about itself, then for every line of stdin,
a form and a number of steps, the seconds that they took.

autograd: what one writes down first, in d dimensions, float32, one convolution-like product and SGD by autograd.
gram: the same step by hand in Gram space, on the same state as ours (products with the anchors, coefficients), float64.
numpy: the same in NumPy.
"""
import json
import platform
import sys
import time

import numpy as np
import torch
from torch import nn
from versions import numpy_version, torch_version

n, m, d = (int(word) for word in sys.argv[1:4])
eta = float(sys.argv[4])
torch.manual_seed(1)
mu = 4.0
labels = torch.randint(2, (n,)) * 2.0 - 1.0
noise = torch.randn(n, d)
noise[:, 0] = 0
x = torch.zeros(n, 2, d)
x[:, 0, 0] = mu * labels
x[:, 1] = noise


class Autograd:
    def __init__(self):
        self.filters = nn.Linear(d, 2 * m)
        self.optimizer = torch.optim.SGD(self.filters.parameters(), lr=eta)

    def step(self):
        self.optimizer.zero_grad(set_to_none=True)
        sums = self.filters(x).relu().sum(dim=1)
        output = sums[:, :m].sum(dim=1) - sums[:, m:].sum(dim=1)
        nn.functional.soft_margin_loss(output, labels).backward()
        self.optimizer.step()


class Gram:
    def __init__(self):
        anchors = torch.zeros(n + 1, d, dtype=torch.float64)
        anchors[0, 0] = mu
        anchors[1:] = noise
        self.y = labels.double()
        self.G = anchors @ anchors.T
        self.a = torch.cat([torch.ones(m), -torch.ones(m)]).double()[:, None]
        self.P = (torch.rand(2 * m, d, dtype=torch.float64) * 2 - 1) / d**0.5 @ anchors.T
        self.C = torch.zeros_like(self.P)
        self.b = torch.zeros(2 * m, 1, dtype=torch.float64)
        self.dC = torch.empty_like(self.P)

    def step(self):
        signal = self.P[:, :1] * self.y + self.b
        own = self.P[:, 1:] + self.b
        output = (self.a * (signal.relu() + own.relu())).sum(dim=0)
        change = self.a * (self.y * torch.sigmoid(-self.y * output) * (eta / n))
        by_signal = change * (signal > 0)
        by_noise = change * (own > 0)
        self.dC[:, 0] = by_signal @ self.y
        self.dC[:, 1:] = by_noise
        self.C += self.dC
        self.P += self.dC @ self.G
        self.b += (by_signal + by_noise).sum(dim=1, keepdim=True)


class NumPyGram:
    def __init__(self):
        for name, tensor in vars(Gram()).items():
            setattr(self, name, tensor.numpy())

    def step(self):
        signal = self.P[:, :1] * self.y + self.b
        own = self.P[:, 1:] + self.b
        output = (self.a * (np.maximum(signal, 0) + np.maximum(own, 0))).sum(axis=0)
        change = self.a * (self.y / (1 + np.exp(self.y * output)) * (eta / n))
        by_signal = change * (signal > 0)
        by_noise = change * (own > 0)
        self.dC[:, 0] = by_signal @ self.y
        self.dC[:, 1:] = by_noise
        self.C += self.dC
        self.P += self.dC @ self.G
        self.b += (by_signal + by_noise).sum(axis=1, keepdims=True)


forms = {"autograd": Autograd(), "gram": Gram(), "numpy": NumPyGram()}
print(json.dumps({"torch": torch_version(), "numpy": numpy_version(), "python": platform.python_version()}), flush=True)
for line in sys.stdin:
    form, count = line.split()
    with torch.set_grad_enabled(form == "autograd"):
        started = time.perf_counter()
        for _ in range(int(count)):
            forms[form].step()
        print(json.dumps(time.perf_counter() - started), flush=True)

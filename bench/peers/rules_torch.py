"""PyTorch's optimizers on a patch network as one writes it down: the peer of bench/rules.ts.

    printf 'momentum 20 10 1000 100\n' | python3 rules_torch.py

It prints {"versions": [...]}, then a line for every line of stdin, which holds a rule, n, m, d and a number of steps:
{"microseconds": of the processor a step}. Logistic loss, ReLU, float32, autograd; batches of n/4 for sgd.
"""
import json
import platform
import sys
import time

import torch
from versions import torch_version

OPTIMIZERS = {
    "descent": lambda p: torch.optim.SGD(p, lr=1e-3),
    "sgd": lambda p: torch.optim.SGD(p, lr=1e-3),
    "decay": lambda p: torch.optim.SGD(p, lr=1e-3, weight_decay=1e-3),
    "momentum": lambda p: torch.optim.SGD(p, lr=1e-3, momentum=0.9),
    "nesterov": lambda p: torch.optim.SGD(p, lr=1e-3, momentum=0.9, nesterov=True),
    "adam": lambda p: torch.optim.Adam(p, lr=1e-3),
    "adamw": lambda p: torch.optim.AdamW(p, lr=1e-3, weight_decay=1e-3),
}


def microseconds(rule, n, m, d, steps):
    torch.manual_seed(0)
    signal = torch.zeros(d)
    signal[0] = 4
    y = torch.where(torch.rand(n) < 0.5, -1.0, 1.0)
    x = torch.stack([y[:, None] * signal, torch.randn(n, d)], 1)
    w = (torch.randn(2 * m, d) * 0.01).requires_grad_()
    b = torch.zeros(2 * m, requires_grad=True)
    a = torch.cat([torch.ones(m), -torch.ones(m)]) / m
    optimizer = OPTIMIZERS[rule]([w, b])
    batch = n // 4 if rule == "sgd" else n
    spent = 0.0
    for step in range(-5, steps):  # the first ones warm up
        started = time.process_time()
        chosen = slice(None) if batch == n else torch.randperm(n)[:batch]
        optimizer.zero_grad()
        f = (torch.relu(x[chosen] @ w.T + b).sum(1) * a).sum(1)
        torch.nn.functional.softplus(-y[chosen] * f).mean().backward()
        optimizer.step()
        if step >= 0:
            spent += time.process_time() - started
    return 1e6 * spent / steps


print(json.dumps({"versions": [f"PyTorch {torch_version()}", f"Python {platform.python_version()}"]}), flush=True)
for line in sys.stdin:
    rule, *sizes = line.split()
    print(json.dumps({"microseconds": microseconds(rule, *map(int, sizes))}), flush=True)

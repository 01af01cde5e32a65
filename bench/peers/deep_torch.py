"""A step of a deep patch network as one writes it down: the peer of bench/deep.ts.

    printf 'eager 20 20 3 20 200 100\n' | python3 deep_torch.py

It prints {"versions": [...]}, then a line for every line of stdin, which holds a form, n, m, L, the width, d and a
number of steps: {"microseconds": of the processor a step}. 2m filters over two patches of d coordinates, their values
summed, L - 2 hidden layers and a trained output layer; ReLU, logistic loss, full batches, float64, one thread.

eager: autograd and descent by hand, without an optimizer. compiled: loss and gradient in one function, by torch.compile;
compiled-step: the step of the weights in it too.
"""
import json
import platform
import sys
import time

import torch
from torch.nn.functional import linear, softplus
from versions import torch_version

ETA = 1e-3
torch._dynamo.config.recompile_limit = 64  # every shape is a program of its own
forms = {}


def loss(parameters, x, y):
    filters, *hidden, output = parameters
    z = linear(x, filters).relu().sum(1)
    for weights in hidden:
        z = linear(z, weights).relu()
    return softplus(-y * (z @ output)).mean()


def eager(parameters, x, y):
    for parameter in parameters:
        parameter.grad = None
    loss(parameters, x, y).backward()
    with torch.no_grad():
        for parameter in parameters:
            parameter.sub_(parameter.grad, alpha=ETA)


compiled_loss = torch.compile(loss, dynamic=False)


def compiled(parameters, x, y):
    for parameter in parameters:
        parameter.grad = None
    compiled_loss(parameters, x, y).backward()
    with torch.no_grad():
        torch._foreach_sub_(parameters, [parameter.grad for parameter in parameters], alpha=ETA)


gradient = torch.func.grad(loss)


@torch.compile(dynamic=False)
def functional(parameters, x, y):
    for parameter, g in zip(parameters, gradient(parameters, x, y)):
        parameter.sub_(g, alpha=ETA)


FORMS = {"eager": (eager, True), "compiled": (compiled, True), "compiled-step": (functional, False)}


def start(form, n, m, depth, width, d):
    torch.manual_seed(0)
    step, tracked = FORMS[form]
    signal = torch.zeros(d, dtype=torch.float64)
    signal[0] = 4
    y = torch.where(torch.rand(n) < 0.5, -1.0, 1.0).double()
    x = torch.stack([y[:, None] * signal, torch.randn(n, d, dtype=torch.float64)], 1)
    sizes = [d, 2 * m] + [width] * (depth - 2)
    parameters = [torch.randn(b, a, dtype=torch.float64) * a**-0.5 for a, b in zip(sizes, sizes[1:])]
    parameters.append(torch.randn(sizes[-1], dtype=torch.float64) / sizes[-1])
    for parameter in parameters:
        parameter.requires_grad_(tracked)
    return lambda: step(parameters, x, y)


print(json.dumps({"versions": [f"PyTorch {torch_version()}", f"Python {platform.python_version()}"]}), flush=True)
for line in sys.stdin:
    form, *sizes, steps = line.split()
    key = (form, *sizes)
    with torch.set_grad_enabled(FORMS[form][1]):
        if key not in forms:
            forms[key] = start(form, *map(int, sizes))
            for _ in range(20):  # compiles and warms up
                forms[key]()
        step, steps = forms[key], int(steps)
        started = time.process_time()
        for _ in range(steps):
            step()
        spent = time.process_time() - started
    print(json.dumps({"microseconds": 1e6 * spent / steps}), flush=True)

"""Versions of what the peers stand on, each with its BLAS."""


def numpy_version():
    """NumPy's version and its BLAS."""
    import numpy

    try:
        blas = numpy.show_config(mode="dicts")["Build Dependencies"]["blas"]
        named = f"{blas['name']} {blas['version']}"
    except TypeError:  # before NumPy 1.25
        named = loaded_blas()
    return f"{numpy.__version__} ({named})"


def torch_version():
    """PyTorch's version, its BLAS and the instructions that it uses."""
    import torch

    lines = [line.strip(" -") for line in torch.__config__.show().splitlines()]
    mkl = [f"MKL {line.split('Version ')[1].split('-')[0]}" for line in lines if "Math Kernel Library Version" in line]
    level = [line.split()[-1] for line in lines if "CPU capability" in line]
    return f"{torch.__version__} ({', '.join((mkl or [loaded_blas()]) + level)})"


def loaded_blas():
    """File names of the BLAS libraries that this process has loaded, where the system tells them."""
    try:
        with open("/proc/self/maps") as maps:
            files = {line.rsplit("/", 1)[-1].strip() for line in maps if "/" in line}
    except OSError:
        files = set()
    return ", ".join(sorted(file for file in files if "blas" in file.lower() or "mkl" in file)) or "BLAS unknown"

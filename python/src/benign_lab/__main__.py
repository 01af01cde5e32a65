"""The command line of the wheel: ``benign ...`` or ``python -m benign_lab ...``."""

import subprocess
import sys

from ._node import NodeMissing, launcher, node


def main() -> int:
    """Run ``benign`` with the arguments of this process; its exit code."""
    try:
        call = [node(), launcher(), *sys.argv[1:]]
    except NodeMissing as error:
        print(f"benign: {error}", file=sys.stderr)
        return 1
    child = subprocess.Popen(call)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            pass  # the child has it too, and says what it leaves


if __name__ == "__main__":
    sys.exit(main())

"""The Python on docs/python.md and on the package's page runs, block after block."""

import contextlib
import io
import os
import re
import shutil
import unittest
from pathlib import Path

from clone import EXAMPLES, ROOT, InFolder

PAGES = [ROOT / "docs" / "python.md", ROOT / "python" / "README.md"]


class Docs(InFolder):
    def test_blocks(self) -> None:
        before = Path.cwd()
        shutil.copytree(EXAMPLES, self.folder / "examples")
        os.chdir(self.folder)
        try:
            for page in PAGES:
                names: dict = {}
                for at, block in enumerate(re.findall(r"^```python\n(.*?)^```$", page.read_text("utf-8"), re.S | re.M)):
                    with self.subTest(f"{page.name} block {at + 1}"), contextlib.redirect_stdout(io.StringIO()):
                        with contextlib.redirect_stderr(io.StringIO()):
                            exec(compile(block, f"{page.name}:{at + 1}", "exec"), names)  # noqa: S102
        finally:
            os.chdir(before)


if __name__ == "__main__":
    unittest.main()

"""Pictures: the media types of a notebook, files, and the bytes of the command line."""

import base64
import io
import subprocess
import sys
from contextlib import redirect_stderr

from clone import SAID, SMALL, InFolder, small, small_of_the_clone

import benign_lab as bl


class Figures(InFolder):
    def test_figures_of_a_sweep(self) -> None:
        self.found = small()
        for look in (self.notebook, self.files, self.same_bytes, self.not_drawn):
            with self.subTest(look.__name__):
                look()

    def notebook(self) -> None:
        figure = self.found.figure(x="S", y="testErrorClean", color="d", log="x", level=0.2)
        shown = figure._repr_mimebundle_()
        self.assertEqual(shown["application/vnd.vegalite.v5+json"]["$schema"][-8:], "/v5.json")
        self.assertEqual(base64.b64decode(shown["image/png"]), figure.png)
        self.assertEqual(figure.png[:4], b"\x89PNG")
        self.assertIn("testErrorClean", figure.csv)
        own = self.found.figure()
        self.assertEqual(own.name, self.found.report["figures"][0])

    def files(self) -> None:
        figure = self.found.figure()
        for ending, starts in ((".png", b"\x89PNG"), (".svg", b"<svg"), (".vl.json", b"{")):
            self.assertEqual(figure.save(self.folder / f"a{ending}").read_bytes()[: len(starts)], starts)
        with self.assertRaisesRegex(ValueError, "a figure is saved as .png, .svg, .json, .*got a.gif"):
            figure.save(self.folder / "a.gif")

    def same_bytes(self) -> None:
        theirs = small_of_the_clone() / "figures" / "test-error"
        ours = self.found.figures["test-error"]
        # Letters are drawn with the fonts that the wheel brings.
        self.assertEqual(ours.png, theirs.with_suffix(".png").read_bytes())
        self.assertEqual(ours.svg, theirs.with_suffix(".svg").read_text("utf-8"))

    def not_drawn(self) -> None:
        with self.assertRaisesRegex(bl.BenignError, "testEror.*did you mean testError"):
            self.found.figure(y="testEror")


class Progress(InFolder):
    def test_a_bar_counts_runs(self) -> None:
        made = small()
        self.assertIn("small: 100%", SAID.getvalue())
        self.assertIn("18/18", SAID.getvalue())
        said = io.StringIO()
        with redirect_stderr(said):
            bl.sweep(SMALL, made.folder, progress=False)  # nothing is made
        self.assertEqual(said.getvalue(), "")

    def test_importing_is_quick_work(self) -> None:
        code = "import sys, benign_lab; print([name for name in ('pandas', 'numpy', 'tqdm') if name in sys.modules])"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        self.assertEqual(done.stdout.strip(), "[]")

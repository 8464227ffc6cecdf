"""Tests of cutmix_audit.py: python3 -m unittest -v test_cutmix_audit (needs the tool: CUTMIX_VERIFY, default cutmix-verify)."""

import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import warnings
import zipfile

import numpy as np

import cutmix_audit

TOOL = os.environ.get("CUTMIX_VERIFY", "cutmix-verify")
HERE = os.path.dirname(os.path.abspath(cutmix_audit.__file__))


def probe(folder, *options):
    path = os.path.join(folder, "probe.npz")
    subprocess.run([TOOL, "probe", "-o", path, "--calls", "8", "--quiet", *options], check=True)
    return path


def swap(images, labels):
    """The lower half from the partner before."""
    out, half = images.copy(), images.shape[-2] // 2
    out[..., half:, :] = np.roll(images, 1, axis=0)[..., half:, :]
    return out, (labels, np.roll(labels, 1), np.float32(half / images.shape[-2]))


class Files(unittest.TestCase):
    def setUp(self):
        # Files of numpy.load stay open here until they are collected.
        warnings.simplefilter("ignore", ResourceWarning)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def mix(self, mix, *options, **named):
        """The trace of a mix, by the road of files."""
        source, trace = probe(self.folder, *options), os.path.join(self.folder, "trace.npz")
        argv = [source, trace] + (["--alpha", "1"] if named.pop("alpha", False) else [])
        with self.assertRaises(SystemExit) as end:
            cutmix_audit.run(mix, argv=argv, **named)
        self.assertFalse(end.exception.code)
        return np.load(trace, allow_pickle=False)

    def refused(self, mix, *parts, **named):
        source, trace = probe(self.folder), os.path.join(self.folder, "trace.npz")
        stderr, sys.stderr = sys.stderr, io.StringIO()
        try:
            with self.assertRaises(SystemExit) as end:
                cutmix_audit.run(mix, argv=[source, trace], **named)
            text = sys.stderr.getvalue()
        finally:
            sys.stderr = stderr
        self.assertEqual((end.exception.code, text.count("\n")), (2, 1), text)
        for part in parts:
            self.assertIn(part, text)
        self.assertEqual(sorted(os.listdir(self.folder)), ["probe.npz"])

    def test_every_type_and_layout_is_written_as_it_came_out(self):
        for options in (
            ("--dtype", "u8"), ("--dtype", "u16"), ("--dtype", "f16"), ("--dtype", "bf16"), ("--dtype", "f64"),
            ("--layout", "nhwc"), ("--frames", "2"), ("--batch", "1"),
        ):
            trace = self.mix(swap, *options, name="swap", version="7")
            given = np.load(os.path.join(self.folder, "probe.npz"))
            self.assertEqual(trace["structure_images_out"].dtype, given["structure_images"].dtype, options)
            np.testing.assert_array_equal(trace["structure_images_after"], given["structure_images"])
            for call in range(8):
                expected, (a, b, lam) = swap(given["structure_images"][call], given["structure_ids"][call])
                np.testing.assert_array_equal(trace["structure_images_out"][call], expected)
                np.testing.assert_array_equal(trace["structure_target_b"][call], b)
                self.assertEqual(trace["structure_lam"][call], lam)
            meta = json.loads(bytes(trace["meta"]))
            self.assertEqual(meta["probe"], json.loads(bytes(given["meta"])))
            self.assertEqual((meta["adapter"]["name"], meta["adapter"]["version"]), ("swap", "7"))

    def test_rows_masks_and_what_else_there_is(self):
        def mix(images, rows, masks, alpha):
            self.assertEqual((rows.dtype, masks.dtype, alpha), (np.float32, np.uint8, 1.0))
            out = {"images": images, "rows": rows, "masks": masks, "bbox": [0, 0, 0, 0], "index": range(len(images))}
            return dict(out, lam_raw=1.0)

        trace = self.mix(mix, "--masks", alpha=True, labels="rows", smoothing=0.1, declares=["in_place"])
        self.assertEqual(trace["structure_masks_out"].shape, (8, 8, 24, 40))
        self.assertEqual(trace["structure_bbox"].shape, (8, 4))
        self.assertEqual(trace["structure_labels_out"].dtype, np.float32)
        adapter = json.loads(bytes(trace["meta"]))["adapter"]
        self.assertEqual((adapter["labels_in"], adapter["smoothing"], adapter["declares"]), ("rows", 0.1, ["in_place"]))
        trace = self.mix(lambda images: images, labels="none")
        self.assertEqual(json.loads(bytes(trace["meta"]))["adapter"]["declares"], ["fixed_alpha", "no_labels"])

    def test_what_mix_asks_for_by_name(self):
        seen = []

        def mix(images, labels, phase, draws):
            seen.append((phase["classes"], phase["dtype"], draws))
            return images, (labels, labels, 1)

        self.mix(mix)
        self.assertEqual(seen, [(4100, "f32", None)] * 8)

    def test_recorded_draws_are_handed_on_call_by_call(self):
        source, trace = probe(self.folder, "--batch", "4"), os.path.join(self.folder, "trace.npz")
        given = dict(np.load(source))
        meta = json.loads(bytes(given["meta"]))
        meta["phases"][0]["draws"] = True
        given["meta"] = np.frombuffer(json.dumps(meta).encode(), np.uint8)
        for number, key in enumerate(("lambda", "x", "y")):
            given["structure_draw_" + key] = number + np.arange(32.0).reshape(8, 4) / 64
        given["structure_draw_partner"] = np.tile(np.arange(4)[::-1], (8, 1))
        np.savez(source, **given)
        seen = []

        def mix(images, labels, draws):
            seen.append(draws)
            return images, (labels, labels, 1)

        with self.assertRaises(SystemExit) as end:
            cutmix_audit.run(mix, argv=[source, trace])
        self.assertFalse(end.exception.code)
        self.assertEqual(len(seen), 8)
        for call, draws in enumerate(seen):
            self.assertEqual(sorted(draws), ["lam", "partner", "x", "y"])
            np.testing.assert_array_equal(draws["lam"], given["structure_draw_lambda"][call])
            np.testing.assert_array_equal(draws["y"], given["structure_draw_y"][call])
            np.testing.assert_array_equal(draws["partner"], [3, 2, 1, 0])

    def test_what_is_wrong_is_not_repaired(self):
        trace = self.mix(lambda images, labels: (np.asfortranarray(images.astype(np.float64))[:, ::-1], (labels, labels, 1)))
        self.assertEqual(trace["structure_images_out"].dtype, np.float64)
        trace = self.mix(lambda images, labels: (images[:, :, :-1], (labels, labels, 1)))
        self.assertEqual(trace["structure_images_out"].shape, (8, 8, 3, 23, 40))

        def in_place(images, labels):
            images[:] = 0
            return images, (labels, labels, 1)

        self.assertEqual(self.mix(in_place)["structure_images_after"].max(), 0)

    def test_a_buffer_that_is_used_again_is_copied(self):
        buffer = np.zeros((8, 3, 24, 40), np.float32)

        def mix(images, labels):
            buffer[:] = images
            return buffer, (labels, labels, 1)

        trace, given = self.mix(mix), np.load(os.path.join(self.folder, "probe.npz"))
        np.testing.assert_array_equal(trace["structure_images_out"], given["structure_images"])

    def test_calls_are_repeated_from_a_seed(self):
        state, seeds = {}, []

        def reseed(n):
            seeds.append(n)
            state["rng"] = np.random.default_rng(n)

        def mix(images, labels):
            return images + state["rng"].random(dtype=np.float32), (labels, labels, 1)

        trace = self.mix(mix, reseed=reseed)
        np.testing.assert_array_equal(trace["structure_repeat_images_out"], trace["structure_images_out"][:8])
        self.assertEqual(seeds, [1, 1])

    def test_mistakes_are_one_line(self):
        place = "phase structure, call 0"
        self.refused(lambda images, labels: images, place, "ndarray", "expected (images, rows)")
        self.refused(lambda images, labels: (images, labels, 1), place, "tuple of 3")
        self.refused(lambda images, labels: {"image": images}, place, "'image'", "expected one of")
        self.refused(lambda images, labels: {"rows": labels}, place, "no images")
        self.refused(lambda images, labels: {"images": images, "lam": 1}, place, "lam, expected rows alone")
        self.refused(lambda images, labels: (images, "x"), place, "rows: an array of <U1", "expected numbers")
        self.refused(lambda images, labels: ([images[:1], images], labels), place, "expected")
        self.refused(lambda images, labels: (images[:4], (labels, labels, 1)), place, "images_out of shape (4,", "expected 8 samples")
        self.refused(lambda images, labels, alpha: (images, labels), "mix takes an alpha, expected --alpha")
        calls = []

        def changing(images, labels):
            calls.append(1)
            return images if len(calls) < 3 else images.astype(np.float64), (labels, labels, 1)

        self.refused(changing, "phase structure, call 2", "float64", "float32 as in call 0")
        calls.clear()

        def forgetful(images, labels):
            calls.append(1)
            out = {"images": images, "target_a": labels, "target_b": labels, "lam": 1}
            return dict(out, index=labels) if len(calls) == 1 else out

        self.refused(forgetful, "phase structure, call 1", "no index")

    def test_files_that_are_no_probe_are_one_line(self):
        path = os.path.join(self.folder, "p.npz")
        trace = os.path.join(self.folder, "t.npz")

        def complaint(write):
            write()
            code = "import cutmix_audit; cutmix_audit.run(lambda i, l: (i, (l, l, 1)))"
            found = subprocess.run([sys.executable, "-c", code, path, trace], cwd=HERE, capture_output=True, text=True)
            self.assertEqual((found.returncode, found.stderr.count("\n")), (2, 1), found.stderr)
            self.assertEqual(os.listdir(self.folder), ["p.npz"])
            return found.stderr

        self.assertIn("not a zip", complaint(lambda: pathlib.Path(path).write_bytes(b"nonsense")))
        self.assertIn("no key meta", complaint(lambda: np.savez(path, x=np.zeros(3))))
        meta = np.frombuffer(b'{"format": "other"}', np.uint8)
        self.assertIn("'other'", complaint(lambda: np.savez(path, meta=meta)))
        pickled = np.array([{"a": 1}], dtype=object)
        self.assertIn("objects", complaint(lambda: np.savez(path, meta=pickled)))

    def test_the_auditor_reads_what_is_written(self):
        self.mix(swap)
        trace = os.path.join(self.folder, "trace.npz")
        with zipfile.ZipFile(trace) as archive:
            self.assertIsNone(archive.testzip())
        found = subprocess.run([TOOL, "check", trace], capture_output=True, text=True)
        self.assertEqual(found.returncode, 1, found.stderr)
        # One box in every call, half of the image.
        self.assertIn("SAME_DRAWS", found.stdout)

    def test_bfloat16(self):
        values = np.array([0.0, 1.0, -1.5, 1e30, np.inf, 1 + 2**-8, 1 + 3 * 2**-8], np.float32)
        bits = cutmix_audit.from_f32(values)
        self.assertEqual(list(cutmix_audit.to_f32(bits)[[0, 1, 2, 4, 5, 6]]), [0.0, 1.0, -1.5, np.inf, 1.0, 1 + 2**-6])
        self.assertTrue(np.isnan(cutmix_audit.to_f32(cutmix_audit.from_f32([np.nan]))[0]))


ADAPTER = """
import os, subprocess, sys
import cutmix_audit
calls = []
def mix(images, labels, alpha):
    calls.append(alpha)
    print("from python"); os.write(1, b"from the descriptor\\n")
    if len(calls) == 1:
        subprocess.run(["sh", "-c", "echo from a child"])
        raise ValueError("the first\\ncall fails")
    return images, (labels, labels, alpha)
cutmix_audit.run(mix, name="noisy")
"""


class Live(unittest.TestCase):
    def test_rounds(self):
        with tempfile.TemporaryDirectory() as folder:
            source, trace = probe(folder), os.path.join(folder, "trace.npz")

            def request(**named):
                return json.dumps(dict({"protocol": "cutmix-audit/1"}, **named))

            lines = [request(hello=True)]
            lines += [request(round=n, alpha=0.5, probe=source, trace=trace) for n in (0, 1, 2)]
            lines += [json.dumps({"protocol": "cutmix-audit/9"}), "nonsense"]
            found = subprocess.run(
                [sys.executable, "-c", ADAPTER], cwd=HERE, input="\n".join(lines) + "\n", capture_output=True, text=True
            )
            self.assertEqual(found.returncode, 0, found.stderr)
            answers = [json.loads(line) for line in found.stdout.splitlines()]
            self.assertEqual(answers[0], {"ok": True, "adapter": {"name": "noisy", "version": "", "declares": []}})
            self.assertEqual(answers[1], {"error": "ValueError: the first call fails"})
            self.assertEqual(answers[2], {"ok": True})
            # There is a trace already: nothing is written over.
            self.assertIn("FileExistsError", answers[3]["error"])
            self.assertTrue(os.path.exists(trace))
            self.assertIn("'cutmix-audit/9', expected 'cutmix-audit/1'", answers[4]["error"])
            self.assertIn("error", answers[5])
            self.assertEqual(len(answers), 6)
            for text in ("from python", "from the descriptor", "from a child", "Traceback"):
                self.assertIn(text, found.stderr)


if __name__ == "__main__":
    unittest.main()

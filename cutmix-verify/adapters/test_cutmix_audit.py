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
        self.refused(lambda images, labels: {"rows": labels}, place, "no images")
        self.refused(lambda images, labels, alpha: (images, labels), "mix takes an alpha, expected --alpha")
        calls = []

        def changing(images, labels):
            calls.append(1)
            return images if len(calls) < 3 else images.astype(np.float64), (labels, labels, 1)

        self.refused(changing, "phase structure, call 2: mix gave back images as an array of float64", "float32 [8, 3")
        calls.clear()

        def forgetful(images, labels):
            calls.append(1)
            out = {"images": images, "target_a": labels, "target_b": labels, "lam": 1}
            return dict(out, index=labels) if len(calls) == 1 else out

        self.refused(forgetful, "phase structure, call 1: mix gave back no index")

    def test_a_form_that_is_not_taken_is_named_with_one_call_s_shapes(self):
        def rows(shape):
            return lambda images, labels: (images, np.zeros(shape, np.float32))

        def named(**more):
            return lambda images, labels: dict({"images": images, "target_a": labels, "target_b": labels, "lam": 1}, **more)

        eight = np.arange(8)
        forms = "expected (images, rows), (images, target_a, target_b, lam) or a dict"
        for mix, *parts in (
            (lambda i, a: i, "mix gave back an array of float32 [8, 3, 24, 40], " + forms, "labels='none'"),
            (lambda i, a: None, "mix gave back None, " + forms),
            (lambda i, a: (), "mix gave back an empty tuple, " + forms),
            (lambda i, a: (i, a, 1), "a tuple of 3: an array of float32 [8, 3, 24, 40], an array of int64 [8], 1, " + forms),
            (lambda i, a: (i, [a, a, 0.5, 0]), "labels as a list of 4: an array of int64 [8], an array of int64 [8], 0.5, 0"),
            (lambda i, a: (i, 0.25), "one number beside the images: weights and no classes, " + forms),
            (lambda i, a: (i, np.linspace(0, 1, 8)), "float64 [8] beside the images: weights and no classes"),
            (lambda i, a: (i, a, a, None), "target_a and target_b and no lam"),
            (lambda i, a: (i, a, a, "0.5"), "lam as '0.5', expected numbers in one array"),
            (lambda i, a: (i, "x"), "labels as 'x', expected numbers in one array"),
            (lambda i, a: ([i[0], i[1][:, :5]], a), "images as a list of 2: an array of float32 [3, 24, 40], an array of"),
            (lambda i, a: {"image": i, "boxes": 1}, "a dict with 'boxes', 'image', expected images and rows", "object boxes"),
            (lambda i, a: {"images": i, "lam": 1}, "lam and no target_a and no target_b, expected rows alone"),
            (lambda i, a: (i[:4], a), "images of shape [4, 3, 24, 40] for 8 images, expected 8 first", "half batches"),
            (lambda i, a: (np.float32(1), a), "images of shape [] for 8 images"),
            (rows((8, 8, 4100)), "labels of shape [8, 8, 4100] for 8 images: one axis too many, expected [8, K]"),
            (rows((8, 2, 2, 4100)), "labels of shape [8, 2, 2, 4100] for 8 images: 2 axes too many"),
            (rows(4100), "labels of shape [4100] for 8 images, expected [8, K], a row for each image"),
            (rows((4, 4100)), "labels of shape [4, 4100] for 8 images, expected [8, K]"),
            (named(lam=np.ones((8, 1))), "lam of shape [8, 1] for 8 images: one axis too many, expected one number or [8]"),
            (named(target_a=np.ones((8, 5))), "target_a of shape [8, 5]", "one axis too many", "(1 - lam) * target_b"),
            (named(target_b=1), "target_b of shape [] for 8 images, expected [8], a class number for each image"),
            (named(index=eight[:4]), "index of shape [4] for 8 images, expected [8], a partner"),
            (named(bbox=eight), "bbox of shape [8] for 8 images, expected [4] or [8, 4]"),
            (named(masks=np.zeros((8, 1, 24, 40))), "masks of shape [8, 1, 24, 40]", "expected [8, 24, 40]"),
            (named(lam_raw=eight[:2]), "lam_raw of shape [2]"),
        ):
            self.refused(mix, "cutmix_audit: phase structure, call 0: mix gave back", *parts)

    def test_four_in_a_row_are_taken_as_they_are_in_two(self):
        # Without labels, four things in a row are four images at best.
        self.refused(lambda images: list(images[:4]), "mix gave back a list of 4", labels="none")
        nested = dict(self.mix(swap))
        for form in (tuple, list):
            flat = self.mix(lambda images, labels: form((swap(images, labels)[0], *swap(images, labels)[1])))
            self.assertEqual(sorted(flat), sorted(nested))
            for key, array in nested.items():
                np.testing.assert_array_equal(flat[key], array)

    def test_one_number_a_sample_is_both_targets(self):
        seen = []

        def mixed(images, labels):
            out, (a, b, lam) = swap(images, labels)
            seen.append(lam * a + (1 - lam) * b)
            return out, seen[-1]

        trace = self.mix(mixed)
        self.assertNotIn("structure_labels_out", trace)
        for key in ("structure_target_a", "structure_target_b"):
            np.testing.assert_array_equal(trace[key], seen)
        np.testing.assert_array_equal(trace["structure_lam"], np.ones(8))
        found = subprocess.run(
            [TOOL, "check", os.path.join(self.folder, "trace.npz")], capture_output=True, text=True
        )
        self.assertIn("LABEL_NUMERIC", found.stdout)
        # Rounded mixtures of one class are no weights.
        one, nearly = np.ones(8, np.int64), np.full(8, 1 - 2**-24)
        self.assertFalse(cutmix_audit._weights(nearly, one))
        self.assertTrue(cutmix_audit._weights(nearly - 0.5, one))
        # The class of each image stays a class, and of rows their places say which numbers were given.
        self.assertEqual(self.mix(lambda images, labels: (images, labels))["structure_target_a"].dtype, np.int64)
        trace = self.mix(lambda images, rows: (images, rows.argmax(1) + 0.25), labels="rows")
        np.testing.assert_array_equal(trace["structure_target_a"] % 1, np.full((8, 8), 0.25))

    def test_views_hold_the_same_values_otherwise(self):
        for options in ((), ("--layout", "nhwc"), ("--dtype", "bf16"), ("--frames", "2"), ("--batch", "1", "--size", "3x2")):
            seen = []

            def mix(images, labels):
                flags = images.flags
                seen.append((images.copy(), images.strides, (flags.c_contiguous, flags.f_contiguous, flags.writeable)))
                return images, labels, labels, 1

            trace = self.mix(mix, *options, views=True, reseed=lambda n: None)
            given = np.load(os.path.join(self.folder, "probe.npz"))["structure_images"]
            for key in ("images_out", "images_after", "repeat_images_out"):
                np.testing.assert_array_equal(trace["structure_" + key], given)
            self.assertEqual(json.loads(bytes(trace["meta"]))["adapter"]["views"], list(cutmix_audit.VIEWS))
            # The calls made again are given the same views.
            self.assertEqual([s[1:] for s in seen[:8]], [s[1:] for s in seen[8:]])
            plain, strided, fortran, moved, read_only = [s[1:] for s in seen[:5]]
            self.assertEqual(seen[5][1:], plain)
            self.assertEqual((plain[1][0], plain[1][2], read_only), (True, True, (plain[0], (True, plain[1][1], False))))
            self.assertEqual(strided, (tuple(2 * step for step in plain[0]), (False, False, True)))
            self.assertTrue(fortran[1][1] and fortran[1][2])
            # In memory, what is first of an image in NCHW is last, and the other way round.
            nearest = given.ndim - (3 if "nhwc" in options else 4)
            self.assertEqual(moved[0][nearest], given.dtype.itemsize, options)
            self.assertTrue(moved[1][2])

    def test_a_view_is_on_request_of_a_probe(self):
        def asks(**more):
            source = probe(self.folder)
            given = dict(np.load(source))
            meta = json.loads(bytes(given["meta"]))
            meta["phases"][0].update(more)
            given["meta"] = np.frombuffer(json.dumps(meta).encode(), np.uint8)
            np.savez(source, **given)
            return source, os.path.join(self.folder, "trace.npz")

        def in_place(images, labels):
            images[:1] = 0
            labels[1:3] = 7
            return images, labels, labels, 1

        code = "import cutmix_audit\ndef mix(images, labels):\n    images[:1] = 0\n    return images, labels\n"
        for view, part in (
            ("read_only", "call 0: mix raised ValueError: assignment destination is read-only (<string>, line 3)"),
            ("sideways", "view 'sideways', expected one of plain, strided, fortran, channels_moved, read_only"),
        ):
            command = [sys.executable, "-c", code + "cutmix_audit.run(mix)", *asks(view=view)]
            found = subprocess.run(command, cwd=HERE, capture_output=True, text=True)
            self.assertEqual(found.returncode, 2, found.stderr)
            self.assertIn(part, found.stderr)
        with self.assertRaises(SystemExit) as end:
            cutmix_audit.run(in_place, argv=list(asks(view="strided", labels_after=True)))
        self.assertFalse(end.exception.code)
        trace = np.load(os.path.join(self.folder, "trace.npz"))
        self.assertEqual(trace["structure_images_after"][:, 0].max(), 0)
        np.testing.assert_array_equal(trace["structure_labels_after"][:, 1:3], np.full((8, 2), 7))

    def test_labels_are_kept_as_they_are_after_the_call(self):
        def in_place(images, labels):
            labels[0] = 3
            return images, labels, labels, 1

        self.assertNotIn("structure_labels_after", self.mix(in_place))
        trace = self.mix(in_place, labels_after=True)
        expected = np.load(os.path.join(self.folder, "probe.npz"))["structure_ids"].copy()
        expected[:, 0] = 3
        np.testing.assert_array_equal(trace["structure_labels_after"], expected)
        trace = self.mix(lambda images, rows: (images, rows + 1), labels="rows", labels_after=True)
        given = np.load(os.path.join(self.folder, "probe.npz"))
        np.testing.assert_array_equal(trace["structure_labels_after"], given["structure_rows"])
        self.assertNotIn("structure_labels_after", self.mix(lambda images: images, labels="none", labels_after=True))

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


PRINTS = """
import os, subprocess, sys
print("before the helper")
import cutmix_audit
print("at import"); os.write(1, b"from the descriptor\\n"); subprocess.run(["sh", "-c", "echo from a child"])
def mix(images, labels):
    print("in a call")
    return images, labels, labels, 1
cutmix_audit.run(mix)
"""

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
            raised = "phase structure, call 0: mix raised ValueError: the first call fails (<string>, line 10)"
            self.assertEqual(answers[1], {"error": raised, "phase": "structure", "call": 0, "raised": "ValueError"})
            self.assertEqual(answers[2], {"ok": True})
            # There is a trace already: nothing is written over.
            self.assertIn("FileExistsError", answers[3]["error"])
            self.assertTrue(os.path.exists(trace))
            self.assertIn("'cutmix-audit/9', expected 'cutmix-audit/1'", answers[4]["error"])
            self.assertIn("error", answers[5])
            self.assertEqual(len(answers), 6)
            for text in ("from python", "from the descriptor", "from a child", "Traceback"):
                self.assertIn(text, found.stderr)

    def adapter(self, code, *args, **named):
        # As a command's stdout is by default: kept back until there is much of it.
        env = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
        return subprocess.run([sys.executable, "-c", code, *args], cwd=HERE, env=env, capture_output=True, text=True, **named)

    def test_what_a_package_prints_at_its_import_is_no_answer(self):
        hello = json.dumps({"protocol": "cutmix-audit/1", "hello": True})
        with tempfile.TemporaryDirectory() as folder:
            source, trace = probe(folder), os.path.join(folder, "trace.npz")
            lines = [hello, json.dumps({"protocol": "cutmix-audit/1", "round": 0, "probe": source, "trace": trace})]
            found = self.adapter(PRINTS, input="\n".join(lines) + "\n")
            self.assertEqual([json.loads(line)["ok"] for line in found.stdout.splitlines()], [True, True], found.stdout)
            for text in ("before the helper", "at import", "from the descriptor", "from a child", "in a call"):
                self.assertIn(text, found.stderr)
            os.unlink(trace)
            # By files, stdout is the adapter's own again.
            found = self.adapter(PRINTS, source, trace, input="")
            self.assertEqual(found.returncode, 0, found.stderr)
            self.assertEqual(found.stdout, 8 * "in a call\n")

    def test_only_pipes_are_taken(self):
        code = "import os, sys; import cutmix_audit; print(1, flush=True); os.write(1, b'2')"
        self.assertEqual(self.adapter(code, stdin=subprocess.DEVNULL).stdout, "1\n2")
        found = self.adapter(code, input="")
        self.assertEqual((found.stdout, found.stderr), ("", "1\n2"))

    def test_a_form_that_is_not_taken_says_where(self):
        code = "import cutmix_audit; cutmix_audit.run(lambda images, labels: (images[:2], labels))"
        with tempfile.TemporaryDirectory() as folder:
            source, trace = probe(folder), os.path.join(folder, "trace.npz")
            line = json.dumps({"protocol": "cutmix-audit/1", "round": 0, "probe": source, "trace": trace})
            answer = json.loads(self.adapter(code, input=line + "\n").stdout)
            self.assertEqual((answer["phase"], answer["call"], "raised" in answer), ("structure", 0, False))
            self.assertIn("images of shape [2, 3, 24, 40] for 8 images", answer["error"])
            code = "import cutmix_audit; cutmix_audit.run(lambda images: images)"
            answer = json.loads(self.adapter(code, input=line + "\n").stdout)
            self.assertEqual(answer["raised"], "TypeError")
            self.assertTrue(answer["error"].endswith("takes 1 positional argument but 2 were given"), answer["error"])


if __name__ == "__main__":
    unittest.main()

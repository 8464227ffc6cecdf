# SPDX-License-Identifier: MIT OR Apache-2.0
"""Shows a CutMix, Mixup or Cutout to the auditor `cutmix-verify`. One file; needs numpy and nothing else. Copy it beside
your code:

    import cutmix_audit                            # first: what the package prints then goes to stderr
    from mylib import cutmix                       # what is to be audited

    def mix(images, labels, alpha):                # one batch: [B, C, H, W] and class ids [B]
        out, target_a, target_b, lam = cutmix(images, labels, alpha)
        return out, target_a, target_b, lam

    if __name__ == "__main__":
        cutmix_audit.run(mix, name="mylib", version="1.2")

Live, in as many rounds as are needed:   cutmix-verify check --exec "python3 adapter.py" --alpha 1 --alpha 0.2
By files:                                cutmix-verify probe -o probe.npz
                                         python3 adapter.py probe.npz trace.npz --alpha 1
                                         cutmix-verify check trace.npz --alpha 1

What `mix` is given
    images   a fresh array of one batch, in the probe's type and layout: [B, C, H, W], or [B, H, W, C] with
             `--layout nhwc`; with `--frames`, F follows B. bfloat16 comes as its bits in uint16:
             see `to_f32` and `from_f32`.
    labels   int64 class ids [B]; with labels="rows" float32 rows [B, K], some of them soft; with labels="none" nothing.
    alpha    only if `mix` has a parameter of that name. Without one, the adapter declares `fixed_alpha`.
    masks    only if `mix` has a parameter of that name: uint8 [B, H, W], or None where the probe has none (`--masks`).
    phase    only if `mix` has a parameter of that name: what the probe's meta says of this phase, among it `classes` and
             `dtype` ("bf16" tells bfloat16 bits from integers).
    draws    only if `mix` has a parameter of that name: None, or, where the probe has arrays PHASE_draw_lambda, _x, _y and
             _partner, what is to be mixed instead of what the generator would say: {"lam", "x", "y": float64 [B],
             "partner": int64 [B]}.

What it gives back
    (images, rows)                           mixed images, and label rows [B, K]
    (images, target_a, target_b, lam)        or two class ids a sample and a weight: [B], or one for the batch
    (images, (target_a, target_b, lam))      the same
    (images, classes)                        or one class number a sample: [B], a fraction where numbers were mixed
    images                                   only with labels="none"
    {"images": ..., "rows": ...}             or the same by name, with what else there is: target_a, target_b, lam, masks,
                                             bbox [B, 4] or [4] (x1, y1, x2, y2), index [B], lam_raw [B] or one

Arrays of torch, tensorflow and jax are converted. Nothing is repaired: a wrong shape or type is what an audit is for.
State is kept between calls and rounds. Seed once, outside of `mix`, or every round shows the same draws.

Where stdin and stdout are pipes, as the auditor has them, importing this file takes stdout: what is printed from then on
goes to stderr, from Python, from C and from child processes. By files, `run` gives it back.
"""

import argparse
import inspect
import io
import json
import os
import stat
import sys
import tempfile
import traceback
import warnings
import zipfile

import numpy as np

__all__ = ["AuditError", "from_f32", "run", "to_f32"]
__version__ = "1"

PROTOCOL = "cutmix-audit/1"
FORMAT = "cutmix-probe/1"
LINE_MOST = 1 << 16
REPEATS = 8
"""Calls of a phase that are made again with `reseed`."""
DRAWS = {"lam": "lambda", "x": "x", "y": "y", "partner": "partner"}
SIDE = {"target_a", "target_b", "lam", "masks", "bbox", "index", "lam_raw"}
KEYS = {"images", "rows"} | SIDE
TRACE_KEYS = {"images": "images_out", "rows": "labels_out", "masks": "masks_out"}
"""What an array is called in a trace, where that is another name."""
NAMES = {"rows": "labels"}
"""What a message calls an array, where that is another name."""
FORMS = "(images, rows), (images, target_a, target_b, lam) or a dict"
VIEWS = ("plain", "strided", "fortran", "channels_moved", "read_only")
"""How the images of a call lie in memory, in turn, with `views`."""
SHOWN = 4
"""Items of a list that a message shows."""


class AuditError(Exception):
    """What `mix` gave back or raised, or a file, is not what was expected. One line. `where` is what the protocol's answer
    says beside it: phase, call, and the type of what `mix` raised."""

    def __init__(self, text, **where):
        super().__init__(text)
        self.where = where


class _Place:
    """A call of a phase."""

    def __init__(self, phase, call):
        self.phase, self.call = phase, call

    def error(self, text, **where):
        text = "phase %s, call %d: %s" % (self.phase["name"], self.call, text)
        return AuditError(text, phase=self.phase["name"], call=self.call, **where)


_answers = None
"""The real stdout, while the helper has it, and Python's."""


def _piped():
    """Whether stdin and stdout are pipes, as the auditor has them."""
    try:
        modes = [os.fstat(number).st_mode for number in (0, 1)]
    except OSError:
        return False
    return all(stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) for mode in modes)


def _take_stdout():
    """The protocol has stdout to itself: whatever else prints, in C or in a child, goes to stderr."""
    global _answers
    if _answers is None:
        _answers = os.fdopen(os.dup(1), "wb"), sys.stdout
        os.dup2(2, 1)
        if sys.stdout is not None:
            # What was printed before and is still kept back.
            sys.stdout.flush()
        sys.stdout = sys.stderr
    return _answers[0]


def _give_stdout_back():
    global _answers
    if _answers is not None:
        sys.stdout.flush()
        stream, sys.stdout = _answers
        os.dup2(stream.fileno(), 1)
        stream.close()
        _answers = None


if __name__ != "__main__" and _piped():
    _take_stdout()


def run(
    mix, name="", version="", labels="ids", lam_is="a", smoothing=0.0, declares=(), reseed=None, argv=None,
    views=False, labels_after=False,
):
    """Serves the auditor: by two files if they are given as arguments, else live on stdin and stdout. Does not return.

    `lam_is` says whose weight `lam` is: "a" (the image's own) or "b" (the partner's). `smoothing` is the label smoothing
    that the implementation documents. `declares` lists limits that it documents: square_only, no_labels, fixed_alpha,
    even_batch, in_place, raw_label. `reseed(n)` seeds everything that `mix` draws from; with it, some calls are made twice with the
    same `n` to see whether they come out the same. `n` is another one for every phase and round.

    `views` hands over the images of four calls in five as other code may hold them, one way after the other (`VIEWS`): with
    steps between the columns, in Fortran order, with the channels moved in memory, read-only. `labels_after` writes what
    became of the labels that were handed over. A probe may ask for either.
    """
    if sys.argv[1:] if argv is None else argv:
        _give_stdout_back()
    adapter = _Adapter(mix, name, version, labels, lam_is, smoothing, declares, reseed, views, labels_after)
    parser = argparse.ArgumentParser(description="Adapter of cutmix-verify for %s." % (name or "an implementation"))
    parser.add_argument("probe", nargs="?", help="the probe to mix; without it, requests are read from stdin")
    parser.add_argument("trace", nargs="?", help="the trace to write")
    parser.add_argument("--alpha", type=float, help="the alpha to mix with")
    args = parser.parse_args(argv)
    if args.probe is None:
        sys.exit(_serve(adapter))
    if args.trace is None:
        parser.error("a trace to write is expected after the probe")
    try:
        _by_file(adapter, args.probe, args.trace, args.alpha)
    except (AuditError, OSError, zipfile.BadZipFile) as error:
        sys.exit(_complain(error))
    sys.exit(0)


class _Adapter:
    def __init__(self, mix, name, version, labels, lam_is, smoothing, declares, reseed, views, labels_after):
        if labels not in ("ids", "rows", "none"):
            raise ValueError("labels is %r, expected 'ids', 'rows' or 'none'" % (labels,))
        if lam_is not in ("a", "b"):
            raise ValueError("lam_is is %r, expected 'a' or 'b'" % (lam_is,))
        self.mix, self.labels, self.reseed = mix, labels, reseed
        self.views, self.labels_after = VIEWS if views else VIEWS[:1], labels_after
        try:
            names = set(inspect.signature(mix).parameters)
        except (TypeError, ValueError):
            names = set()
        self.takes = names & {"alpha", "masks", "phase", "draws"}
        self.takes_alpha, self.takes_masks = "alpha" in names, "masks" in names
        declares = list(declares)
        if not self.takes_alpha and "fixed_alpha" not in declares:
            declares.append("fixed_alpha")
        if labels == "none" and "no_labels" not in declares:
            declares.append("no_labels")
        self.meta = {
            "name": str(name),
            "version": str(version),
            "labels_in": labels,
            "lam_is": lam_is,
            "smoothing": float(smoothing),
            "declares": declares,
        }
        if views:
            self.meta["views"] = list(VIEWS)

    def call(self, place, images, labels, more):
        """One call of mix: a dict of arrays, `images` among them. `more` is what mix is given if it asks for it."""
        given = [images] if self.labels == "none" else [images, labels]
        named = {key: more[key] for key in self.takes}
        if named.get("alpha", 0) is None:
            del named["alpha"]
        try:
            out = self.mix(*given, **named)
        except Exception as error:  # whatever mix raises is an answer
            traceback.print_exc()
            kind, last = type(error).__name__, traceback.extract_tb(error.__traceback__)[-1]
            own = os.path.abspath(last.filename) == os.path.abspath(__file__)
            at = "" if own else " (%s, line %d)" % (os.path.basename(last.filename), last.lineno)
            raise place.error("mix raised %s: %s%s" % (kind, error, at), raised=kind) from error
        out = {key: _array(place, key, value) for key, value in _by_name(place, out, self.labels).items()}
        return _by_shape(place, out, labels)


def _by_name(place, out, labels):
    """What mix gave back, by name."""
    many = isinstance(out, (tuple, list))
    if isinstance(out, dict):
        named = dict(out)
    elif labels == "none" and not many and out is not None:
        named = {"images": out}
    elif many and len(out) == 2:
        images, after = out
        if isinstance(after, (tuple, list)) and len(after) == 3:
            named = {"images": images, "target_a": after[0], "target_b": after[1], "lam": after[2]}
        else:
            named = {"images": images, "rows": after}
    elif many and len(out) == 4 and labels != "none":
        named = dict(zip(("images", "target_a", "target_b", "lam"), out))
    else:
        alone = "" if many or out is None else ", or run(mix, labels='none') if it has no labels"
        raise place.error("mix gave back %s, expected %s%s" % (_shown(out), FORMS, alone))
    named = {key: value for key, value in named.items() if value is not None}
    unknown = sorted(str(key) for key in set(named) - KEYS)
    if unknown:
        raise place.error(
            "mix gave back a dict with %s, expected images and rows, or images, target_a, target_b and lam; besides, if at "
            "all, masks, bbox, index and lam_raw; leave out what no audit judges, such as object boxes"
            % ", ".join(map(repr, unknown))
        )
    if "images" not in named:
        raise place.error("mix gave back no images, expected %s" % FORMS)
    targets = {"target_a", "target_b", "lam"} & set(named)
    if targets and ("rows" in named or len(targets) < 3):
        missing = {"target_a", "target_b", "lam"} - targets
        without = " and no %s" % " and no ".join(sorted(missing)) if missing else ""
        raise place.error(
            "mix gave back %s%s, expected rows alone, or target_a, target_b and lam together"
            % (" and ".join(sorted(targets | ({"rows"} & set(named)))), without)
        )
    return named


def _by_shape(place, out, given):
    """The same arrays, if their shapes are those of this many images. Class numbers in place of rows become both targets
    with weight 1, which is what one number says."""
    batch, size = place.phase["batch"], [place.phase["height"], place.phase["width"]]
    images, rows = out["images"], out.get("rows")
    if images.ndim == 0 or len(images) != batch:
        raise place.error(
            "mix gave back images of shape %s for %d images, expected %d first; adapters/README.md has a recipe for half "
            "batches"
            % (list(images.shape), batch, batch)
        )
    if rows is not None and rows.shape in ((), (batch,)):
        if _weights(rows, given):
            found = _shown(rows)
            raise place.error("mix gave back %s beside the images: weights and no classes, expected %s" % (found, FORMS))
        out = {key: array for key, array in out.items() if key != "rows"}
        out.update(target_a=rows, target_b=rows, lam=np.float64(1))
    shapes = {
        "rows": ([[batch, "K"]], "a row for each image"),
        "target_a": ([[batch]], "a class number for each image"),
        "target_b": ([[batch]], "a class number for each image"),
        "lam": ([[], [batch]], "a weight for the batch or for each image"),
        "lam_raw": ([[], [batch]], "a number for the batch or for each image"),
        "index": ([[batch]], "a partner for each image"),
        "bbox": ([[4], [batch, 4]], "a box for the batch or for each image"),
        "masks": ([[batch] + size], "a mask for each image"),
    }
    for key, array in out.items():
        expected, words = shapes.get(key, ([list(array.shape)], ""))
        found = list(array.shape)
        if any(len(found) == len(one) and all(b in (a, "K") for a, b in zip(found, one)) for one in expected):
            continue
        over = array.ndim - max(map(len, expected))
        axes = ": one axis too many" if over == 1 else ": %d axes too many" % over if over > 1 else ""
        shown = " or ".join("[%s]" % ", ".join(map(str, one)) if one else "one number" for one in expected)
        hint = "; of two rows, give back lam * target_a + (1 - lam) * target_b" if key[:7] == "target_" and over == 1 else ""
        raise place.error(
            "mix gave back %s of shape %s for %d images%s, expected %s, %s%s"
            % (NAMES.get(key, key), found, batch, axes, shown, words, hint)
        )
    return out


def _weights(rows, given):
    """Whether these are no class numbers: one for all, or some between 0 and 1 where a mixture of classes cannot be."""
    if rows.ndim == 0:
        return True
    ids = given if given.ndim == 1 else given.argmax(axis=1)
    # A mixture of equal classes may be rounded.
    beside = (rows < ids.min() - 0.001) | (rows > ids.max() + 0.001)
    return bool(((rows >= 0) & (rows <= 1)).all() and beside.any())


def _shown(value):
    """A few words on a value: its type, its shape, what is in it."""
    kind = type(value).__name__
    if isinstance(value, (tuple, list)):
        items = ", ".join(map(_shown, value[:SHOWN])) + (", ..." if len(value) > SHOWN else "")
        return "a %s of %d: %s" % (kind, len(value), items) if len(value) else "an empty %s" % kind
    if isinstance(value, dict):
        return "a dict of %s" % ", ".join(map(str, value))
    if value is None or isinstance(value, str):
        return repr(value)
    if isinstance(value, (int, float)):
        return "%g" % value
    shape = getattr(value, "shape", None)
    if shape is None:
        return "one %s" % kind
    return "an array of %s %s" % (getattr(value, "dtype", kind), list(shape)) if len(shape) else "one number"


def _array(place, key, value):
    """As a numpy array of a plain type, whatever made it."""
    found, name = value, NAMES.get(key, key)
    try:
        if hasattr(value, "detach"):
            value = value.detach().cpu()
            if str(value.dtype) == "torch.bfloat16":
                value = value.view(dtype=sys.modules["torch"].int16).numpy().view(np.uint16)
        with warnings.catch_warnings():
            # Of an old numpy, which makes an array of objects of what has no shape.
            warnings.simplefilter("ignore")
            array = np.asarray(value)
    except Exception as error:
        raise place.error("mix gave back %s as %s, expected numbers in one array" % (name, _shown(found))) from error
    if array.dtype.name == "bfloat16":
        array = array.view(np.uint16)
    if array.dtype.kind not in "biuf" or array.dtype.itemsize > 8:
        found = found if isinstance(found, (tuple, list, str)) else array
        raise place.error("mix gave back %s as %s, expected numbers in one array" % (name, _shown(found)))
    # A copy: some implementations give the same buffer every time.
    return np.array(array, order="C")


def _view(images, kind, layout):
    """The same values, held in memory in another way."""
    if kind == "strided":
        # Between the columns lies what no image has.
        wide = np.full(images.shape[:-1] + (2 * images.shape[-1] * images.dtype.itemsize,), ord("Z"), np.uint8)
        view = wide.view(images.dtype)[..., ::2]
        view[...] = images
        return view
    if kind == "fortran":
        return np.asfortranarray(images)
    if kind == "channels_moved":
        first, last = images.ndim - 3, images.ndim - 1
        here, there = (first, last) if layout == "nchw" else (last, first)
        return np.moveaxis(np.ascontiguousarray(np.moveaxis(images, here, there)), there, here)
    if kind == "read_only":
        images.flags.writeable = False
    elif kind != "plain":
        raise AuditError("view %r, expected one of %s" % (kind, ", ".join(VIEWS)))
    return images


# Files


def _entry(archive, key):
    """Opens an array: its type, its shape, and the stream of its values. Nothing is ever unpickled."""
    try:
        stream = archive.open(key + ".npy")
    except KeyError:
        raise AuditError("probe: no key %s, expected one; is this a file of `cutmix-verify probe`?" % key) from None
    major, _ = np.lib.format.read_magic(stream)
    read = np.lib.format.read_array_header_1_0 if major == 1 else np.lib.format.read_array_header_2_0
    shape, fortran, dtype = read(stream)
    if fortran or dtype.hasobject:
        raise AuditError("probe: key %s: %s in Fortran order or objects, expected numbers in C order" % (key, dtype))
    return dtype, shape, stream


def _calls(archive, key):
    """The parts of an array along its first axis, one after the other, each writeable and read only when asked for."""
    dtype, shape, stream = _entry(archive, key)
    size = dtype.itemsize * int(np.prod(shape[1:], dtype=np.int64))
    with stream:
        for _ in range(shape[0]):
            data = stream.read(size)
            if len(data) != size:
                raise AuditError("probe: key %s: the file ends early" % key)
            yield np.frombuffer(bytearray(data), dtype).reshape(shape[1:])


def _meta(archive):
    dtype, shape, stream = _entry(archive, "meta")
    with stream:
        meta = json.loads(stream.read(int(np.prod(shape)) * dtype.itemsize).decode("utf-8"))
    if meta.get("format") != FORMAT:
        raise AuditError("probe: format %r, expected %r" % (meta.get("format"), FORMAT))
    return meta


def _write(archive, key, parts, lead=True):
    """Writes parts of one shape and type as one array along a new first axis."""
    first = parts[0]
    dtype = first.dtype.newbyteorder("<")
    shape = ((len(parts),) if lead else ()) + first.shape
    header = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": shape}
    with archive.open(key + ".npy", "w", force_zip64=True) as stream:
        np.lib.format.write_array_header_1_0(stream, header)
        for part in parts:
            stream.write(part.astype(dtype, copy=False).tobytes())


def _mix_file(adapter, probe, file, alpha, round_number, compression):
    """Mixes every call of a probe and writes the trace into an open file."""
    if adapter.takes_alpha and alpha is None:
        needed = inspect.signature(adapter.mix).parameters["alpha"].default is inspect.Parameter.empty
        if needed:
            raise AuditError("mix takes an alpha, expected --alpha")
    with zipfile.ZipFile(probe) as source, zipfile.ZipFile(file, "w", compression, compresslevel=1) as archive:
        meta = _meta(source)
        text = json.dumps({"probe": meta, "adapter": adapter.meta}).encode("utf-8")
        _write(archive, "meta", [np.frombuffer(text, np.uint8)], lead=False)
        for number, phase in enumerate(meta["phases"]):
            seed = round_number * 64 + number + 1
            if adapter.reseed is not None:
                adapter.reseed(seed)
            arrays = _phase(adapter, source, phase, alpha, phase["calls"], True)
            if adapter.reseed is not None:
                adapter.reseed(seed)
                again = _phase(adapter, source, phase, alpha, min(REPEATS, phase["calls"]), False)
                arrays["repeat_images_out"] = again["images"]
            for key, parts in arrays.items():
                _write(archive, "%s_%s" % (phase["name"], TRACE_KEYS.get(key, key)), parts)


def _phase(adapter, source, phase, alpha, calls, keep_input):
    name, arrays, after = phase["name"], {}, {}
    images_of = _calls(source, name + "_images")
    labels_of = _calls(source, name + ("_rows" if adapter.labels == "rows" else "_ids"))
    masks_of = _calls(source, name + "_masks") if phase.get("masks") and adapter.takes_masks else None
    draws_of = {}
    if phase.get("draws") and "draws" in adapter.takes:
        draws_of = {ours: _calls(source, "%s_draw_%s" % (name, theirs)) for ours, theirs in DRAWS.items()}
    views = [phase["view"]] if phase.get("view") else adapter.views
    for call in range(calls):
        place = _Place(phase, call)
        images = _view(next(images_of), views[call % len(views)], phase["layout"])
        labels = next(labels_of)
        masks = next(masks_of) if masks_of else None
        draws = {key: next(parts) for key, parts in draws_of.items()} or None
        out = adapter.call(place, images, labels, {"alpha": alpha, "masks": masks, "phase": phase, "draws": draws})
        for key, array in out.items():
            parts = arrays.setdefault(key, [])
            if len(parts) != call:
                raise place.error("mix gave back %s, expected none as in call 0" % NAMES.get(key, key))
            if parts and (array.shape, array.dtype) != (parts[0].shape, parts[0].dtype):
                found, first = _shown(array), _shown(parts[0])
                raise place.error("mix gave back %s as %s, expected %s as in call 0" % (NAMES.get(key, key), found, first))
            parts.append(array)
        missing = [key for key, parts in arrays.items() if len(parts) != call + 1]
        if missing:
            raise place.error("mix gave back no %s, expected one as in call 0" % NAMES.get(missing[0], missing[0]))
        if keep_input:
            after.setdefault("images_after", []).append(images)
            if adapter.labels != "none" and (adapter.labels_after or phase.get("labels_after")):
                after.setdefault("labels_after", []).append(labels)
    for stream in (images_of, labels_of, masks_of, *draws_of.values()):
        if stream is not None:
            stream.close()
    return dict(arrays, **after)


def _by_file(adapter, probe, trace, alpha):
    folder = os.path.dirname(os.path.abspath(trace))
    handle, temporary = tempfile.mkstemp(prefix=".cutmix-", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            _mix_file(adapter, probe, file, alpha, 0, zipfile.ZIP_DEFLATED)
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(temporary, 0o666 & ~umask)
        os.replace(temporary, trace)
    except BaseException:
        os.unlink(temporary)
        raise


# The live protocol


def _serve(adapter):
    """Answers requests until stdin ends."""
    answers = _take_stdout()
    for line in io.open(os.dup(0), "rb"):
        answer = _answer(adapter, line)
        data = json.dumps(answer).encode("utf-8")
        answers.write(data + b"\n")
        answers.flush()
    return 0


def _answer(adapter, line):
    try:
        request = json.loads(line.decode("utf-8"))
        if request.get("protocol") != PROTOCOL:
            return {"error": "protocol %r, expected %r" % (request.get("protocol"), PROTOCOL)}
        if request.get("hello"):
            about = {key: adapter.meta[key][:1000] for key in ("name", "version")}
            return {"ok": True, "adapter": dict(about, declares=adapter.meta["declares"])}
        trace = request["trace"]
        with open(trace, "xb") as file:
            try:
                _mix_file(adapter, request["probe"], file, request.get("alpha"), request["round"], zipfile.ZIP_STORED)
            except BaseException:
                os.unlink(trace)
                raise
        return {"ok": True}
    except AuditError as error:
        return dict(error.where, error=_short(str(error)))
    except Exception as error:  # whatever is raised is an answer
        traceback.print_exc()
        return {"error": _short("%s: %s" % (type(error).__name__, error))}


def _short(text):
    text = " ".join(text.split())
    return text if len(text) <= 2000 else text[:2000] + " ..."


def _complain(error):
    sys.stderr.write("cutmix_audit: %s\n" % _short(str(error)))
    return 2


def to_f32(bits):
    """float32 values of bfloat16 bits."""
    return (np.asarray(bits, np.uint32) << 16).view(np.float32)


def from_f32(values):
    """bfloat16 bits of float32 values, rounded to nearest even. NaN stays NaN."""
    values = np.asarray(values, np.float32)
    bits = values.view(np.uint32)
    rounded = ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)
    return np.where(np.isnan(values), np.uint16(0x7FC0), rounded)


if __name__ == "__main__":
    sys.stderr.write(__doc__)
    sys.exit(2)

# SPDX-License-Identifier: MIT OR Apache-2.0
"""Shows a CutMix, Mixup or Cutout to the auditor `cutmix-verify`. One file; needs numpy and nothing else. Copy it beside
your code:

    import cutmix_audit
    from mylib import cutmix                       # what is to be audited

    def mix(images, labels, alpha):                # one batch: [B, C, H, W] and class ids [B]
        out, target_a, target_b, lam = cutmix(images, labels, alpha)
        return out, (target_a, target_b, lam)

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
    (images, (target_a, target_b, lam))      or two class ids a sample and a weight: [B], or one for the batch
    images                                   only with labels="none"
    {"images": ..., "rows": ...}             or the same by name, with what else there is: target_a, target_b, lam, masks,
                                             bbox [B, 4] or [4] (x1, y1, x2, y2), index [B], lam_raw [B] or one

Arrays of torch, tensorflow and jax are converted. Nothing is repaired: a wrong shape or type is what an audit is for.
State is kept between calls and rounds. Seed once, outside of `mix`, or every round shows the same draws.
"""

import argparse
import inspect
import io
import json
import os
import sys
import tempfile
import traceback
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


class AuditError(Exception):
    """What `mix` gave back, or a file, is not what was expected. One line."""


def run(mix, name="", version="", labels="ids", lam_is="a", smoothing=0.0, declares=(), reseed=None, argv=None):
    """Serves the auditor: by two files if they are given as arguments, else live on stdin and stdout. Does not return.

    `lam_is` says whose weight `lam` is: "a" (the image's own) or "b" (the partner's). `smoothing` is the label smoothing
    that the implementation documents. `declares` lists limits that it documents: square_only, no_labels, fixed_alpha,
    even_batch, in_place, raw_label. `reseed(n)` seeds everything that `mix` draws from; with it, some calls are made twice with the
    same `n` to see whether they come out the same. `n` is another one for every phase and round.
    """
    adapter = _Adapter(mix, name, version, labels, lam_is, smoothing, declares, reseed)
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
    def __init__(self, mix, name, version, labels, lam_is, smoothing, declares, reseed):
        if labels not in ("ids", "rows", "none"):
            raise ValueError("labels is %r, expected 'ids', 'rows' or 'none'" % (labels,))
        if lam_is not in ("a", "b"):
            raise ValueError("lam_is is %r, expected 'a' or 'b'" % (lam_is,))
        self.mix, self.labels, self.reseed = mix, labels, reseed
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

    def call(self, place, images, labels, more):
        """One call of mix: a dict of arrays, `images` among them. `more` is what mix is given if it asks for it."""
        given = [images] if self.labels == "none" else [images, labels]
        named = {key: more[key] for key in self.takes}
        if named.get("alpha", 0) is None:
            del named["alpha"]
        out = self.mix(*given, **named)
        return {key: _array(place, key, value) for key, value in _by_name(place, out, self.labels).items()}


def _by_name(place, out, labels):
    """What mix gave back, by name."""
    if isinstance(out, dict):
        named = dict(out)
    elif labels == "none" and not isinstance(out, (tuple, list)):
        named = {"images": out}
    elif isinstance(out, (tuple, list)) and len(out) == 2:
        images, after = out
        if isinstance(after, (tuple, list)) and len(after) == 3:
            named = {"images": images, "target_a": after[0], "target_b": after[1], "lam": after[2]}
        else:
            named = {"images": images, "rows": after}
    else:
        found = "%s of %d" % (type(out).__name__, len(out)) if isinstance(out, (tuple, list)) else type(out).__name__
        raise AuditError(
            "%s: mix gave back a %s, expected (images, rows), (images, (target_a, target_b, lam)) or a dict" % (place, found)
        )
    named = {key: value for key, value in named.items() if value is not None}
    unknown = sorted(str(key) for key in set(named) - KEYS)
    if unknown:
        raise AuditError("%s: key %r, expected one of %s" % (place, unknown[0], ", ".join(sorted(KEYS))))
    if "images" not in named:
        raise AuditError("%s: mix gave back no images" % place)
    targets = {"target_a", "target_b", "lam"} & set(named)
    if targets and ("rows" in named or len(targets) < 3):
        raise AuditError(
            "%s: mix gave back %s, expected rows alone, or target_a, target_b and lam together"
            % (place, " and ".join(sorted(targets | ({"rows"} & set(named)))))
        )
    return named


def _array(place, key, value):
    """As a numpy array of a plain type, whatever made it."""
    if hasattr(value, "detach"):
        value = value.detach().cpu()
        if str(value.dtype) == "torch.bfloat16":
            value = value.view(dtype=sys.modules["torch"].int16).numpy().view(np.uint16)
    try:
        array = np.asarray(value)
    except Exception as error:
        raise AuditError("%s: %s: %s, expected an array" % (place, key, error)) from error
    if array.dtype.name == "bfloat16":
        array = array.view(np.uint16)
    if array.dtype.kind not in "biuf" or array.dtype.itemsize > 8:
        raise AuditError("%s: %s: an array of %s, expected numbers of one type" % (place, key, array.dtype))
    # A copy: some implementations give the same buffer every time.
    return np.array(array, order="C")


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
                arrays["repeat_images_out"] = again["images_out"]
            for key, parts in arrays.items():
                _write(archive, "%s_%s" % (phase["name"], key), parts)


def _phase(adapter, source, phase, alpha, calls, keep_input):
    name, arrays = phase["name"], {}
    images_of = _calls(source, name + "_images")
    labels_of = _calls(source, name + ("_rows" if adapter.labels == "rows" else "_ids"))
    masks_of = _calls(source, name + "_masks") if phase.get("masks") and adapter.takes_masks else None
    draws_of = {}
    if phase.get("draws") and "draws" in adapter.takes:
        draws_of = {ours: _calls(source, "%s_draw_%s" % (name, theirs)) for ours, theirs in DRAWS.items()}
    for call in range(calls):
        place = "phase %s, call %d" % (name, call)
        images = next(images_of)
        masks = next(masks_of) if masks_of else None
        draws = {key: next(parts) for key, parts in draws_of.items()} or None
        out = adapter.call(
            place, images, next(labels_of), {"alpha": alpha, "masks": masks, "phase": phase, "draws": draws}
        )
        if keep_input:
            out["images_after"] = images
        for key, array in out.items():
            key = {"images": "images_out", "rows": "labels_out", "masks": "masks_out"}.get(key, key)
            parts = arrays.setdefault(key, [])
            if len(parts) != call:
                raise AuditError("%s: %s, which call 0 did not give back" % (place, key))
            if key not in ("lam", "lam_raw", "bbox") and (array.ndim < 1 or array.shape[0] != phase["batch"]):
                raise AuditError("%s: %s of shape %s, expected %d samples first" % (place, key, array.shape, phase["batch"]))
            if parts and (array.shape, array.dtype) != (parts[0].shape, parts[0].dtype):
                raise AuditError(
                    "%s: %s of shape %s and type %s, expected %s and %s as in call 0"
                    % (place, key, array.shape, array.dtype, parts[0].shape, parts[0].dtype)
                )
            parts.append(array)
        missing = [key for key, parts in arrays.items() if len(parts) != call + 1]
        if missing:
            raise AuditError("%s: no %s, which call 0 gave back" % (place, missing[0]))
    for stream in (images_of, labels_of, masks_of, *draws_of.values()):
        if stream is not None:
            stream.close()
    return arrays


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
    # The protocol has stdout to itself: whatever else prints, in C or in a child, goes to stderr.
    sys.stdout.flush()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
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
        return {"error": _short(str(error))}
    except Exception as error:  # whatever mix raises is an answer
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

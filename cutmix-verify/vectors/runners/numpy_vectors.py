# A CutMix in NumPy, put to the test vectors (docs/VECTORS.md): cutmix-verify vectors verify --exec "python3 numpy_vectors.py"
import json, math, struct, sys
import numpy as np

DTYPES = {"u8": np.dtype("u1"), "u16": np.dtype("<u2"), "f32": np.dtype("<f4")}
KINDS = ["box", "label", "apply", "batch", "mixup", "cutout", "law", "beta", "invalid"]  # no stream: the core's own
RNG = np.random.RandomState(19)
class Refused(Exception): pass
def real(x):
    digits = bytes.fromhex(x["bits"][2:])  # NaN and infinity included
    return struct.unpack(">d" if len(digits) == 8 else ">f", digits)[0]
def need(right, why):
    if not right: raise Refused(why)
def fraction(x, name):
    return need(0.0 <= x <= 1.0, name + " is not in [0, 1]") or x  # nor is NaN
def size(f):
    return need(f["width"] > 0 and f["height"] > 0, "no pixels") or (f["width"], f["height"])
def edges(f):
    (w, h), e = size(f), [f[k] for k in ("x0", "y0", "x1", "y1")]
    need(e[0] <= e[2] <= w and e[1] <= e[3] <= h, "a box outside the image")
    return e
def array(f, pixels):
    """The image as [row, column, channel], a view of the bytes: rows may be longer than their pixels."""
    (w, h), c, d, p = size(f), f["channels"], DTYPES[f["dtype"]], f["row_pitch"]
    planes, n = (1, c) if f["layout"] == "nhwc" else (c, 1)
    need(c > 0 and p >= w * n * d.itemsize and len(pixels) >= planes * h * p, "a wrong shape")
    view = np.ndarray((planes, h, w, n), d, pixels, 0, (h * p, p, n * d.itemsize, d.itemsize))
    return view[0] if f["layout"] == "nhwc" else view[..., 0].transpose(1, 2, 0)
def span(rule, extent, c, length):
    k, i = int(extent), math.floor(c)
    lo, hi = i - k // 2, i + (k // 2 if rule == "official" else (k + 1) // 2)
    if rule == "paper": lo, hi = math.ceil((c - extent / 2) - 0.5), math.ceil((c + extent / 2) - 0.5)
    return min(max(lo, 0), length), min(max(hi, 0), length)
def cut(rule, sides, centre, of):
    (x0, x1), (y0, y1) = (span(rule, s, c, n) for s, c, n in zip(sides, centre, of))
    return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else (0, 0, 0, 0)
def box(f):
    of, c = size(f), (real(f["cx"]), real(f["cy"]))
    need(0 <= c[0] < of[0] and 0 <= c[1] < of[1], "a centre outside the image")
    r = math.sqrt(1 - fraction(real(f["lambda"]), "lambda")) if "lambda" in f else 0
    sides = [n * r for n in of] if "lambda" in f else (f["side_x"], f["side_y"])
    return dict(zip(("x0", "y0", "x1", "y1"), cut(f["rule"], sides, c, of)))
def label(f):
    (x0, y0, x1, y1), (w, h), k = edges(f), size(f), f["classes"]
    need(max(f["a"], f.get("b", 0)) < k, "an unknown class")
    s = fraction(real(f["smoothing"]), "smoothing") if "smoothing" in f else 0.0
    kept, row = (1 - (x1 - x0) * (y1 - y0) / (w * h) if "b" in f else 1.0), np.full(k, s / k)
    row[f["a"]] += (1 - s) * kept
    row[f.get("b", 0)] += (1 - s) * (1 - kept)
    return {"row": row.tolist()}
def label_rows(f):
    a, b = ([real(x) for x in f[k]] for k in ("row_a", "row_b"))
    need(len(a) == len(b) and 0 <= f["kept"] <= f["total"] > 0, "rows or ratio")
    return {"row": [(f["kept"] * x + (f["total"] - f["kept"]) * y) / f["total"] for x, y in zip(a, b)]}
def pixels(f, op):
    base = bytearray.fromhex(f["pixels_a"])
    image = array(f, base)
    other = array(f, bytearray.fromhex(f["pixels_b"])) if "pixels_b" in f else None
    if op == "mixup":
        w = fraction(real(f["lambda"]), "lambda")
        image[:] = np.floor(w * image + (1 - w) * other + 0.5) if f["dtype"] != "f32" else w * image + (1 - w) * other
        return {"pixels": base.hex()}
    if op == "cutout":
        need(len(f["fill"]) == 2 * f["channels"] * image.itemsize, "one value for each channel")
        other = np.broadcast_to(np.frombuffer(bytes.fromhex(f["fill"]), image.dtype), image.shape)
    x0, y0, x1, y1 = edges(f)
    image[y0:y1, x0:x1] = other[y0:y1, x0:x1]
    return {"pixels": base.hex()}
def batch(f):
    n, whole = f["count"], bytes.fromhex(f["images"])
    need(len(f["partners"]) == len(f["boxes"]) == n and max(f["partners"]) < n, "partners or boxes")
    each, out = len(whole) // n, []
    for i, (j, e) in enumerate(zip(f["partners"], f["boxes"])):
        pair = dict(f, pixels_a=whole[i * each:][:each].hex(), pixels_b=whole[j * each:][:each].hex())
        out.append(pixels(dict(pair, x0=e[0], y0=e[1], x1=e[2], y1=e[3]), "cutmix")["pixels"])
    return {"images": "".join(out)}
def draw(f, op):
    a, b = (real(f.get("alpha", f.get("a"))), real(f.get("alpha", f.get("b"))))
    need(0 < a < math.inf and 0 < b < math.inf, "alpha")
    lam = RNG.beta(a, b, f["draws"])
    if op == "draw_beta":
        return {"counts": [int((lam <= real(x)).sum()) for x in f["at"]]}
    (w, h), counts = size(f), [0] * (f["width"] * f["height"] + 1)
    for r, u, v in np.stack([np.sqrt(1 - lam), RNG.rand(len(lam)), RNG.rand(len(lam))], 1).tolist():
        x0, y0, x1, y1 = cut(f["rule"], (w * r, h * r), (u * w, v * h), (w, h))
        counts[(x1 - x0) * (y1 - y0)] += 1
    return {"counts": counts}
OPS = {"box": box, "fixed_box": box, "label": label, "cutout_label": label, "label_rows": label_rows, "cutmix_batch": batch,
       "cutmix": lambda f: pixels(f, "cutmix"), "mixup": lambda f: pixels(f, "mixup"), "cutout": lambda f: pixels(f, "cutout"),
       "draw_boxes": lambda f: draw(f, "draw_boxes"), "draw_beta": lambda f: draw(f, "draw_beta"),
       "pairing": lambda f: {"partners": [(i - 1) % f["count"] if f["pairing"] == "roll" else f["count"] - 1 - i for i in range(f["count"])]}}
for line in sys.stdin:
    request, answer = json.loads(line), {"ok": True}
    if "hello" in request:
        answer["adapter"] = {"name": "numpy", "version": np.__version__, "kinds": KINDS}
    elif request["op"] not in OPS: answer["unsupported"] = True
    else:
        try: answer["output"] = OPS[request["op"]](request["input"])
        except Refused as reason: answer["refused"] = str(reason)
    print(json.dumps(answer), flush=True)

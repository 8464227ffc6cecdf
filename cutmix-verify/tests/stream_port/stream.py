"""STREAM.md in Python: a second implementation of the page, standard library only.

Prints one line a value; tests/stream_port.rs prints the same lines from the core and compares.
"""
import math
import struct

M64, M32 = (1 << 64) - 1, (1 << 32) - 1


def bits(x):
    return struct.unpack(">Q", struct.pack(">d", x))[0]


def from_bits(u):
    return struct.unpack(">d", struct.pack(">Q", u))[0]


def log(x):
    """The logarithm of a positive normal x, as the page writes it out."""
    u = bits(x)
    if u == 0x3FF0000000000000:
        return 0.0
    hx = (u >> 32) + 0x3FF00000 - 0x3FE6A09E
    k = (hx >> 20) - 0x3FF
    hx = (hx & 0x000FFFFF) + 0x3FE6A09E
    f = from_bits(hx << 32 | u & M32) - 1.0
    hfsq = 0.5 * f * f
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    t1 = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
    t2 = z * (6.666666666666735130e-01 + w * (2.857142874366239149e-01
              + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)))
    r = t2 + t1
    return s * (hfsq + r) + k * 1.90821492927058770002e-10 - hfsq + f + k * 6.93147180369123816490e-01


def exp(x):
    """The exponential, as the page writes it out."""
    if x > 709.782712893383973096:
        return math.inf
    if x < -745.13321910194110842:
        return 0.0
    hx = bits(x) >> 32 & 0x7FFFFFFF
    sign = 1 if x < 0 else 0
    if hx > 0x3FD62E42:
        k = int(1.44269504088896338700 * x + (-0.5 if sign else 0.5)) if hx >= 0x3FF0A2B2 else 1 - sign - sign
        hi = x - k * 6.93147180369123816490e-01
        lo = k * 1.90821492927058770002e-10
        x = hi - lo
    elif hx > 0x3E300000:
        k, hi, lo = 0, x, 0.0
    else:
        return 1.0 + x
    z = x * x
    c = x - z * (1.66666666666666019037e-01 + z * (-2.77777777770155933842e-03 + z * (
        6.61375632143793436117e-05 + z * (-1.65339022054652515390e-06 + z * 4.13813679705723846039e-08))))
    y = 1.0 + (x * c / (2.0 - c) - lo + hi)
    return y if k == 0 else math.ldexp(y, k)


def mix(z):
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & M64
    z = (z ^ z >> 27) * 0x94D049BB133111EB & M64
    return z ^ z >> 31


class Stream:
    def __init__(self, domain, *words):
        d = int.from_bytes(domain.encode(), "big")
        s, t = mix(d ^ 0x6A09E667F3BCC908), mix(d ^ 0xBB67AE8584CAA73B)
        for w in words:
            s, t = (mix((h ^ w) + 0x9E3779B97F4A7C15 & M64) for h in (s, t))
        self.inc = 2 * t + 1 & M64
        self.state = s + self.inc & M64
        self.step()

    def step(self):
        self.state = self.state * 6364136223846793005 + self.inc & M64

    def u32(self):
        old = self.state
        self.step()
        x, rot = (old >> 18 ^ old) >> 27 & M32, old >> 59
        return (x >> rot | x << (32 - rot)) & M32

    def u64(self):
        low = self.u32()
        return self.u32() << 32 | low

    def unit(self):
        return (self.u64() >> 11) * 2.0**-53

    def positive(self):
        return ((self.u64() >> 11) + 1) * 2.0**-53

    def below(self, n):
        m = self.u64() * n
        while m & M64 < (1 << 64) % n:
            m = self.u64() * n
        return m >> 64


LN2 = 0.6931471805599453


def logistic(x, y):
    return 1.0 / (1.0 + exp(y - x))


def log_gamma(r, k):
    d = (k + 1.0 if k < 1.0 else k) - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    while True:
        p, q = 2.0 * r.unit() - 1.0, 2.0 * r.unit() - 1.0
        s = p * p + q * q
        if not 0.0 < s < 1.0:
            continue
        n = p * math.sqrt(-2.0 * log(s) / s)
        t = 1.0 + c * n
        if t <= 0.0:
            continue
        v = t * t * t
        w = log(v)
        if log(r.positive()) < 0.5 * n * n + d - d * v + d * w:
            break
    out = log(d) + w
    return out + log(r.positive()) / k if k < 1.0 else out


def beta(r, a, b):
    if a != b:
        x = log_gamma(r, a)
        return logistic(x, log_gamma(r, b))
    if a == 1.0:
        return r.unit()
    if a == 2.0:
        return sorted(r.unit() for _ in range(3))[1]
    while True:
        if a == 0.5:
            u, v = r.unit(), r.unit()
            s = u * u + v * v
            if 0.0 < s <= 1.0:
                return u * u / s
        elif a < 0.5:
            inverse = 1.0 / a
            x, y = log(r.positive()) * inverse, log(r.positive()) * inverse
            if max(x, y) <= -LN2 or (min(x, y) <= -LN2 and exp(x) + exp(y) <= 1.0):
                return logistic(x, y)
        else:
            x, y = 2.0 * r.unit() - 1.0, 2.0 * r.unit() - 1.0
            s = x * x + y * y
            if 0.0 < s <= 1.0:
                t = 1.0 - exp(2.0 / (2.0 * a - 1.0) * log(s))
                return min(max(0.5 * (1.0 + x * math.sqrt(t / s)), 0.0), 1.0)


def span(rule, e, c, L):
    k, i = int(e), int(c)
    if rule == "paper":
        lo, hi = math.ceil((c - e / 2.0) - 0.5), math.ceil((c + e / 2.0) - 0.5)
    elif rule == "official":
        lo, hi = i - k // 2, i + k // 2
    else:
        lo, hi = i - k // 2, i + (k + 1) // 2
    return min(max(lo, 0), L), min(max(hi, 0), L)


def plan(r, W, H, rule, alpha, prob, partners, minmax, fixed=None, method="cutmix", switch=None, mixup=None, grid=15,
         partner=None, noise=(0, 0)):
    apply, coin, drawn = r.unit(), r.unit(), r.below(partners)
    partner = drawn if partner is None else partner
    if switch is not None:
        method = "cutmix" if coin < switch else "mixup"
    u, v = r.unit(), r.unit()
    extents = []
    for L in (W, H):
        lo, hi = (int(L * minmax[0]), int(L * minmax[1])) if minmax else (0, 0)
        extents.append(lo + r.below(hi - lo + 1))
    a, b = (mixup or (alpha, alpha)) if method == "mixup" else (alpha, alpha)
    lam = beta(r, a, b)
    applied = apply < prob
    box = (0, 0, 0, 0)
    if applied and method != "mixup":
        ends = []
        for t, L, k, side in ((u, W, extents[0], 0), (v, H, extents[1], 1)):
            if minmax:
                start = min(int(t * (L - k + 1)), L - k)
                ends.append((start, start + k))
            else:
                e = float(fixed[side]) if fixed else L * math.sqrt(1.0 - lam)
                ends.append(span(rule, e, t * L, L))
        (x0, x1), (y0, y1) = ends
        if x0 < x1 and y0 < y1:
            box = (x0, y0, x1, y1)
    kept, total = W * H - (box[2] - box[0]) * (box[3] - box[1]), W * H
    if method == "mixup":
        kept, total = math.floor((lam if applied else 1.0) * 2.0**grid + 0.5), 1 << grid
    words = noise if method == "cutout" else (0, 0)
    q = [math.floor(lam * d + 0.5) for d in (2.0**15, 2.0**24)]
    return (f"{method} {int(applied)} {partner} {box[0]} {box[1]} {box[2]} {box[3]} {kept}/{total} {bits(lam):016x} "
            f"{q[0]} {q[1]} {words[0]} {words[1]}")


def shuffled(r, n, derange):
    while True:
        p = list(range(n))
        ok = True
        for i in range(n - 1, -1, -1):
            if i:
                j = r.below(i + 1)
                p[i], p[j] = p[j], p[i]
            if derange and p[i] == i:
                ok = False
                break
        if ok:
            return p


def noise_word(k0, k1, j):
    x = j & M32 ^ k0
    x ^= x >> 16
    x = x * 0x7FEB352D & M32
    x ^= x >> 15
    x = x + k1 + (j >> 32) * 0x9E3779B9 & M32
    x = x * 0x846CA68B & M32
    return x ^ x >> 16


def noise_key(*key):
    r = Stream("CM1.nois", *key, 0)
    return r.u32(), r.u32()


def f32(x):
    return struct.unpack(">f", struct.pack(">f", x))[0]


def noise_element(key, i, size):
    """An element of 1 or 2 bytes; of 4 the bits of the binary32 between -1.5 and 2.7."""
    x = noise_word(*key, i // (4 // size))
    if size < 4:
        return x >> 8 * size * (i % (4 // size)) & (1 << 8 * size) - 1
    lo, hi = f32(-1.5), f32(2.7)
    value = f32(lo + f32((x >> 8) * 2.0**-24 * f32(hi - lo)))
    return struct.unpack(">I", struct.pack(">f", value))[0]


def methods():
    programme = (
        ("mixup", None, None, 15), ("mixup", None, None, 24), ("cutout", None, None, 15), ("cutout", (16, 9), None, 15),
        ("cutmix", None, 0.4, 24),
    )
    for W, H in ((40, 24), (7, 5)):
        for method, fixed, switch, grid in programme:
            for rule in ("paper", "official", "full-extent"):
                for index in range(30):
                    key = (3, 1 << 63, M64 - index)
                    print("method", plan(Stream("CM1.smpl", *key, 0), W, H, rule, 0.3, 0.75, 1 << 40, None, fixed,
                                         method, switch, (2.0, 1.0), grid, noise=noise_key(*key)))


def pairings():
    for n in (1, 2, 3, 5, 8, 33):
        for batch in range(20):
            key = (9, 4, batch)
            print("roll", *[(i - 1) % n for i in range(n)])
            print("flip", *[n - 1 - i for i in range(n)])
            print("permutation", *shuffled(Stream("CM1.pair", *key, 0), n, False))
            if n > 1:
                print("derangement", *shuffled(Stream("CM1.pair", *key, 0), n, True))
            r = Stream("CM1.pair", *key, 0)
            print("replacement", *[r.below(n) for _ in range(n)])
            for i in range(n):
                j = n - 1 - i
                for scope, r in (("sample", Stream("CM1.smpl", 9, 4, M64 - 2 + i & M64, 0)),
                                 ("batch", Stream("CM1.btch", *key, 0)),
                                 ("pair", Stream("CM1.grup", *key, min(i, j)))):
                    noise = noise_key(9, 4, M64 - 2 + i & M64)
                    print(scope, plan(r, 40, 24, "paper", 1.0, 1.0, 1, None, method="cutout", partner=j, noise=noise))


def noise_images():
    """Windows of 5 x 3 pixels of a whole image of 2^20 x 2^20, three elements a pixel, interleaved and planar."""
    key, side = noise_key(5, 6, 7), 1 << 20
    for size in (1, 2, 4):
        for left, top in ((0, 0), (3, 1), (777, 1 << 19), (side - 5, side - 3)):
            for planes, elements in ((1, 3), (3, 1)):
                print("image", size, *[noise_element(key, ((p * side + top + y) * side + left + x) * elements + e, size)
                                       for p in range(planes) for y in range(3) for x in range(5)
                                       for e in range(elements)])


def main():
    shapes = [(a, a) for a in (0.001, 0.05, 0.2, 0.499, 0.5, 0.50001, 0.7, 1.0, 1.5, 2.0, 8.0, 100.0, 1e6)]
    for a, b in shapes + [(0.05, 50.0), (2.0, 1.0), (0.3, 1.3), (1.2, 0.2)]:
        for index in range(200):
            print(f"beta {bits(beta(Stream('CM1.smpl', 7, 1, index, 0), a, b)):016x}")
    for W, H in ((40, 24), (32, 32), (7, 5), (224, 224), (1, 1)):
        for rule in ("paper", "official", "full-extent"):
            for alpha in (0.2, 1.0, 2.0, 0.7):
                for minmax in (None, (0.2, 0.6)):
                    for index in range(40):
                        r = Stream("CM1.smpl", M64 - 3, 2, index << 33 | index, 0)
                        print("plan", plan(r, W, H, rule, alpha, 0.75, 50000, minmax))
    methods()
    pairings()
    for index in range(50):
        k0, k1 = noise_key(5, 6, index)
        print("noise", k0, k1, *[noise_word(k0, k1, j) for j in (0, 1, 77, (1 << 34) + 5)])
    noise_images()


main()

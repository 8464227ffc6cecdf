// A CutMix in JavaScript, put to the test vectors (docs/VECTORS.md): cutmix-verify vectors verify --exec "node node_vectors.mjs"
import { createInterface } from "node:readline";
const KINDS = ["box", "label", "apply", "batch", "mixup", "cutout", "law", "beta", "invalid"]; // no stream: the core's own
class Refused extends Error {}
const need = (right, why) => { if (!right) throw new Refused(why); };
function real({ bits }) { // a number with its bits, NaN and infinity included
  const bytes = new DataView(new ArrayBuffer(8)), short = bits.length === 10;
  return bytes.setBigUint64(0, BigInt(bits) << (short ? 32n : 0n)), short ? bytes.getFloat32(0) : bytes.getFloat64(0);
}
const fraction = (x, name) => need(x >= 0 && x <= 1, `${name} is not in [0, 1]`) ?? x;
const size = ({ width, height }) => need(width > 0 && height > 0, "no pixels") ?? [width, height];
function edges(f) {
  const [w, h] = size(f);
  return need(f.x0 <= f.x1 && f.x1 <= w && f.y0 <= f.y1 && f.y1 <= h, "a box outside the image") ?? [f.x0, f.y0, f.x1, f.y1];
}
function span(rule, extent, c, length) {
  const k = Math.trunc(extent), i = Math.floor(c), half = Math.floor(k / 2);
  const [lo, hi] = rule === "paper" ? [Math.ceil(c - extent / 2 - 0.5), Math.ceil(c + extent / 2 - 0.5)]
    : [i - half, i + (rule === "official" ? half : k - half)];
  return [lo, hi].map((edge) => Math.min(Math.max(edge, 0), length));
}
function cut(rule, sides, centre, of) {
  const [[x0, x1], [y0, y1]] = sides.map((side, axis) => span(rule, side, centre[axis], of[axis]));
  return x0 < x1 && y0 < y1 ? [x0, y0, x1, y1] : [0, 0, 0, 0];
}
function box(f) {
  const of = size(f), centre = [real(f.cx), real(f.cy)];
  need(centre.every((c, axis) => c >= 0 && c < of[axis]), "a centre outside the image");
  const r = f.lambda && Math.sqrt(1 - fraction(real(f.lambda), "lambda")), sides = f.lambda ? of.map((n) => n * r) : [f.side_x, f.side_y];
  return Object.fromEntries(cut(f.rule, sides, centre, of).map((edge, i) => [["x0", "y0", "x1", "y1"][i], edge]));
}
function label(f) { // a Cutout has no b, and keeps its label
  const [x0, y0, x1, y1] = edges(f), s = f.smoothing ? fraction(real(f.smoothing), "smoothing") : 0;
  need(f.a < f.classes && (f.b ?? 0) < f.classes, "an unknown class");
  const kept = f.b === undefined ? 1 : 1 - ((x1 - x0) * (y1 - y0)) / (f.width * f.height);
  const at = (class_, k, weight) => (class_ === k ? (1 - s) * weight : 0);
  return { row: Array.from({ length: f.classes }, (_, k) => s / f.classes + at(f.a, k, kept) + at(f.b, k, 1 - kept)) };
}
const rows = ({ row_a, row_b, kept, total }) => need(row_a.length === row_b.length && total > 0 && kept <= total, "rows or ratio")
  ?? { row: row_a.map((x, k) => (kept * real(x) + (total - kept) * real(row_b[k])) / total) };
function image(f, hex) { // its bytes, and where the value of a column, a row and a channel begins
  size(f);
  const bytes = Buffer.from(hex, "hex"), e = { u8: 1, u16: 2, f32: 4 }[f.dtype], inner = f.layout === "nhwc";
  const planes = inner ? 1 : f.channels;
  need(f.channels > 0 && f.row_pitch * planes >= f.width * e * f.channels && bytes.length >= planes * f.height * f.row_pitch, "a wrong shape");
  return { bytes, e, at: (x, y, c) => (inner ? y * f.row_pitch + (x * f.channels + c) * e : (c * f.height + y) * f.row_pitch + x * e) };
}
function each(f, [x0, y0, x1, y1], visit) {
  for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) for (let c = 0; c < f.channels; c++) visit(x, y, c);
}
function paste(f, a, b, box) {
  const base = image(f, a), donor = image(f, b);
  each(f, box, (x, y, c) => donor.bytes.copy(base.bytes, base.at(x, y, c), base.at(x, y, c), base.at(x, y, c) + base.e));
  return base.bytes.toString("hex");
}
function mixup(f) {
  const base = image(f, f.pixels_a), donor = image(f, f.pixels_b), w = fraction(real(f.lambda), "lambda");
  const type = { u8: "UInt8", u16: "UInt16LE", f32: "FloatLE" }[f.dtype];
  each(f, [0, 0, f.width, f.height], (x, y, c) => {
    const at = base.at(x, y, c), mixed = w * base.bytes[`read${type}`](at) + (1 - w) * donor.bytes[`read${type}`](at);
    base.bytes[`write${type}`](f.dtype === "f32" ? mixed : Math.floor(mixed + 0.5), at);
  });
  return { pixels: base.bytes.toString("hex") };
}
function cutout(f) {
  const { bytes, at, e } = image(f, f.pixels_a), fill = Buffer.from(f.fill, "hex");
  need(fill.length === f.channels * e, "one value for each channel");
  each(f, edges(f), (x, y, c) => fill.copy(bytes, at(x, y, c), c * e, (c + 1) * e));
  return { pixels: bytes.toString("hex") };
}
function batch(f) {
  const n = f.count, length = f.images.length / n, one = (i) => f.images.slice(i * length, (i + 1) * length);
  need(f.partners.length === n && f.boxes.length === n && f.partners.every((j) => j < n), "partners or boxes");
  const box = ([x0, y0, x1, y1]) => edges({ ...f, x0, y0, x1, y1 });
  return { images: f.partners.map((j, i) => paste(f, one(i), one(j), box(f.boxes[i]))).join("") };
}
const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
function logGamma(k) { // the logarithm of a gamma variate (Marsaglia and Tsang), so that a small one does not become 0
  if (k < 1) return logGamma(k + 1) + Math.log(1 - Math.random()) / k;
  for (const d = k - 1 / 3; ;) {
    const x = normal(), v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - Math.random()) < x * x / 2 + d - d * v + d * Math.log(v)) return Math.log(d * v);
  }
}
function draw(f) {
  const [a, b] = [real(f.alpha ?? f.a), real(f.alpha ?? f.b)], of = f.at ? [0, 0] : size(f);
  need(a > 0 && b > 0 && a < Infinity && b < Infinity, "alpha");
  const drawn = Array.from({ length: f.draws }, () => 1 / (1 + Math.exp(logGamma(b) - logGamma(a))));
  if (f.at) return { counts: f.at.map(real).map((x) => drawn.filter((lambda) => lambda <= x).length) };
  const boxes = drawn.map((lambda) => cut(f.rule, of.map((n) => n * Math.sqrt(1 - lambda)), of.map((n) => Math.random() * n), of));
  return { counts: boxes.reduce((n, [x0, y0, x1, y1]) => (n[(x1 - x0) * (y1 - y0)]++, n), new Array(of[0] * of[1] + 1).fill(0)) };
}
const pairing = ({ pairing, count: n }) => ({ partners: Array.from({ length: n }, (_, i) => (pairing === "roll" ? (i + n - 1) % n : n - 1 - i)) });
const OPS = { box, fixed_box: box, label, cutout_label: label, label_rows: rows, cutmix_batch: batch, pairing, mixup, cutout, draw_boxes: draw, draw_beta: draw,
  cutmix: (f) => ({ pixels: paste(f, f.pixels_a, f.pixels_b, edges(f)) }) };
function answer({ hello, op, input }) {
  if (hello) return { adapter: { name: "node", version: process.version, kinds: KINDS } };
  try { return OPS[op] ? { output: OPS[op](input) } : { unsupported: true }; } catch (error) { if (error instanceof Refused) return { refused: error.message }; throw error; }
}
for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify({ ok: true, ...answer(JSON.parse(line)) }));

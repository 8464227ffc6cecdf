// SPDX-License-Identifier: MIT OR Apache-2.0
// Shows a CutMix, Mixup or Cutout to the auditor `cutmix-verify`. One file for Node 18 or later; no package. Copy it beside
// your code:
//
//     import { run } from "./cutmix_audit.mjs";          // first: what the package prints then goes to stderr
//     import { cutmix } from "mylib";                    // what is to be audited
//
//     run(({ images, labels, alpha }) => {               // one batch: shape [B, C, H, W] and class ids
//       const { data, targetA, targetB, lam } = cutmix(images.data, images.shape, labels, alpha);
//       return { images: data, target_a: targetA, target_b: targetB, lam };
//     }, { name: "mylib", version: "1.2" });
//
// Live:       cutmix-verify check --exec "node adapter.mjs" --alpha 1 --alpha 0.2
// By files:   cutmix-verify probe -o probe.npz
//             node adapter.mjs probe.npz trace.npz --alpha 1
//             cutmix-verify check trace.npz --alpha 1
//
// `mix` is given one object: `images` {data, shape, dtype} (a fresh typed array; float16 and bfloat16 as their bits in a
// Uint16Array), `labels` (an Int32Array of class ids, or with labels: "rows" {data: Float32Array, shape: [B, K]}), `masks`
// {data: Uint8Array, shape} or null, `alpha` (null if none was given), `phase` (the probe's description). It gives back, or
// promises, an object: `images` (a typed array of the same type and length, or {data, shape}), and `rows` ({data, shape} or a typed
// array [B, K]) or `target_a`, `target_b` and `lam`; and what else there is: `masks`, `bbox`, `index`, `lam_raw`. Plain arrays
// of numbers are taken as float64. `rows` of one number a sample are class numbers. Nothing is repaired: a wrong shape or type is
// what an audit is for. State is kept between calls and rounds.
//
// Where stdin and stdout are pipes, as the auditor has them, importing this file sends to stderr what JavaScript prints from
// then on. A native addon and a child process that inherits stdout are out of its reach.
//
// `options`: name, version, labels ("ids", "rows", "none"), lamIs ("a", "b"), smoothing, declares (square_only, no_labels,
// fixed_alpha, even_batch, in_place, raw_label), reseed (n => seeds all that mix draws from; some calls are then made twice),
// labelsAfter (true: the trace says what became of the labels that were handed over; a probe may ask for it too).

import { createInterface } from "node:readline";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import path from "node:path";
import zlib from "node:zlib";

const PROTOCOL = "cutmix-audit/1";
const FORMAT = "cutmix-probe/1";
const REPEATS = 8;
/** What an array is called in a trace, where that is another name. */
const TRACE_KEYS = { images: "images_out", rows: "labels_out", masks: "masks_out" };
const KEYS = ["images", "rows", "target_a", "target_b", "lam", "masks", "bbox", "index", "lam_raw"];

/** What `mix` gave back or threw, or a file, is not what was expected. `where` is what the protocol's answer says beside it. */
export class AuditError extends Error {
  constructor(text, where = {}) {
    super(text);
    this.where = where;
  }
}

const writeSync = fs.writeSync;
const isPipe = (fd) => {
  try {
    const found = fs.fstatSync(fd);
    return found.isFIFO() || found.isSocket();
  } catch {
    return false;
  }
};
/** Whether stdout is the protocol's, and whether a request waits for its answer. */
let taken = false;
let asked = false;

const answer = (value) => {
  asked = false;
  writeSync(1, `${JSON.stringify(value)}\n`);
};

/** The protocol has stdout to itself: whatever else JavaScript prints goes to stderr. An error that nobody catches is an answer. */
function takeStdout() {
  if (taken) return;
  taken = true;
  process.stdout.write = process.stderr.write.bind(process.stderr);
  for (const method of ["log", "info", "debug", "dir", "table"]) console[method] = console.error;
  for (const name of ["write", "writeSync", "writev", "writevSync"]) {
    const before = fs[name];
    fs[name] = (fd, ...rest) => before(fd === 1 ? 2 : fd, ...rest);
    // Among them what util.promisify looks for.
    Object.defineProperties(fs[name], Object.getOwnPropertyDescriptors(before));
  }
  syncBuiltinESMExports();
  process.on("uncaughtException", (error) => {
    const text = report(error);
    if (asked) answer({ error: text });
    process.exit(1);
  });
}

if (isPipe(0) && isPipe(1)) takeStdout();

/** Serves the auditor: by two files if they are given as arguments, else live on stdin and stdout. */
export async function run(mix, options = {}) {
  const { name = "", version = "", labels = "ids", lamIs = "a", smoothing = 0, declares = [], reseed = null } = options;
  const { labelsAfter = false } = options;
  if (!["ids", "rows", "none"].includes(labels)) throw new AuditError(`labels is ${labels}, expected ids, rows or none`);
  if (!["a", "b"].includes(lamIs)) throw new AuditError(`lamIs is ${lamIs}, expected a or b`);
  const all = labels === "none" && !declares.includes("no_labels") ? [...declares, "no_labels"] : [...declares];
  const meta = { name: `${name}`, version: `${version}`, labels_in: labels, lam_is: lamIs, smoothing, declares: all };
  const adapter = { mix, labels, reseed, labelsAfter, meta };
  const args = process.argv.slice(2);
  const at = args.indexOf("--alpha");
  const alpha = at < 0 ? null : Number(args.splice(at, 2)[1]);
  if (alpha !== null && !(alpha > 0)) return complain("--alpha: expected a number above 0");
  if (args.length === 0) return serve(adapter);
  if (args.length !== 2) return complain("expected PROBE.npz TRACE.npz, or no argument for the live protocol");
  const [probe, trace] = args;
  const temporary = path.join(path.dirname(trace), `.cutmix-${process.pid}.npz`);
  try {
    await mixFile(adapter, probe, temporary, alpha, 0, true);
    fs.renameSync(temporary, trace);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    if (!(error instanceof AuditError) && !error.code) throw error;
    complain(error.message);
  }
}

function complain(text) {
  process.stderr.write(`cutmix_audit: ${short(text)}\n`);
  process.exitCode = 2;
}

const short = (text) => `${text}`.replace(/\s+/g, " ").slice(0, 2000);

/** Prints an error with its stack, and gives its type and what it says in one line, which is also the last of stderr. */
function report(error) {
  const text = short(error instanceof Error ? `${error.name}: ${error.message}` : error);
  writeSync(2, `${error?.stack ?? text}\ncutmix_audit: ${text}\n`);
  return text;
}

// The live protocol

async function serve(adapter) {
  takeStdout();
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    asked = true;
    answer(await reply(adapter, line));
  }
}

async function reply(adapter, line) {
  let trace = null;
  try {
    const request = JSON.parse(line);
    if (request.protocol !== PROTOCOL) return { error: `protocol ${short(request.protocol)}, expected ${PROTOCOL}` };
    const { name, version, declares } = adapter.meta;
    if (request.hello) return { ok: true, adapter: { name: name.slice(0, 1000), version: version.slice(0, 1000), declares } };
    if (fs.existsSync(request.trace)) return { error: "the trace is there already, expected none" };
    trace = request.trace;
    await mixFile(adapter, request.probe, trace, request.alpha ?? null, request.round, false);
    return { ok: true };
  } catch (error) {
    if (trace !== null) fs.rmSync(trace, { force: true });
    if (error instanceof AuditError) return { error: short(error.message), ...error.where };
    return { error: report(error) };
  }
}

// Mixing

async function mixFile(adapter, probe, file, alpha, round, deflate) {
  const source = openZip(probe);
  try {
    const text = Buffer.from(readArray(source, "meta").data);
    const meta = JSON.parse(text.toString("utf8"));
    if (meta.format !== FORMAT) throw new AuditError(`probe: format ${short(meta.format)}, expected ${FORMAT}`);
    const archive = createZip(file, deflate);
    try {
      const ours = Buffer.from(JSON.stringify({ probe: meta, adapter: adapter.meta }));
      archive.add("meta.npy", [header("|u1", [ours.length]), ours]);
      for (const [number, phase] of meta.phases.entries()) {
        const seed = round * 64 + number + 1;
        if (adapter.reseed) await adapter.reseed(seed);
        const arrays = await mixPhase(adapter, source, phase, alpha, phase.calls, true);
        if (adapter.reseed) {
          await adapter.reseed(seed);
          const again = await mixPhase(adapter, source, phase, alpha, Math.min(REPEATS, phase.calls), false);
          arrays.set("repeat_images_out", again.get("images"));
        }
        for (const [key, parts] of arrays) {
          const [{ descr, shape }] = parts;
          const name = `${phase.name}_${TRACE_KEYS[key] ?? key}.npy`;
          archive.add(name, [header(descr, [parts.length, ...shape]), ...parts.map((part) => part.bytes)]);
        }
      }
      archive.finish();
    } finally {
      archive.close();
    }
  } finally {
    fs.closeSync(source.fd);
  }
}

async function mixPhase(adapter, source, phase, alpha, calls, keepInput) {
  const images = readArray(source, `${phase.name}_images`);
  const labels = adapter.labels === "none" ? null : readArray(source, `${phase.name}_${adapter.labels}`);
  const masks = phase.masks ? readArray(source, `${phase.name}_masks`) : null;
  if (phase.view && phase.view !== "plain") {
    throw new AuditError(`phase ${phase.name}: view ${short(phase.view)}, expected plain: a typed array has no steps`);
  }
  const arrays = new Map();
  for (let call = 0; call < calls; call++) {
    const wrong = (text, more) => {
      const where = { phase: phase.name, call, ...more };
      return new AuditError(`phase ${phase.name}, call ${call}: mix ${text}`, where);
    };
    const given = part(images, call);
    const label = labels && part(labels, call);
    const input = {
      images: given,
      labels: adapter.labels === "ids" ? Int32Array.from(label.data, Number) : label,
      masks: masks && part(masks, call),
      alpha,
      phase,
    };
    let out;
    try {
      out = await adapter.mix(input);
    } catch (error) {
      throw wrong(`threw ${report(error)}`, { raised: short(error?.name ?? typeof error) });
    }
    const made = byName(wrong, out, phase, given, label);
    if (keepInput) made.push(["images_after", encode(wrong, "images", given, phase, given)]);
    if (keepInput && labels && (adapter.labelsAfter || phase.labels_after)) {
      const after = adapter.labels === "ids" ? { data: input.labels, shape: label.shape } : label;
      made.push(["labels_after", encode(wrong, "labels", after, phase, given)]);
    }
    for (const [key, array] of made) {
      if (!arrays.has(key)) arrays.set(key, []);
      const parts = arrays.get(key);
      if (parts.length !== call) throw wrong(`gave back ${key}, expected none as in call 0`);
      const shape = (other) => `${other.descr} [${other.shape.join(", ")}]`;
      if (call > 0 && shape(parts[0]) !== shape(array)) {
        throw wrong(`gave back ${key} as ${shape(array)}, expected ${shape(parts[0])} as in call 0`);
      }
      parts.push(array);
    }
    for (const [key, parts] of arrays) {
      if (parts.length !== call + 1) throw wrong(`gave back no ${key}, expected one as in call 0`);
    }
  }
  return arrays;
}

/** What mix gave back, as pairs of a name and an array. */
function byName(wrong, out, phase, given, label) {
  const { batch } = phase;
  const targets = ["target_a", "target_b", "lam"];
  if (out === null || typeof out !== "object" || Array.isArray(out) || ArrayBuffer.isView(out)) {
    throw wrong(`gave back ${shown(out)}, expected an object of images and rows, or of images, target_a, target_b and lam`);
  }
  const named = new Map(Object.entries(out).filter(([, value]) => value !== undefined && value !== null));
  const unknown = [...named.keys()].filter((key) => !KEYS.includes(key));
  if (unknown.length > 0) {
    const expected = "images and rows, or images, target_a, target_b and lam; besides, if at all, masks, bbox, index and lam_raw";
    const hint = "leave out what no audit judges, such as object boxes";
    throw wrong(`gave back an object with ${unknown.join(", ")}, expected ${expected}; ${hint}`);
  }
  if (!named.has("images")) throw wrong("gave back no images");
  const missing = targets.filter((key) => !named.has(key));
  if (missing.length < 3 && (missing.length > 0 || named.has("rows"))) {
    const found = [...named.keys()].filter((key) => targets.includes(key) || key === "rows").join(" and ");
    throw wrong(`gave back ${found}, expected rows alone, or target_a, target_b and lam together`);
  }
  const arrays = new Map([...named].map(([key, value]) => [key, encode(wrong, key, value, phase, given)]));
  const rows = arrays.get("rows");
  if (rows && rows.shape.length < 2 && (rows.length === 1 || rows.length === batch)) {
    const value = named.get("rows").data ?? named.get("rows");
    const numbers = typeof value === "number" ? [value] : Array.from(value, Number);
    if (label && weights(numbers, label, batch)) {
      throw wrong(`gave back rows as ${rows.length === 1 ? "one number" : `${batch} numbers from 0 to 1`}: weights and no classes`);
    }
    // Class numbers in place of rows: both targets, with weight 1, which is what one number says.
    arrays.delete("rows");
    const one = encode(wrong, "lam", 1, phase, given);
    [["target_a", rows], ["target_b", rows], ["lam", one]].forEach(([key, array]) => arrays.set(key, array));
  }
  const each = [batch];
  const shapes = {
    rows: [[batch, "K"]], target_a: [each], target_b: [each], lam: [[], each], lam_raw: [[], each], index: [each],
    bbox: [[4], [batch, 4]], masks: [[batch, phase.height, phase.width]],
  };
  for (const [key, { shape }] of arrays) {
    if (key === "images" && shape[0] !== batch) {
      const recipe = "adapters/README.md has a recipe for half batches";
      throw wrong(`gave back images of shape [${shape.join(", ")}] for ${batch} images, expected ${batch} first; ${recipe}`);
    }
    const expected = shapes[key] ?? [shape];
    const fits = (one) => one.length === shape.length && one.every((side, i) => side === "K" || side === shape[i]);
    if (expected.some(fits)) continue;
    const over = shape.length - Math.max(...expected.map((one) => one.length));
    const axes = over > 0 ? `: ${over === 1 ? "one axis" : `${over} axes`} too many` : "";
    const texts = expected.map((one) => (one.length ? `[${one.join(", ")}]` : "one number")).join(" or ");
    throw wrong(`gave back ${key} of shape [${shape.join(", ")}] for ${batch} images${axes}, expected ${texts}`);
  }
  return [...arrays];
}

/** Whether these are no class numbers: one for all, or some between 0 and 1 where a mixture of classes cannot be. */
function weights(numbers, label, batch) {
  if (numbers.length !== batch) return true;
  const values = Array.from(label.data, Number);
  const size = values.length / batch;
  const place = (i) => values.slice(i * size, (i + 1) * size);
  const ids = size === 1 ? values : numbers.map((_, i) => place(i).indexOf(Math.max(...place(i))));
  // A mixture of equal classes may be rounded.
  const [least, most] = [Math.min(...ids), Math.max(...ids)];
  return numbers.every((x) => x >= 0 && x <= 1) && numbers.some((x) => x < least - 0.001 || x > most + 0.001);
}

/** A few words on a value. */
function shown(value) {
  if (Array.isArray(value)) {
    const items = value.slice(0, 4).map(shown).join(", ");
    return `an array of ${value.length}: ${items}${value.length > 4 ? ", ..." : ""}`;
  }
  if (ArrayBuffer.isView(value)) return `one ${value.constructor.name} of ${value.length}`;
  if (typeof value === "string") return JSON.stringify(value);
  if (value === null || typeof value !== "object") return typeof value === "function" ? "a function" : String(value);
  return value.data && value.shape ? `an array [${value.shape.join(", ")}]` : `an object of ${Object.keys(value).join(", ")}`;
}

// Arrays

const TYPES = [
  ["|u1", Uint8Array], ["|u1", Uint8ClampedArray], ["|i1", Int8Array], ["<u2", Uint16Array], ["<i2", Int16Array],
  ["<u4", Uint32Array], ["<i4", Int32Array], ["<u8", BigUint64Array], ["<i8", BigInt64Array],
  ["<f4", Float32Array], ["<f8", Float64Array],
];
const OTHERS = { "<f2": Uint16Array, "|b1": Uint8Array };

/** The bytes, type, shape and number of values of what mix gave back. */
function encode(wrong, key, value, phase, given) {
  let data = value?.data ?? value;
  if (typeof data === "number") data = Float64Array.of(data);
  if (Array.isArray(data)) {
    if (!data.every((item) => typeof item === "number")) throw wrong(`gave back ${key} as ${shown(data)}, expected numbers`);
    data = Float64Array.from(data);
  }
  if (!ArrayBuffer.isView(data) || data instanceof DataView) {
    throw wrong(`gave back ${key} as ${shown(value)}, expected an array of numbers`);
  }
  let [descr] = TYPES.find(([, type]) => data instanceof type);
  // Bits of half precision, as they were given.
  if (key === "images" && descr === "<u2" && given.descr === "<f2") descr = "<f2";
  const { batch } = phase;
  const shapes = {
    images: given.shape,
    masks: [batch, phase.height, phase.width],
    rows: data.length === batch || data.length % batch !== 0 ? [data.length] : [batch, data.length / batch],
    bbox: data.length === 4 ? [4] : [batch, 4],
  };
  const shape = value?.shape ?? shapes[key] ?? (data.length === 1 && batch > 1 && key.startsWith("lam") ? [] : [data.length]);
  if (shape.reduce((a, b) => a * b, 1) !== data.length) {
    throw wrong(`gave back ${data.length} values of ${key}, expected those of the shape [${shape.join(", ")}]`);
  }
  // A copy: some implementations give the same buffer every time.
  return { descr, shape, length: data.length, bytes: Buffer.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)) };
}

function header(descr, shape) {
  const list = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${list}), }`;
  const padded = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11) + "\n";
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length & 255, padded.length >> 8]);
  return Buffer.concat([start, Buffer.from(padded, "latin1")]);
}

function readArray(source, key) {
  const entry = source.entries.get(`${key}.npy`);
  if (!entry) throw new AuditError(`probe: no key ${key}, expected one; is this a file of "cutmix-verify probe"?`);
  const bytes = entry();
  const long = bytes[6] !== 1;
  const at = long ? 12 : 10;
  const length = long ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8);
  const text = bytes.toString("latin1", at, at + length);
  const descr = /'descr': *'([^']+)'/.exec(text)?.[1];
  const shape = /'shape': *\(([^)]*)\)/.exec(text)?.[1].split(",").filter((side) => side.trim()).map(Number);
  const type = TYPES.find(([name]) => name === descr)?.[1] ?? OTHERS[descr];
  if (!type || !shape || !/'fortran_order': *False/.test(text)) {
    throw new AuditError(`probe: key ${key}: ${short(text)}, expected numbers in C order`);
  }
  const values = bytes.subarray(at + length);
  // A copy starts where its type needs it to.
  const data = new type(values.buffer.slice(values.byteOffset, values.byteOffset + values.length));
  return { descr, shape, data };
}

/** Part `index` along the first axis, as an array of its own. */
function part({ descr, shape, data }, index) {
  const rest = shape.slice(1);
  const length = rest.reduce((a, b) => a * b, 1);
  return { descr, dtype: descr.replace(/^[<|]/, ""), shape: rest, data: data.slice(index * length, (index + 1) * length) };
}

// Zip archives, with 64-bit sizes

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n >>> 0;
});
const crcOf = zlib.crc32
  ? (bytes, crc) => zlib.crc32(bytes, crc)
  : (bytes, crc) => {
      crc = ~crc;
      for (let i = 0; i < bytes.length; i++) crc = CRC[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
      return ~crc >>> 0;
    };

function openZip(file) {
  const fd = fs.openSync(file, "r");
  const read = (at, length) => {
    const bytes = Buffer.alloc(length);
    for (let done = 0; done < length; ) {
      const n = fs.readSync(fd, bytes, done, length - done, at + done);
      if (n === 0) throw new AuditError("probe: the file ends early");
      done += n;
    }
    return bytes;
  };
  const size = fs.fstatSync(fd).size;
  const tail = read(Math.max(0, size - 66000), Math.min(size, 66000));
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0) throw new AuditError("probe: not an .npz file");
  let [count, length, start] = [tail.readUInt16LE(end + 10), tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
  if (end >= 20 && tail.readUInt32LE(end - 20) === 0x07064b50) {
    const record = read(Number(tail.readBigUInt64LE(end - 12)), 56);
    [count, length, start] = [32, 40, 48].map((at) => Number(record.readBigUInt64LE(at)));
  }
  const directory = read(start, length);
  const entries = new Map();
  for (let at = 0; count > 0; count--) {
    const [method, nameLength, extraLength, commentLength] = [10, 28, 30, 32].map((field) => directory.readUInt16LE(at + field));
    let [packed, whole, offset] = [20, 24, 42].map((field) => directory.readUInt32LE(at + field));
    const name = directory.toString("utf8", at + 46, at + 46 + nameLength);
    for (let extra = at + 46 + nameLength; extra < at + 46 + nameLength + extraLength; ) {
      let field = extra + 4;
      const next = () => Number(directory.readBigUInt64LE((field += 8) - 8));
      if (directory.readUInt16LE(extra) === 1) {
        if (whole === 0xffffffff) whole = next();
        if (packed === 0xffffffff) packed = next();
        if (offset === 0xffffffff) offset = next();
      }
      extra += 4 + directory.readUInt16LE(extra + 2);
    }
    entries.set(name, () => {
      const local = read(offset, 30);
      const bytes = read(offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28), packed);
      return method === 8 ? zlib.inflateRawSync(bytes) : bytes;
    });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return { fd, entries };
}

function createZip(file, deflate) {
  const fd = fs.openSync(file, "wx");
  let at = 0;
  const write = (bytes) => {
    for (let done = 0; done < bytes.length; ) done += fs.writeSync(fd, bytes, done);
    at += bytes.length;
  };
  const directory = [];
  const long = (value) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    return bytes;
  };
  const extra = (values) => Buffer.concat([Buffer.from([1, 0, 8 * values.length, 0]), ...values.map(long)]);
  /** Version 4.5, method, a fixed date, checksum, sizes in the extra field, lengths. */
  const fields = (method, crc, name, extraLength) => {
    const bytes = Buffer.alloc(26);
    [45, 0, method, 0, 33].forEach((value, i) => bytes.writeUInt16LE(value, 2 * i));
    bytes.writeUInt32LE(crc, 10);
    bytes.writeUInt32LE(0xffffffff, 14);
    bytes.writeUInt32LE(0xffffffff, 18);
    bytes.writeUInt16LE(name.length, 22);
    bytes.writeUInt16LE(extraLength, 24);
    return bytes;
  };
  return {
    add(key, parts) {
      const crc = parts.reduce((sum, bytes) => crcOf(bytes, sum), 0) >>> 0;
      const whole = parts.reduce((sum, bytes) => sum + bytes.length, 0);
      // What is larger than a buffer can be is stored as it is.
      const packed = deflate && whole < 1 << 30 ? [zlib.deflateRawSync(Buffer.concat(parts), { level: 1 })] : parts;
      const method = packed === parts ? 0 : 8;
      const size = packed.reduce((sum, bytes) => sum + bytes.length, 0);
      const name = Buffer.from(key);
      const offset = at;
      const local = extra([whole, size]);
      write(Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), fields(method, crc, name, local.length), name, local]));
      packed.forEach(write);
      const central = extra([whole, size, offset]);
      const rest = Buffer.alloc(14);
      rest.writeUInt32LE(0xffffffff, 10);
      const start = Buffer.from([0x50, 0x4b, 1, 2, 45, 0]);
      directory.push(Buffer.concat([start, fields(method, crc, name, central.length), rest, name, central]));
    },
    finish() {
      const start = at;
      directory.forEach(write);
      const size = at - start;
      const record = Buffer.alloc(24);
      record.writeUInt32LE(0x06064b50);
      record.writeBigUInt64LE(44n, 4);
      record.writeUInt16LE(45, 12);
      record.writeUInt16LE(45, 14);
      const counts = [directory.length, directory.length, size, start].map(long);
      const locator = Buffer.concat([Buffer.from([0x50, 0x4b, 6, 7, 0, 0, 0, 0]), long(at), Buffer.from([1, 0, 0, 0])]);
      const end = Buffer.from([0x50, 0x4b, 5, 6, 0, 0, 0, 0, ...Array(12).fill(255), 0, 0]);
      write(Buffer.concat([record, ...counts, locator, end]));
    },
    close() {
      fs.closeSync(fd);
    },
  };
}

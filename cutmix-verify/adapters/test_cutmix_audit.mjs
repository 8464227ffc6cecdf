// Tests of cutmix_audit.mjs: node --test (needs the tool: CUTMIX_VERIFY, default cutmix-verify).

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const TOOL = process.env.CUTMIX_VERIFY ?? "cutmix-verify";
const HELPER = path.join(path.dirname(fileURLToPath(import.meta.url)), "cutmix_audit.mjs");

function inFolder(work) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "cutmix-js-"));
  try {
    work(folder);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

function probe(folder, ...options) {
  const file = path.join(folder, "probe.npz");
  const made = spawnSync(TOOL, ["probe", "-o", file, "--calls", "8", "--quiet", ...options]);
  assert.equal(made.status, 0, `${made.stderr}`);
  return file;
}

/** Runs an adapter whose mix is this text. */
function adapter(folder, mix, { args = [], input = "", options = "{}" } = {}) {
  const file = path.join(folder, "adapter.mjs");
  fs.writeFileSync(file, `import { run } from ${JSON.stringify(pathToFileURL(HELPER).href)};\nlet calls = 0;\nrun(${mix}, ${options});\n`);
  const found = spawnSync("node", [file, ...args], { input, cwd: folder, encoding: "utf8" });
  fs.rmSync(file);
  return found;
}

const KEEP = "({ images, labels }) => ({ images: images.data, target_a: labels, target_b: labels, lam: 1 })";

test("every type and layout comes out as it went in", () => {
  for (const options of [["--dtype", "u8"], ["--dtype", "u16"], ["--dtype", "f16"], ["--dtype", "bf16"], ["--dtype", "f64"],
    ["--layout", "nhwc"], ["--frames", "2"], ["--batch", "1"], ["--stored"], ["--masks"]]) {
    inFolder((folder) => {
      const made = adapter(folder, KEEP, { args: [probe(folder, ...options), "trace.npz"] });
      assert.equal(made.status, 0, made.stderr);
      const found = spawnSync(TOOL, ["check", "trace.npz", "--prob", "unknown"], { cwd: folder, encoding: "utf8" });
      assert.equal(found.status, 3, `${options}: ${found.stdout}${found.stderr}`);
      assert.match(found.stdout, /S08 .* ok +\d/);
      assert.deepEqual(fs.readdirSync(folder).sort(), ["probe.npz", "trace.npz"]);
    });
  }
});

test("rows, masks, a seed, and what else there is", () => inFolder((folder) => {
  const mix = `async ({ images, labels, masks, alpha, phase }) => {
    images.data[0] += phase.seed ?? 0;
    return { images: images.data, rows: labels, masks: masks.data, bbox: [0, 0, 0, 0], index: [0, 1, 2, 3, 4, 5, 6, 7], lam_raw: alpha };
  }`;
  const options = `{ labels: "rows", smoothing: 0, reseed: () => {} }`;
  const made = adapter(folder, mix, { args: [probe(folder, "--masks"), "trace.npz", "--alpha", "1"], options });
  assert.equal(made.status, 0, made.stderr);
  const found = spawnSync(TOOL, ["check", "trace.npz", "--prob", "unknown"], { cwd: folder, encoding: "utf8" });
  assert.equal(found.status, 3, found.stdout + found.stderr);
  for (const check of ["S10", "S11", "S14", "S15", "S19"]) assert.match(found.stdout, new RegExp(`${check} .* ok +\\d`));
}));

test("mistakes are one line", () => {
  const refused = (mix, ...parts) => inFolder((folder) => {
    const made = adapter(folder, mix, { args: [probe(folder), "trace.npz"] });
    assert.equal(made.status, 2, made.stderr);
    assert.equal(made.stderr.trimEnd().split("\n").length, 1, made.stderr);
    for (const part of parts) assert.ok(made.stderr.includes(part), `${part}: ${made.stderr}`);
    assert.deepEqual(fs.readdirSync(folder), ["probe.npz"]);
  });
  refused("() => null", "phase structure, call 0: mix gave back null, expected an object of images and rows");
  refused("({ images }) => [images.data, 1]", "an array of 2: one Float32Array of 23040, 1, expected an object");
  refused("() => ({})", "no images");
  refused("({ images }) => ({ image: images.data })", "an object with image, expected images and rows", "object boxes");
  refused("({ images }) => ({ images: images.data, lam: 1 })", "expected rows alone");
  refused("({ images }) => ({ images: images.data.slice(1) })", "23039 values of images", "shape [8, 3, 24, 40]");
  const keep = (more) => `({ images, labels }) => ({ images: images.data, target_a: labels, target_b: labels, lam: 1, ${more} })`;
  const shaped = (shape) => `{ data: new Float32Array(${shape.reduce((a, b) => a * b, 1)}), shape: [${shape}] }`;
  refused(keep(`lam: ${shaped([8, 1])}`), "lam of shape [8, 1] for 8 images: one axis too many, expected one number or [8]");
  refused(keep("target_b: [1, 2]"), "target_b of shape [2] for 8 images, expected [8]");
  refused(keep("lam: '0.5'"), "lam as \"0.5\", expected an array of numbers");
  refused(`({ images }) => ({ images: images.data, rows: ${shaped([8, 8, 4])} })`, "rows of shape [8, 8, 4] for 8 images: one axis too many, expected [8, K]");
  refused(`() => ({ images: ${shaped([4, 3, 24, 40])} })`, "images of shape [4, 3, 24, 40] for 8 images, expected 8 first", "half batches");
  refused("({ images }) => ({ images: images.data, rows: 0.5 })", "one number: weights and no classes");
  refused("({ images }) => ({ images: images.data, rows: new Float64Array(8).fill(0.5) })", "8 numbers from 0 to 1: weights");
  refused("({ images }) => ({ images: 'x' })", "expected an array of numbers");
  refused("({ images }) => ({ images: [[1], [2]] })", "expected numbers");
  refused("({ images }) => ({ images: calls++ < 2 ? images.data : Float64Array.from(images.data) })", "call 2: mix gave back images as <f8 [8, 3", "expected <f4");
  refused("({ images, labels }) => ({ images: images.data, index: calls++ < 1 ? labels : null })", "call 1: mix gave back no index");
  inFolder((folder) => {
    for (const [bytes, part] of [["nonsense", "not an .npz"], ["PK\x05\x06" + "\0".repeat(18), "no key meta"]]) {
      fs.writeFileSync(path.join(folder, "probe.npz"), bytes, "latin1");
      const made = adapter(folder, KEEP, { args: ["probe.npz", "trace.npz"] });
      assert.equal(made.status, 2, made.stderr);
      assert.ok(made.stderr.includes(part), made.stderr);
    }
  });
});

test("live rounds, whatever is printed", () => inFolder((folder) => {
  const mix = `({ images, labels, alpha }) => {
    console.log("from the console"); process.stdout.write("from the stream\\n");
    if (calls++ === 0) throw new RangeError("the first\\ncall fails");
    return { images: images.data, target_a: labels, target_b: labels, lam: alpha };
  }`;
  const trace = path.join(folder, "trace.npz");
  const request = (named) => JSON.stringify({ protocol: "cutmix-audit/1", ...named });
  const round = (n) => request({ round: n, alpha: 0.5, probe: probe(folder), trace });
  const lines = [request({ hello: true }), round(0), round(1), round(2), JSON.stringify({ protocol: "x" }), "nonsense"];
  const found = adapter(folder, mix, { input: `${lines.join("\n")}\n`, options: `{ name: "noisy" }` });
  assert.equal(found.status, 0, found.stderr);
  const answers = found.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(answers[0], { ok: true, adapter: { name: "noisy", version: "", declares: [] } });
  const raised = "phase structure, call 0: mix threw RangeError: the first call fails";
  assert.deepEqual(answers[1], { error: raised, phase: "structure", call: 0, raised: "RangeError" });
  assert.deepEqual(answers[2], { ok: true });
  assert.match(answers[3].error, /there already/);
  assert.ok(fs.existsSync(trace));
  assert.match(answers[4].error, /protocol x, expected cutmix-audit\/1/);
  assert.match(answers[5].error, /SyntaxError/);
  assert.equal(answers.length, 6);
  for (const text of ["from the console", "from the stream", "\ncutmix_audit: RangeError: the first call fails\n"]) assert.ok(found.stderr.includes(text), found.stderr);
}));

test("one number a sample is both targets", () => inFolder((folder) => {
  const mix = `({ images, labels }) => {
    const rows = Float64Array.from(labels, (id, i) => 0.7310585 * id + 0.2689415 * labels[(i + 1) % 8]);
    const data = images.data.slice(), size = data.length / 8, quarter = 240;
    for (let i = 0; i < 8; i++) for (let plane = 0; plane < size; plane += 960) {
      const from = ((i + 1) % 8) * size + plane;
      data.set(images.data.subarray(from, from + quarter), i * size + plane);
    }
    return { images: data, rows };
  }`;
  const made = adapter(folder, mix, { args: [probe(folder), "trace.npz"] });
  assert.equal(made.status, 0, made.stderr);
  const found = spawnSync(TOOL, ["check", "trace.npz"], { cwd: folder, encoding: "utf8" });
  assert.equal(found.status, 1, found.stdout + found.stderr);
  assert.match(found.stdout, /^LABEL_NUMERIC: .*\n +6\d of 64/m);
}));

test("what a package prints at its import is no answer", () => inFolder((folder) => {
  const text = `
    import { execSync } from "node:child_process";
    import fs, { writeSync } from "node:fs";
    import { promisify } from "node:util";
    console.log("the console"); process.stdout.write("the stream\\n"); writeSync(1, "the descriptor\\n");
    await promisify(fs.write)(1, "a promise\\n").then(({ bytesWritten }) => console.log(bytesWritten + " bytes"));
    execSync("true");`;
  fs.writeFileSync(path.join(folder, "loud.mjs"), text);
  const file = path.join(folder, "adapter.mjs");
  const helper = JSON.stringify(pathToFileURL(HELPER).href);
  fs.writeFileSync(file, `import { run } from ${helper};\nimport "./loud.mjs";\nrun(${KEEP}, {});\n`);
  const input = `${JSON.stringify({ protocol: "cutmix-audit/1", hello: true })}\n`;
  const found = spawnSync("node", [file], { input, encoding: "utf8" });
  assert.equal(found.stdout, `${JSON.stringify({ ok: true, adapter: { name: "", version: "", declares: [] } })}\n`, found.stderr);
  for (const part of ["the console", "the stream", "the descriptor", "a promise", "10 bytes"]) {
    assert.ok(found.stderr.includes(part), found.stderr);
  }
}));

test("an error that nobody catches is the last line, and an answer", () => inFolder((folder) => {
  const last = (found) => found.stderr.trimEnd().split("\n").at(-1);
  const file = path.join(folder, "adapter.mjs");
  const helper = JSON.stringify(pathToFileURL(HELPER).href);
  fs.writeFileSync(file, `import { run } from ${helper};\nthrow new TypeError("no\\nweights");\n`);
  const top = spawnSync("node", [file], { input: "", encoding: "utf8" });
  assert.deepEqual([top.status, top.stdout, last(top)], [1, "", "cutmix_audit: TypeError: no weights"], top.stderr);
  const options = adapter(folder, KEEP, { options: `{ labels: "row" }` });
  assert.deepEqual([options.status, last(options)], [1, "cutmix_audit: Error: labels is row, expected ids, rows or none"]);
  const mix = `() => new Promise(() => setTimeout(() => { throw new RangeError("late"); }, 10))`;
  const trace = path.join(folder, "trace.npz");
  const round = JSON.stringify({ protocol: "cutmix-audit/1", round: 0, alpha: 1, probe: probe(folder), trace });
  const late = adapter(folder, mix, { input: `${round}\n` });
  assert.deepEqual([late.status, JSON.parse(late.stdout), last(late)], [1, { error: "RangeError: late" }, "cutmix_audit: RangeError: late"]);
}));

test("labels as they are after the call, where they are asked for", () => inFolder((folder) => {
  const trace = path.join(folder, "trace.npz");
  const round = JSON.stringify({ protocol: "cutmix-audit/1", round: 0, alpha: 1, probe: probe(folder), trace });
  const after = (options) => {
    const mix = KEEP.replace("=> (", "=> (labels[0] = 3, ");
    const made = adapter(folder, mix, { input: `${round}\n`, options });
    assert.deepEqual(JSON.parse(made.stdout), { ok: true }, made.stderr);
    const bytes = fs.readFileSync(trace);
    fs.rmSync(trace);
    // Live, arrays are stored as they are.
    const at = bytes.indexOf("structure_labels_after.npy");
    const start = bytes.indexOf("\n", bytes.indexOf("NUMPY", at)) + 1;
    return at < 0 ? null : [bytes.toString("latin1", at, start), bytes.readInt32LE(start), bytes.readInt32LE(start + 32)];
  };
  assert.equal(after("{}"), null);
  const [text, first, second] = after("{ labelsAfter: true }");
  assert.match(text, /'<i4'.*\(8, 8\)/s);
  assert.deepEqual([first, second], [3, 3]);
}));

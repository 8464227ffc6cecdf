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
  refused("() => null", "phase structure, call 0", "expected an object");
  refused("() => ({})", "no images");
  refused("({ images }) => ({ image: images.data })", "key image, expected one of");
  refused("({ images }) => ({ images: images.data, lam: 1 })", "expected rows alone");
  refused("({ images }) => ({ images: images.data.slice(1) })", "shape [8,3,24,40]");
  refused("({ images }) => ({ images: 'x' })", "expected an array of numbers");
  refused("({ images }) => ({ images: [[1], [2]] })", "expected numbers");
  refused("({ images }) => ({ images: calls++ < 2 ? images.data : Float64Array.from(images.data) })", "call 2", "expected <f4");
  refused("({ images, labels }) => ({ images: images.data, index: calls++ < 1 ? labels : null })", "call 1: no index");
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
  assert.deepEqual(answers[1], { error: "RangeError: the first call fails" });
  assert.deepEqual(answers[2], { ok: true });
  assert.match(answers[3].error, /there already/);
  assert.ok(fs.existsSync(trace));
  assert.match(answers[4].error, /protocol x, expected cutmix-audit\/1/);
  assert.match(answers[5].error, /SyntaxError/);
  assert.equal(answers.length, 6);
  for (const text of ["from the console", "from the stream"]) assert.ok(found.stderr.includes(text), found.stderr);
}));

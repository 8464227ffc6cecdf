// A CutMix in JavaScript, and the ten lines that show it to the auditor.
//
// cutmix-verify check --exec "node js_cutmix.mjs" --alpha 1

import { run } from "../cutmix_audit.mjs";

let state = 2019;
/** mulberry32: enough for an example. */
function uniform() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

/** One box for the batch; every image takes it from the one before. alpha = 1: lambda is uniform. */
function cutmix(images, [batch, channels, height, width]) {
  const root = Math.sqrt(1 - uniform());
  const [halfW, halfH] = [Math.trunc(width * root) >> 1, Math.trunc(height * root) >> 1];
  const [x, y] = [Math.trunc(uniform() * width), Math.trunc(uniform() * height)];
  const [x0, x1] = [Math.max(x - halfW, 0), Math.min(x + halfW, width)];
  const [y0, y1] = [Math.max(y - halfH, 0), Math.min(y + halfH, height)];
  const out = images.slice();
  const size = channels * height * width;
  for (let i = 0; i < batch; i++) {
    const partner = (i + batch - 1) % batch;
    for (let c = 0; c < channels; c++) {
      for (let row = y0; row < y1; row++) {
        const at = (c * height + row) * width;
        out.set(images.subarray(partner * size + at + x0, partner * size + at + x1), i * size + at + x0);
      }
    }
  }
  return { out, lam: 1 - ((x1 - x0) * (y1 - y0)) / (width * height) };
}

run(({ images, labels }) => {
  const { out, lam } = cutmix(images.data, images.shape);
  const partner = labels.map((_, i) => labels[(i + labels.length - 1) % labels.length]);
  return { images: out, target_a: labels, target_b: partner, lam };
}, { name: "js cutmix", version: "1", declares: ["fixed_alpha"] });

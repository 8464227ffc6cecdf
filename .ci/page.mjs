// Tries the page in headless Chromium, over the browser's own debugging pipe: node page.mjs CHROMIUM FOLDER MIX [PICTURE]
// FOLDER holds index.html; MIX is the native cutmix-verify. PICTURE is where the picture of the page for README.md goes.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inflateSync } from 'node:zlib';

const [chromium, folder, mix, picture] = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), 'page-'));
const assets = 'cutmix-verify/assets';
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

// --- the browser -----------------------------------------------------------------------------------------------

const browser = spawn(chromium, ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--hide-scrollbars',
  '--force-color-profile=srgb', `--user-data-dir=${join(scratch, 'profile')}`, '--remote-debugging-pipe'],
{ stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
const finish = (code) => {
  browser.kill('SIGKILL');
  sleep(200).then(() => {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
    process.exit(code);
  });
};
browser.on('error', (error) => { console.log(`FAILED: ${chromium}: ${error.message}`); finish(1); });
setTimeout(() => { console.log('FAILED: no end after five minutes'); finish(1); }, 300_000).unref();

const waiting = new Map();
const listeners = new Map();
let last = 0;
let text = '';
browser.stdio[4].setEncoding('utf8').on('data', (chunk) => {
  const messages = (text + chunk).split('\0');
  text = messages.pop();
  for (const { id, sessionId, method, params, result, error } of messages.map(JSON.parse)) {
    if (id === undefined) listeners.get(sessionId)?.(method, params);
    else if (error) waiting.get(id).failed(new Error(`${waiting.get(id).method}: ${error.message}`));
    else waiting.get(id).done(result);
    waiting.delete(id);
  }
});
const send = (method, params = {}, sessionId = undefined) => new Promise((done, failed) => {
  waiting.set(++last, { method, done, failed });
  browser.stdio[3].write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
});

// A tab that shows a page, with everything it complains of and asks the network for.
async function open(url, { width, height, phone, bypass }) {
  const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
  const tab = { complaints: [], requests: [], phone, failures: [], seen: new Set(), send: (method, params) => send(method, params, sessionId) };
  listeners.set(sessionId, (method, params) => {
    if (method === 'Runtime.exceptionThrown') tab.complaints.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    if (method === 'Runtime.consoleAPICalled' && ['error', 'warning', 'assert'].includes(params.type)) tab.complaints.push(JSON.stringify(params.args));
    if (method === 'Log.entryAdded') tab.complaints.push(params.entry.text);
    if (method === 'Network.requestWillBeSent') tab.requests.push(params.request.url);
  });
  for (const domain of ['Runtime', 'Log', 'Network', 'Page', 'DOM']) await tab.send(`${domain}.enable`);
  await tab.send('Network.emulateNetworkConditions', { offline: true, latency: 0, downloadThroughput: 0, uploadThroughput: 0 });
  await tab.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: phone ? 2 : 1, mobile: phone });
  await tab.send('Emulation.setTouchEmulationEnabled', { enabled: phone });
  if (bypass) await tab.send('Page.setBypassCSP', { enabled: true });
  await tab.send('Page.navigate', { url });
  tab.run = async (expression) => {
    const { result, exceptionDetails } = await tab.send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  tab.expect = (good, what) => { if (!good) tab.failures.push(what); };
  tab.close = () => send('Target.closeTarget', { targetId });
  for (let i = 0; i < 100; i++) {
    if (await tab.run('document.body?.dataset.ready === "true"')) return tab;
    await sleep(100);
  }
  throw new Error(`the page does not start: ${tab.complaints}`);
}

// --- hands -----------------------------------------------------------------------------------------------------

// Two frames: one to hear of an event, one to draw.
const settle = (tab) => tab.run('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))');

async function place(tab, selector, fraction = 0.5) {
  await tab.run(`document.querySelector(${JSON.stringify(selector)}).scrollIntoView({ block: 'center' })`);
  await settle(tab);
  return tab.run(`(() => { const e = document.querySelector(${JSON.stringify(selector)});
    const r = e.getBoundingClientRect(); return { x: r.x + r.width * ${fraction}, y: r.y + r.height / 2 }; })()`);
}

async function tap(tab, selector, fraction) {
  const point = await place(tab, selector, fraction);
  if (tab.phone) {
    await tab.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [point] });
    await tab.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  } else {
    for (const type of ['mousePressed', 'mouseReleased']) await tab.send('Input.dispatchMouseEvent', { type, ...point, button: 'left', clickCount: 1 });
  }
  await settle(tab);
}

async function drag(tab, selector, from, to) {
  const [start, end] = [await place(tab, selector, from), await place(tab, selector, to)];
  const steps = [0, 0.25, 0.5, 0.75, 1].map((t) => ({ x: start.x + (end.x - start.x) * t, y: start.y }));
  if (tab.phone) {
    await tab.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [steps[0]] });
    for (const point of [...steps, end]) {
      await sleep(60); // A finger that stands still when it is lifted: no fling, which would swallow the next tap.
      await tab.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [point] });
    }
    await sleep(150);
    await tab.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  } else {
    await tab.send('Input.dispatchMouseEvent', { type: 'mousePressed', ...steps[0], button: 'left', clickCount: 1 });
    for (const point of steps) await tab.send('Input.dispatchMouseEvent', { type: 'mouseMoved', ...point, button: 'left', buttons: 1 });
    await tab.send('Input.dispatchMouseEvent', { type: 'mouseReleased', ...end, button: 'left', clickCount: 1 });
  }
  await settle(tab);
}

async function press(tab, key, times = 1) {
  const windowsVirtualKeyCode = { ArrowLeft: 37, ArrowRight: 39, Tab: 9 }[key];
  for (let i = 0; i < times; i++) {
    for (const type of ['keyDown', 'keyUp']) await tab.send('Input.dispatchKeyEvent', { type, key, code: key, windowsVirtualKeyCode });
  }
  await settle(tab);
}

async function type(tab, selector, value) {
  await tab.run(`document.querySelector(${JSON.stringify(selector)}).select()`);
  await tab.send('Input.insertText', { text: value });
  await settle(tab);
}

// --- what the page shows against what the native tool makes -----------------------------------------------------

// RGB of a PNG of 8 bits, as the tool writes it.
function pixels(png) {
  const [chunks, width, height] = [[], png.readUInt32BE(16), png.readUInt32BE(20)];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') chunks.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const bpp = { 0: 1, 2: 3 }[png[25]];
  const [raw, row] = [inflateSync(Buffer.concat(chunks)), width * bpp];
  const out = Buffer.alloc(row * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < row; x++) {
      const a = x < bpp ? 0 : out[y * row + x - bpp];
      const b = y === 0 ? 0 : out[(y - 1) * row + x];
      const c = x < bpp || y === 0 ? 0 : out[(y - 1) * row + x - bpp];
      const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
      const guess = [0, a, b, (a + b) >> 1, pa <= pb && pa <= pc ? a : pb <= pc ? b : c][raw[y * (row + 1)]];
      out[y * row + x] = raw[y * (row + 1) + 1 + x] + guess;
    }
  }
  return { width, height, bytes: out };
}

async function canvas(tab, id) {
  const { width, height, data } = await tab.run(`(() => { const c = document.getElementById('${id}');
    const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let text = '';
    for (let i = 0; i < d.length; i += 4) text += String.fromCharCode(d[i], d[i + 1], d[i + 2]);
    return { width: c.width, height: c.height, data: btoa(text) }; })()`);
  return { width, height, bytes: Buffer.from(data, 'base64') };
}

// Holds what is on the page against `cutmix-verify mix` of the pictures on the page, with the values on its controls.
async function compare(tab, wanted = {}) {
  const state = await tab.run(`Object.fromEntries([
    ...['method', 'rule', 'fill'].map((name) => [name, document.querySelector('input[name=' + name + ']:checked').value]),
    ...['alpha-value', 'w-a', 'w-b', 'ratio', 'box', 'lambda', 'command'].map((id) => [id, document.getElementById(id).textContent]),
    ...['seed-value', 'epoch', 'index', 'colour'].map((id) => [id, document.getElementById(id).value]),
    ['alert', document.getElementById('alert').hidden]])`);
  const at = `${state.method} ${state.rule} ${state.fill} alpha ${state['alpha-value']} seed ${state['seed-value']} epoch ${state.epoch} index ${state.index}`;
  for (const [name, value] of Object.entries(wanted)) tab.expect(state[name] === value, `${name} is ${state[name]}, not ${value} as chosen`);
  tab.expect(state.alert, `${at}: the page complains`);
  const shown = {};
  for (const id of ['base', 'donor', 'mixed', 'mask']) shown[id] = await canvas(tab, id);
  for (const id of ['base', 'donor']) {
    const { width, height, bytes } = shown[id];
    writeFileSync(join(scratch, `${id}.ppm`), Buffer.concat([Buffer.from(`P6 ${width} ${height} 255\n`), bytes]));
  }
  const own = state.command.includes(' A.png ');
  const files = own ? ['A.png', 'B.png'] : [`${assets}/chelsea.png`, `${assets}/coffee.png`, '--resize'];
  const colour = state.colour.match(/[0-9a-f]{2}/g).map((digits) => parseInt(digits, 16)).join(',');
  const options = ['--method', state.method, ...(state.method === 'mixup' ? [] : ['--rule', state.rule]),
    ...(state.method === 'cutout' ? ['--fill', state.fill === 'constant' ? colour : state.fill] : []),
    '--alpha', state['alpha-value'], '--seed', state['seed-value'], '--epoch', state.epoch, '--index', state.index];
  const command = ['cutmix-verify', 'mix', ...files, '-o', 'mixed.png', ...options];
  tab.expect(state.command.trim() === command.join(' '), `${at}: the command is ${state.command}`);
  // The command as it is shown; pictures of the user's own as the page scaled them.
  const [out, mask] = [join(scratch, 'mixed.png'), join(scratch, 'mask.png')];
  const paths = { 'A.png': join(scratch, 'base.ppm'), 'B.png': join(scratch, 'donor.ppm'), 'mixed.png': out };
  const said = execFileSync(mix, [...command.slice(1).map((part) => paths[part] ?? part), '--mask', mask], { encoding: 'utf8' });
  const native = pixels(readFileSync(out));
  const [ours, theirs] = [sha256(shown.mixed.bytes), sha256(native.bytes)];
  tab.seen.add(ours);
  tab.expect(ours === theirs && shown.mixed.width === native.width, `${at}: the picture is ${ours.slice(0, 16)}, but natively ${theirs.slice(0, 16)}`);
  const [, lambda] = said.match(/^lambda +(\S+)/m);
  const [, ratio, kept, total] = said.match(/^lambda' +((\d+)\/(\d+))/m);
  const [, box] = said.match(/^box +(.*)$/m);
  tab.expect(Number(state.lambda) === Number(lambda), `${at}: lambda is ${state.lambda}, but natively ${lambda}`);
  tab.expect(state.ratio === ratio, `${at}: the label is ${state.ratio}, but natively ${ratio}`);
  const expected = state.method === 'mixup' ? 'none' : box === '[0, 0) x [0, 0)' ? 'empty' : box;
  tab.expect(state.box === expected, `${at}: the box is ${state.box}, but natively ${box}`);
  const [wa, wb] = [state['w-a'], state['w-b']].map((digits) => Math.fround(Number(digits)));
  tab.expect(wa === Math.fround(kept / total), `${at}: A weighs ${wa}, which is not ${ratio}`);
  tab.expect(Math.fround(wa + wb) === 1, `${at}: the weights ${wa} and ${wb} do not add up to 1`);
  const whites = state.method === 'mixup' ? Buffer.alloc(native.width * native.height, Math.round(255 * kept / total)) : pixels(readFileSync(mask)).bytes;
  tab.expect(whites.every((white, i) => shown.mask.bytes[3 * i] === white), `${at}: the mask differs`);
}

// What has to hold at any time.
async function sound(tab, width) {
  const seen = await tab.run(`({ scroll: document.documentElement.scrollWidth, inner: innerWidth,
    small: [...document.querySelectorAll('button, input, .pick')].filter((e) => e.getBoundingClientRect().height < 24).map((e) => e.id || e.className || e.value),
    clipped: [...document.querySelectorAll('output, pre, dd, label span')].filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline').map((e) => e.id || e.textContent) })`);
  tab.expect(seen.scroll <= width && seen.inner === width, `the page is ${seen.scroll} wide in a window of ${seen.inner}, wanted ${width}`);
  tab.expect(seen.small.length === 0, `too small to be hit: ${seen.small}`);
  tab.expect(seen.clipped.length === 0, `cut off: ${seen.clipped}`);
  const { nodes } = await tab.send('Accessibility.getFullAXTree');
  const nameless = nodes.filter(({ role, name, ignored }) => !ignored && ['slider', 'radio', 'textbox', 'button', 'ColorWell', 'image'].includes(role?.value) && !name?.value);
  tab.expect(nodes.length > 20 && nameless.length === 0, `without a name: ${nameless.map(({ role }) => role.value)}`);
  tab.expect(tab.complaints.length === 0, `the console: ${tab.complaints}`);
  const outside = tab.requests.filter((url) => !/^(file|data|blob):/.test(url));
  tab.expect(outside.length === 0 && tab.requests.filter((url) => url.startsWith('file:')).length === 1, `requests: ${tab.requests.map((url) => url.slice(0, 80))}`);
}

async function shoot(tab, name, { format = 'png', scale = 1 } = {}) {
  await tab.run('scrollTo(0, 0)');
  const quality = format === 'jpeg' ? { quality: 82 } : {};
  const clip = await tab.run(`({ x: 0, y: 0, scale: ${scale}, width: innerWidth, height: document.documentElement.scrollHeight })`);
  const { data } = await tab.send('Page.captureScreenshot', { format, captureBeyondViewport: true, clip, ...quality });
  writeFileSync(join(folder, name), Buffer.from(data, 'base64'));
  await sleep(300); // The window has its old size again.
}

// --- the visits ------------------------------------------------------------------------------------------------

const url = (name) => pathToFileURL(resolve(name)).href;

async function quick(tab, width) {
  await compare(tab, { method: 'cutmix', rule: 'paper', 'alpha-value': '1', 'seed-value': '7', index: '41' });
  await tap(tab, 'input[value=official]');
  await compare(tab, { rule: 'official' });
  await drag(tab, '#alpha', 0.59, 0.15);
  await compare(tab);
  await sound(tab, width);
}

async function visit(kind, width, height, phone) {
  const tab = await open(url(join(folder, 'index.html')), { width, height, phone });
  tab.expect(await tab.run('document.getElementById("level").textContent') === 'simd128', 'the kernels are not those of simd128');
  for (const id of ['base', 'donor']) {
    const file = pixels(readFileSync(join(folder, `${id}.png`)));
    tab.expect(sha256((await canvas(tab, id)).bytes) === sha256(file.bytes), `the pixels of ${id} are not those of its file`);
  }
  await quick(tab, width);
  for (const rule of ['paper', 'official', 'full-extent']) {
    await tap(tab, `input[value=${rule}]`);
    await drag(tab, '#seed', 0.2, { paper: 0.4, official: 0.65, 'full-extent': 0.9 }[rule]);
    await drag(tab, '#alpha', 0.5, { paper: 0.05, official: 0.45, 'full-extent': 0.97 }[rule]);
    await compare(tab, { rule });
    const index = await tab.run('document.getElementById("index").value');
    await tap(tab, '#next');
    await compare(tab, { rule, index: String(Number(index) + 1) });
  }
  await tap(tab, 'input[value=mixup]');
  await compare(tab, { method: 'mixup' });
  tab.expect(await tab.run('document.getElementById("rules").disabled'), 'Mixup has no box, but a rule can be chosen');
  await type(tab, '#seed-value', '18446744073709551615');
  await type(tab, '#epoch', '3');
  await compare(tab, { method: 'mixup', 'seed-value': '18446744073709551615', epoch: '3' });
  await tap(tab, 'input[value=cutout]');
  for (const fill of ['black', 'constant', 'noise']) {
    await tap(tab, `input[value=${fill}]`);
    await compare(tab, { method: 'cutout', fill });
  }
  if (phone) await shoot(tab, 'phone-noise.png');
  // Everything by the keyboard alone.
  await tab.run('document.querySelector("input[value=cutout]").focus()');
  await press(tab, 'ArrowLeft', 2);
  await compare(tab, { method: 'cutmix' });
  await tab.run('document.getElementById("alpha").focus()');
  const before = await tab.run('document.getElementById("alpha-value").textContent');
  await press(tab, 'ArrowLeft', 9);
  await compare(tab);
  tab.expect(await tab.run('document.getElementById("alpha-value").textContent') !== before, 'the arrow keys do not move alpha');
  await press(tab, 'Tab');
  tab.expect(await tab.run('document.activeElement.id') === 'seed-value', 'Tab does not go from alpha to seed');
  await sound(tab, width);

  // What cannot be used is said, and the picture stays.
  const same = async (what) => {
    tab.expect(!await tab.run('document.getElementById("alert").hidden'), `nothing is said about ${what}`);
    tab.expect(tab.seen.has(sha256((await canvas(tab, 'mixed')).bytes)), `the picture changed with ${what}`);
  };
  await type(tab, '#index', '18446744073709551616');
  await same('an index of 2^64');
  await type(tab, '#index', '5');
  await compare(tab, { index: '5' });
  const give = async (side, file) => {
    const { root } = await tab.send('DOM.getDocument');
    const { nodeId } = await tab.send('DOM.querySelector', { nodeId: root.nodeId, selector: `#file-${side}` });
    await tab.send('DOM.setFileInputFiles', { nodeId, files: [resolve(file)] });
    await sleep(400);
    await settle(tab);
  };
  await give('donor', 'Cargo.toml');
  await same('a donor that is no picture');
  const old = (await canvas(tab, 'base')).width;
  await give('base', join(assets, 'rocket.jpg'));
  await compare(tab);
  tab.expect((await canvas(tab, 'base')).width === 640 && old === 451, 'the own photograph is not the base');
  await give('donor', join(assets, 'coffee.png'));
  await compare(tab);
  tab.expect((await tab.run('document.getElementById("command").textContent')).includes(' A.png B.png '), 'the command names the wrong pictures');
  tab.requests = tab.requests.filter((request) => !request.startsWith('blob:'));
  await sound(tab, width);

  await tab.send('Page.reload');
  await sleep(1000);
  tab.requests.splice(0, tab.requests.length - 1);
  await shoot(tab, `${kind}.png`);
  if (picture && !phone) {
    await shoot(tab, 'readme.jpg', { format: 'jpeg', scale: 0.75 });
    copyFileSync(join(folder, 'readme.jpg'), picture);
  }
  const ground = 'getComputedStyle(document.body).backgroundColor.match(/\\d+/g).reduce((sum, c) => sum + Number(c), 0)';
  const light = await tab.run(ground);
  await tab.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: 'dark' }] });
  const dark = await tab.run(ground);
  tab.expect(light > 600 && dark < 150, `light and dark are ${light} and ${dark}`);
  await shoot(tab, `${kind}-dark.png`);
  tab.expect(tab.seen.size >= 12, `only ${tab.seen.size} pictures were different`);
  await tab.close();
  console.log(`${kind} (${width}x${height}): ${tab.seen.size} pictures, ${tab.failures.length} failures`);
  tab.failures.forEach((failure) => console.log(`  ${failure}`));
  return tab.failures.length;
}

// Defects of the page: name, what is replaced, by what, and the check that has to find it.
const planted = [
  ['base and donor swapped', "['base', 'donor'].map((id) => context", "['donor', 'base'].map((id) => context", 'the picture'],
  ['epoch and index swapped', 'alpha(), ...key)', 'alpha(), key[0], key[2], key[1])', 'the picture'],
  ['the rule is ignored', 'photographs.mix(method, rule,', "photographs.mix(method, 'paper',", 'the picture'],
  ['alpha is ignored', 'paint, alpha(), ...key', 'paint, 1, ...key', 'the picture'],
  ['the weights swapped', '[wa, wb]', '[wb, wa]', 'A weighs'],
  ['lambda instead of the label', "`${label[0]}/${label[1]}`", '`${Math.round(mixed.lambda * Number(label[1]))}/${label[1]}`', 'the label'],
  ['the mask is not redrawn', "show($('mask'), mixed.mask()", "$('mask').width === width || show($('mask'), mixed.mask()", 'the mask'],
  ['a pixel of the picture', "show($('mixed'), mixed.picture()", "show($('mixed'), mixed.picture().map((v, i) => i === 4000 ? v ^ 1 : v)", 'the picture'],
  ['a request', "'use strict';", "'use strict'; fetch('http://127.0.0.1:9/').catch(() => {});", 'requests'],
  ['an error in the console', "'use strict';", "'use strict'; console.error('planted');", 'the console'],
  ['too wide for a phone', 'main { display: grid;', 'main { display: grid; min-width: 23rem;', 'the page is'],
  ['a slider without a name', '<label for="alpha">', '<label>', 'without a name'],
];

async function plant([name, from, to, check]) {
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  if (!page.includes(from)) return `${name}: the page no longer has ${from}`;
  const path = join(scratch, 'planted.html');
  writeFileSync(path, page.replace(from, () => to));
  const tab = await open(url(path), { width: 360, height: 740, phone: true, bypass: true });
  await quick(tab, 360);
  await tab.close();
  const found = tab.failures.find((failure) => failure.includes(check));
  console.log(`planted: ${name}: ${found?.slice(0, 150) ?? 'NOT FOUND'}`);
  return found ? undefined : `${name} was not found, but ${tab.failures.length} other failures`;
}

try {
  const { product } = await send('Browser.getVersion');
  console.log(`${product}, node ${process.version}`);
  let failures = await visit('desktop', 1280, 900, false) + await visit('phone', 360, 740, true);
  for (const defect of planted) {
    const missed = await plant(defect);
    if (missed) {
      console.log(`FAILED: ${missed}`);
      failures++;
    }
  }
  console.log(failures ? `FAILED: ${failures}` : `the page is right; ${planted.length} planted defects were found`);
  finish(failures ? 1 : 0);
} catch (error) {
  console.log(`FAILED: ${error.stack}`);
  finish(1);
}

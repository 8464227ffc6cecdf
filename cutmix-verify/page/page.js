'use strict';
/* GLUE */
(async () => {
  const MODULE = '@MODULE@';
  const PICTURES = { base: '@BASE@', donor: '@DONOR@' };
  const LARGEST = 640; // Pixels of the longer side that a picture of the user's keeps.
  const $ = (id) => document.getElementById(id);
  const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

  // Errors are told on the page, as text.
  const complain = (message) => {
    $('alert').textContent = message;
    $('alert').hidden = !message;
  };

  // --- pictures ------------------------------------------------------------------------------------------------

  const context = (canvas) => canvas.getContext('2d', { willReadFrequently: true });

  // No conversion of colours and no premultiplied opacity: the pixels of the file.
  const decode = (blob) => createImageBitmap(blob, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });

  // Draws a picture over all of a canvas, what sticks out cut off evenly; on white, where it lets something through.
  const paint = (canvas, picture, width, height) => {
    canvas.width = width;
    canvas.height = height;
    const scale = Math.max(width / picture.width, height / picture.height);
    const [w, h] = [picture.width * scale, picture.height * scale];
    const to = context(canvas);
    to.imageSmoothingQuality = 'high';
    to.fillStyle = '#fff';
    to.fillRect(0, 0, width, height);
    to.drawImage(picture, (width - w) / 2, (height - h) / 2, w, h);
  };

  const pictures = {};
  let own = false;
  let photographs;

  // The donor takes the size of the base.
  const arrange = () => {
    const { base, donor } = pictures;
    const scale = Math.min(1, LARGEST / Math.max(base.width, base.height));
    const size = [base.width, base.height].map((side) => Math.max(1, Math.round(side * scale)));
    paint($('base'), base, ...size);
    paint($('donor'), donor, ...size);
    const pixels = ['base', 'donor'].map((id) => context($(id)).getImageData(0, 0, ...size).data);
    photographs?.free();
    photographs = new wasm_bindgen.Photographs(size[0], ...pixels.map((data) => new Uint8Array(data.buffer)));
  };

  const choose = async (side, file) => {
    if (!file) return;
    let picture;
    try {
      picture = await decode(file);
    } catch {
      complain(`${file.name} is not a picture that this browser can read.`);
      return;
    }
    pictures[side] = picture;
    own = true;
    arrange();
    draw();
  };

  // --- controls ------------------------------------------------------------------------------------------------

  const chosen = (name) => document.querySelector(`input[name=${name}]:checked`).value;

  // A whole number below 2^64, or nothing; the field says which.
  const whole = (id) => {
    const text = $(id).value.trim();
    const good = /^[0-9]{1,20}$/.test(text) && BigInt(text) < 2n ** 64n;
    $(id).setAttribute('aria-invalid', String(!good));
    return good ? BigInt(text) : undefined;
  };

  // The slider is logarithmic, a step a tenth of an octave: 1/2, 1 and 2 are met exactly, the others have three digits.
  const alpha = () => Number((2 ** Number($('alpha').value)).toPrecision(3));

  const fill = () => {
    const value = chosen('fill');
    if (value !== 'constant') return value;
    return $('colour').value.match(/[0-9a-f]{2}/gi).map((digits) => parseInt(digits, 16)).join(',');
  };

  // --- what is shown -------------------------------------------------------------------------------------------

  const show = (canvas, rgba, width, height) => {
    canvas.width = width;
    canvas.height = height;
    context(canvas).putImageData(new ImageData(new Uint8ClampedArray(rgba), width, height), 0, 0);
  };

  const because = (method, drawn, kept, weight, empty) => {
    if (method === 'mixup') return `Every pixel is blended, and the label gets the weight the pixels got: lambda on a grid of 1/${kept[1]}.`;
    if (method === 'cutout') return `Cutout leaves the label alone, although ${kept[0]} of ${kept[1]} pixels are left of A.`;
    if (empty) return 'The box came out without a pixel: the picture and its label are those of A.';
    const clipped = (weight - drawn).toFixed(3);
    return `The label counts pixels, whatever lambda was: ${weight.toPrecision(3)} of A is kept, and ${drawn.toPrecision(3)} was drawn`
      + (Math.abs(weight - drawn) < 0.01 ? '.' : ` (${clipped > 0 ? '+' : ''}${clipped}: the box was cut off at the border, or rounded to pixels).`);
  };

  const draw = () => {
    const [method, rule, paint] = [chosen('method'), chosen('rule'), fill()];
    $('rules').disabled = method === 'mixup';
    $('fills').disabled = method !== 'cutout';
    $('colour').disabled = chosen('fill') !== 'constant';
    $('alpha-value').textContent = alpha();
    $('alpha').setAttribute('aria-valuetext', `alpha ${alpha()}`);
    const key = ['seed-value', 'epoch', 'index'].map(whole);
    if (key.includes(undefined)) {
      complain('Seed, epoch and index are whole numbers from 0 to 18446744073709551615.');
      return;
    }
    complain('');
    const mixed = photographs.mix(method, rule, paint, alpha(), ...key);
    const { width, height } = $('base');
    const [x0, y0, x1, y1] = mixed.patch;
    const [kept, label, [wa, wb], empty] = [[...mixed.kept], [...mixed.label], mixed.weights, x0 === x1];
    show($('mixed'), mixed.picture(), width, height);
    show($('mask'), mixed.mask(), width, height);
    $('w-a').textContent = wa.toPrecision(9);
    $('w-b').textContent = wb.toPrecision(9);
    $('bar-base').style.width = `${100 * wa}%`;
    $('bar').setAttribute('aria-label', `Label: A ${wa.toPrecision(3)}, B ${wb.toPrecision(3)}`);
    $('ratio').textContent = `${label[0]}/${label[1]}`;
    $('box').textContent = method === 'mixup' ? 'none' : empty ? 'empty' : `[${x0}, ${x1}) x [${y0}, ${y1})`;
    $('lambda').textContent = mixed.lambda;
    $('why').textContent = because(method, mixed.lambda, kept, wa, empty);
    $('mask-caption').textContent = method === 'mixup' ? 'The weight of A: the same everywhere' : 'M: white is kept, black is replaced';
    const options = [`--method ${method}`, method !== 'mixup' && `--rule ${rule}`, method === 'cutout' && `--fill ${paint}`,
      `--alpha ${alpha()}`, `--seed ${key[0]}`, `--epoch ${key[1]}`, `--index ${key[2]}`].filter(Boolean);
    const files = own ? ['A.png', 'B.png'] : ['cutmix-verify/assets/chelsea.png', 'cutmix-verify/assets/coffee.png', '--resize'];
    $('command').replaceChildren(...['cutmix-verify mix', ...files, '-o mixed.png', ...options].flatMap((part) => {
      const span = document.createElement('span'); // Lines break between options, not within.
      span.textContent = part;
      return [span, ' '];
    }));
    mixed.free();
  };

  // However many events a slider sends, one picture a frame.
  let waiting = false;
  const soon = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      draw();
    });
  };

  $('controls').addEventListener('submit', (event) => event.preventDefault());
  $('controls').addEventListener('input', (event) => {
    if (event.target.id === 'seed') $('seed-value').value = event.target.value;
    if (event.target.id === 'seed-value') $('seed').value = Math.min(999, Number(event.target.value) || 0);
    soon();
  });
  $('next').addEventListener('click', () => {
    const index = whole('index');
    if (index !== undefined) $('index').value = (index + 1n) % 2n ** 64n;
    soon();
  });
  for (const side of ['base', 'donor']) {
    const target = $(`drop-${side}`);
    $(`file-${side}`).addEventListener('change', (event) => choose(side, event.target.files[0]));
    for (const kind of ['dragenter', 'dragover', 'dragleave', 'drop']) {
      target.addEventListener(kind, (event) => {
        event.preventDefault();
        target.classList.toggle('over', kind === 'dragenter' || kind === 'dragover');
        if (kind === 'drop') choose(side, event.dataTransfer.files[0]);
      });
    }
  }

  try {
    await wasm_bindgen({ module_or_path: bytes(MODULE) });
    for (const side of ['base', 'donor']) pictures[side] = await decode(new Blob([bytes(PICTURES[side])], { type: 'image/png' }));
    $('level').textContent = wasm_bindgen.level();
    arrange();
    draw();
    document.body.dataset.ready = 'true';
  } catch (error) {
    complain(`The page could not start: ${error.message}`);
    throw error;
  }
})();

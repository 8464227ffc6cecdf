// Runs a WASI test binary under Node: a cargo runner for wasm32-wasip1.
import { readFile } from 'node:fs/promises';
import { WASI } from 'node:wasi';
import { argv, env, exit } from 'node:process';

const args = argv.slice(2);
const wasi = new WASI({ version: 'preview1', args, env, preopens: {} });
const module = await WebAssembly.compile(await readFile(args[0]));
const instance = await WebAssembly.instantiate(module, wasi.getImportObject());
exit(wasi.start(instance));

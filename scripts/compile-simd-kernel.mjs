/**
 * Compiles the resampler's kernel, src/io/media/simd-kernel.wat, into the module beside it: `npm run simd-kernel`. With
 * `--check` it writes nothing, and fails where the module is not what the kernel makes.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import wabt from 'wabt';

const WAT = 'src/io/media/simd-kernel.wat';
const MODULE = 'src/io/media/simd-kernel-wasm.ts';
const inTree = (path) => new URL(`../${path}`, import.meta.url);

const compiler = await wabt();
const binary = Buffer.from(compiler.parseWat(WAT, readFileSync(inTree(WAT), 'utf8')).toBinary({}).buffer);
const module = `/** The WebAssembly that simd-kernel.wat makes, in base64. Made by \`npm run simd-kernel\`: do not edit. */
export const SIMD_KERNEL_WASM =
  '${binary.toString('base64')}';
`;

if (!process.argv.includes('--check')) {
  writeFileSync(inTree(MODULE), module);
} else if (readFileSync(inTree(MODULE), 'utf8') !== module) {
  console.error(`${MODULE} is not what ${WAT} makes. Run: npm run simd-kernel`);
  process.exitCode = 1;
}

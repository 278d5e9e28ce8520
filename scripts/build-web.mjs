/** Bundles the page (web/) into dist/web: names with hashes, so that browsers may keep what they have; nothing inline. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const OUT = 'dist/web';

/** What index.html asks for as `{{name}}`; the worklet's address is put into the main bundle instead. */
const PLACES = { 'theme-first.js': 'theme', 'main.js': 'main', 'main.css': 'style', 'favicon.svg': 'favicon' };

const shared = {
  bundle: true,
  minify: true,
  target: ['chrome123', 'firefox128', 'safari17.5'],
  outdir: `${OUT}/assets`,
  entryNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  metafile: true,
  legalComments: 'none',
  logLevel: 'warning',
  tsconfig: 'web/tsconfig.json',
};

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });

// The worklet is a file of its own, since it runs in the browser's audio thread; the page learns its hashed name from here.
const worklet = await build({ ...shared, format: 'esm', entryPoints: ['web/listen/listen-worklet.ts'] });
const workletName = basename(Object.keys(worklet.metafile.outputs)[0] ?? '');
const first = await build({ ...shared, format: 'iife', entryPoints: ['web/shell/theme-first.ts'] });
const main = await build({
  ...shared,
  format: 'esm',
  entryPoints: ['web/main.tsx', 'web/favicon.svg'],
  loader: { '.svg': 'copy' },
  define: { LISTEN_WORKLET: JSON.stringify(`assets/${workletName}`) },
});

const names = {};
let plain = 0;
let packed = 0;
for (const outputs of [worklet, first, main].map(({ metafile }) => metafile.outputs)) {
  for (const file of Object.keys(outputs)) {
    const bytes = readFileSync(file);
    plain += bytes.length;
    packed += gzipSync(bytes).length;
    const place = PLACES[basename(file).replace(/-[A-Z0-9]{8}(?=\.\w+$)/, '')];
    if (place !== undefined) names[place] = `assets/${basename(file)}`;
  }
}
const page = readFileSync('web/index.html', 'utf8').replace(/\{\{(\w+)\}\}/g, (_, place) => {
  if (names[place] === undefined) throw new Error(`The bundle has nothing for {{${place}}} of index.html`);
  return names[place];
});
writeFileSync(`${OUT}/index.html`, page);
if (process.argv.includes('--sizes')) {
  console.log(`${OUT}: ${(plain / 1024).toFixed(1)} KiB, ${(packed / 1024).toFixed(1)} KiB with gzip`);
}

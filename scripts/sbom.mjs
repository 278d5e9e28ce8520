/** Writes the bill of materials of what is shipped, CycloneDX: `npm run -s sbom -- FILE`, to standard output without a FILE. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { versionOfCheckout } from './version.mjs';

const { name, description, license } = JSON.parse(readFileSync('package.json', 'utf8'));
const version = versionOfCheckout();
const args = ['sbom', '--omit=dev', '--sbom-format=cyclonedx', '--sbom-type=application', '--package-lock-only'];
const output = execFileSync('npm', args, {
  encoding: 'utf8',
  maxBuffer: 1 << 26,
  stdio: ['ignore', 'pipe', 'inherit'],
});
// npm names the component after the folder of the checkout, and knows nothing of git.
const reference = JSON.stringify(JSON.parse(output).metadata.component['bom-ref']);
const bill = JSON.parse(output.replaceAll(reference, JSON.stringify(`${name}@${version}`)));
const purl = `pkg:npm/${name}@${encodeURIComponent(version)}`;
bill.metadata.component = {
  ...bill.metadata.component,
  name,
  version,
  description,
  purl,
  licenses: [{ license: { id: license } }],
};

const text = `${JSON.stringify(bill, undefined, 2)}\n`;
const [file] = process.argv.slice(2);
if (file === undefined) process.stdout.write(text);
else writeFileSync(file, text);

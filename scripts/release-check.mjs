/**
 * Everything that must be true of a release, on the commit that is to be published: `npm run release:check`. With `--rehearsal`
 * the tag and uncommitted changes are not looked at. What a release consists of is left in release/.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { versionOfCheckout } from './version.mjs';

const OUT = 'release';
/** What npm says that is not about the package: who is logged in, and what the user's own npm is set to. */
const NOT_OURS =
  /requires you to be logged in|Unknown (user|env|global|builtin) config|New (major|minor|patch) version of npm/;

const isRehearsal = process.argv.includes('--rehearsal');
const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'));
let failures = 0;

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT);
if (!isRehearsal) {
  verify('no change is uncommitted', () => output('git', ['status', '--porcelain']));
  verify(`the commit has the tag v${version}, the version of package.json`, () => {
    const found = versionOfCheckout();
    return found === version
      ? ''
      : `git says ${found}; make the release with: npm version ${version} --allow-same-version`;
  });
}
verify('CHANGELOG.md has a section of this version', changelogFault);
verify('licences', () => fault(process.execPath, ['scripts/licences.mjs']));
verify('no shipped dependency has a known advisory', advisories);
verify('bill of materials', () => fault(process.execPath, ['scripts/sbom.mjs', `${OUT}/${name}-${version}.cdx.json`]));
verify('npm publish --dry-run has no warning', publishWarnings);
verify('npm package', () => fault('npm', ['pack', '--silent', '--pack-destination', OUT]));
const label = isRehearsal ? [] : ['--version', version];
verify('Debian package', () => fault(process.execPath, ['packaging/deb/build.mjs', '--out', OUT, ...label]));

for (const file of readdirSync(OUT)) console.log(`  ${OUT}/${file}`);
console.log(failures === 0 ? 'ready' : `not ready: ${failures} of these failed`);
process.exit(failures === 0 ? 0 : 1);

/** `find` gives what is wrong, or nothing. */
function verify(fact, find) {
  const wrong = find().trim();
  console.log(`${wrong === '' ? 'PASS' : 'FAIL'} ${fact}`);
  if (wrong === '') return;
  console.log(wrong.replaceAll(/^/gm, '     '));
  failures += 1;
}

function changelogFault() {
  const sections = readFileSync('CHANGELOG.md', 'utf8').split(/^## /m).slice(1);
  const section = sections.find((text) => text.startsWith(`[${version}]`));
  if (section === undefined) return `CHANGELOG.md has no section "## [${version}]"`;
  if (section.trim().split('\n').length < 2) return 'the section is empty';
  const unreleased =
    sections
      .find((text) => text.startsWith('[Unreleased]'))
      ?.trim()
      .split('\n').length ?? 1;
  return isRehearsal || unreleased === 1
    ? ''
    : 'the section [Unreleased] is not empty: does it belong to this version?';
}

function publishWarnings() {
  const { status, stdout, stderr } = spawnSync('npm', ['publish', '--dry-run', '--ignore-scripts=false'], {
    encoding: 'utf8',
  });
  const warnings = `${stdout}\n${stderr}`
    .split('\n')
    .filter((line) => /^npm (warn|error)/i.test(line) && !NOT_OURS.test(line));
  return status === 0 ? warnings.join('\n') : stderr;
}

/** A rehearsal may be without the registry, or with a mirror that knows no advisories; a release may not. */
function advisories() {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/advisories.mjs'], { encoding: 'utf8' });
  if (status === 0) return '';
  if (status !== 2 || !isRehearsal) return stdout + stderr;
  console.log(`SKIP ${stderr.trim()}`);
  return '';
}

function output(program, args) {
  return spawnSync(program, args, { encoding: 'utf8' }).stdout;
}

/** What a program that failed had to say; nothing when it succeeded. */
function fault(program, args) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  return status === 0 ? '' : `${error?.message ?? ''}${stdout ?? ''}${stderr ?? ''}` || `exit code ${status}`;
}

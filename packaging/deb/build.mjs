/**
 * Builds the Debian package with nothing but dpkg-deb(1): `npm run deb -- --out FOLDER`. It holds what the npm package holds,
 * and the production dependencies as they are installed here. The optional opus decoder is left out: it is compiled for one
 * version of Node.js and of the C library, and without it the package is good for every architecture.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { debianVersion, versionOfCheckout } from '../../scripts/version.mjs';

const NAME = 'ari-audio-stream';
const LIBRARY = `usr/lib/${NAME}`;
const DOCS = `usr/share/doc/${NAME}`;
/** Of no use to a program that runs. */
const NEEDLESS = /^\.|\.(map|[cm]?ts|flow|html|sh)$/;
/** The same of folders, where they stand at the top of a package. */
const NEEDLESS_FOLDER =
  /node_modules\/(@[^/]+\/)?[^/]+\/(\.[^/]+|tests?|__tests__|spec|integration|bench(marks?)?|docs?|examples?)$/;

const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: '.' },
    version: { type: 'string', default: versionOfCheckout() },
    compression: { type: 'string', default: 'xz' },
  },
});
const version = debianVersion(options.version);
const work = mkdtempSync(join(tmpdir(), `${NAME}-deb-`));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
const root = join(work, 'root');

layOut();
writeControl();
mkdirSync(options.out, { recursive: true });
const file = join(options.out, `${NAME}_${version}_all.deb`);
run('dpkg-deb', ['--build', '--root-owner-group', `-Z${options.compression}`, root, file]);
console.log(file);

function layOut() {
  // The shell of a developer may have any umask; packages have the usual one.
  process.umask(0o022);
  const packed = unpackNpmPackage();
  place(packed, LIBRARY);
  for (const name of ['docs', 'examples', 'asterisk-conf', 'monitoring', 'README.md', 'CHANGELOG.md']) {
    move(`${LIBRARY}/${name}`, `${DOCS}/${name}`);
  }
  for (const name of ['packaging', 'LICENSE', 'npm-shrinkwrap.json'])
    rmSync(at(`${LIBRARY}/${name}`), { recursive: true });
  for (const path of productionPackages()) place(path, `${LIBRARY}/${path}`);
  dropNeedless(at(`${LIBRARY}/node_modules`));
  stampVersion();

  place('packaging/systemd/ari-audio-stream.service', `usr/lib/systemd/system/${NAME}.service`);
  place('packaging/systemd/ari-audio-stream.sysusers.conf', `usr/lib/sysusers.d/${NAME}.conf`);
  place('packaging/deb/configured.conf', `usr/lib/systemd/system/${NAME}.service.d/configured.conf`);
  place('packaging/deb/configured', `${LIBRARY}/configured`, 0o755);
  place('packaging/deb/settings.json', `etc/${NAME}/settings.json`, 0o640);
  chmodSync(at(`${LIBRARY}/dist/src/main.js`), 0o755);
  mkdirSync(at('usr/bin'), { recursive: true });
  symlinkSync(`../lib/${NAME}/dist/src/main.js`, at(`usr/bin/${NAME}`));

  const copyright = readFileSync('packaging/deb/copyright', 'utf8') + licenceStanza();
  writeFileSync(at(`${DOCS}/copyright`), copyright);
  writeFileSync(at(`${DOCS}/changelog.gz`), gzipSync(debianChangelog(), { level: 9 }));
  mkdirSync(at('usr/share/man/man1'), { recursive: true });
  writeFileSync(at(`usr/share/man/man1/${NAME}.1.gz`), gzipSync(readFileSync(`packaging/deb/${NAME}.1`), { level: 9 }));
}

/** The npm package decides what belongs to the program. */
function unpackNpmPackage() {
  run('npm', ['pack', '--silent', '--pack-destination', work]);
  const tarball = readdirSync(work).find((name) => name.endsWith('.tgz'));
  run('tar', ['-xzf', join(work, tarball), '-C', work, '--no-same-owner']);
  return join(work, 'package');
}

/** Their folders, such as `node_modules/ws`. */
function productionPackages() {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const isNeeded = ([path, { dev, optional, devOptional }]) => path !== '' && !dev && !optional && !devOptional;
  return Object.entries(packages)
    .filter(isNeeded)
    .map(([path]) => path);
}

function dropNeedless(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (NEEDLESS_FOLDER.test(path)) rmSync(path, { recursive: true });
      else dropNeedless(path);
    } else if (NEEDLESS.test(entry.name)) rmSync(path);
    else chmodSync(path, 0o644);
  }
}

function stampVersion() {
  const path = at(`${LIBRARY}/package.json`);
  const description = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, `${JSON.stringify({ ...description, version: options.version }, undefined, 2)}\n`);
}

function writeControl() {
  const { description } = JSON.parse(readFileSync('package.json', 'utf8'));
  const files = filesUnder(root);
  const bytes = files.reduce((sum, path) => sum + readFileSync(path).length, 0);
  const control = [
    `Package: ${NAME}`,
    `Version: ${version}`,
    'Architecture: all',
    'Maintainer: The ari-audio-stream authors <ari-audio-stream@localhost>',
    `Installed-Size: ${Math.ceil(bytes / 1024)}`,
    'Depends: nodejs (>= 20), systemd | systemd-standalone-sysusers, init-system-helpers (>= 1.52), passwd',
    'Enhances: asterisk',
    'Section: comm',
    'Priority: optional',
    `Description: ${description.split(':')[0]}`,
    ...` ${description.split(': ')[1]} It runs beside Asterisk as an ARI application and needs no change of the dialplan.`
      .match(/.{1,77}(?=\s|$)/g)
      .map((line) => ` ${line.trim()}`),
  ];
  mkdirSync(at('DEBIAN'));
  writeFileSync(at('DEBIAN/control'), `${control.join('\n')}\n`);
  writeFileSync(at('DEBIAN/conffiles'), `/etc/${NAME}/settings.json\n`);
  const sums = files.map(
    (path) => `${createHash('md5').update(readFileSync(path)).digest('hex')}  ${relative(root, path)}`,
  );
  writeFileSync(at('DEBIAN/md5sums'), `${sums.toSorted().join('\n')}\n`);
  for (const script of ['postinst', 'prerm', 'postrm']) place(`packaging/deb/${script}`, `DEBIAN/${script}`, 0o755);
}

function filesUnder(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** Debian's own form, of one entry; CHANGELOG.md lies beside it. */
function debianChangelog() {
  const date = run('date', [
    '--utc',
    '--rfc-email',
    `--date=@${process.env.SOURCE_DATE_EPOCH ?? Math.floor(Date.now() / 1000)}`,
  ]);
  const author = 'The ari-audio-stream authors <ari-audio-stream@localhost>';
  return `${NAME} (${version}) unstable; urgency=medium\n\n  * See CHANGELOG.md.\n\n -- ${author}  ${date.trim()}\n`;
}

function licenceStanza() {
  const [, holder, text] =
    readFileSync('LICENSE', 'utf8').match(/^MIT License\n\nCopyright \(c\) (.*)\n\n([\s\S]*)$/) ?? [];
  const lines = text
    .trim()
    .split('\n')
    .map((line) => (line === '' ? ' .' : ` ${line}`));
  return `Files: *\nCopyright: ${holder}\nLicense: MIT\n${lines.join('\n')}\n`;
}

function at(path) {
  return join(root, path);
}

function place(from, to, mode) {
  mkdirSync(dirname(at(to)), { recursive: true });
  // A package's folder holds its own nested ones, which the list of packages names too.
  const filter = (path) => path === from || !relative(from, path).split('/').includes('node_modules');
  cpSync(from, at(to), { recursive: true, verbatimSymlinks: true, filter });
  if (mode !== undefined) chmodSync(at(to), mode);
}

function move(from, to) {
  mkdirSync(dirname(at(to)), { recursive: true });
  cpSync(at(from), at(to), { recursive: true });
  rmSync(at(from), { recursive: true });
}

function run(program, args) {
  return execFileSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 24, stdio: ['ignore', 'pipe', 'inherit'] });
}

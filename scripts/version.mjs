/**
 * The version of this checkout, from git: `npm run -s version:show`. A tag vX.Y.Z gives X.Y.Z; what comes after it is
 * X.Y.(Z+1)-dev.COMMITS+gCOMMIT, and what comes before the first tag is the version of package.json with the same ending.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** Semantic Versioning 2.0.0. What is no git checkout, such as an unpacked tarball, has the version of its package.json. */
export function versionOfCheckout() {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const commit = git('rev-parse', '--short=9', 'HEAD');
  if (commit === undefined || git('rev-parse', '--show-prefix') !== '') return version;
  const dirty = git('status', '--porcelain', '--untracked-files=no') === '' ? '' : '.changed';
  const described = git('describe', '--tags', '--long', '--match', 'v[0-9]*.[0-9]*.[0-9]*');
  if (described === undefined) return `${version}-dev.${git('rev-list', '--count', 'HEAD')}+g${commit}${dirty}`;

  const [, tag = '', commits = ''] = /^v(.*)-(\d+)-g[0-9a-f]+$/.exec(described) ?? [];
  if (commits === '0' && dirty === '') return tag;
  return `${following(tag)}-dev.${commits}+g${commit}${dirty}`;
}

/** A release's version as Debian orders it: `~` sorts before the release itself. */
export function debianVersion(version) {
  return version.replace('-', '~').replaceAll('-', '.');
}

/** The next version that may be released after this one; after a pre-release that is the release. */
function following(version) {
  const [, release = version, last = '0', prerelease] = /^(\d+\.\d+\.(\d+))(-.*)?$/.exec(version) ?? [];
  return prerelease === undefined ? release.replace(/\d+$/, String(Number(last) + 1)) : release;
}

function git(...args) {
  const { status, stdout } = spawnSync('git', args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.log(versionOfCheckout());

/** What makes a release: its version from git, the licences of what is shipped. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'release-test-'));
  writeFileSync(join(folder, 'package.json'), '{ "version": "1.2.0" }');
});
afterEach(() => rmSync(folder, { recursive: true }));

const GIT_ENVIRONMENT = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@localhost',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@localhost',
  GIT_CEILING_DIRECTORIES: tmpdir(),
};

function git(...args: string[]): void {
  execFileSync('git', args, { cwd: folder, env: GIT_ENVIRONMENT, stdio: 'ignore' });
}

function commit(): void {
  git('add', '.');
  git('commit', '--allow-empty', '--message', 'x');
}

function version(): string {
  const options = { cwd: folder, env: GIT_ENVIRONMENT, encoding: 'utf8' } as const;
  return execFileSync(process.execPath, [resolve('scripts/version.mjs')], options).trim();
}

describe('the version', () => {
  test('without git is that of package.json', () => {
    expect(version()).toBe('1.2.0');
  });

  test('before the first tag counts the commits', () => {
    git('init');
    commit();
    commit();
    expect(version()).toMatch(/^1\.2\.0-dev\.2\+g[0-9a-f]{9}$/);
  });

  test('on a tag is the tag, after it a forerunner of the next version', () => {
    git('init');
    commit();
    git('tag', 'v1.2.0');
    git('tag', 'another');
    expect(version()).toBe('1.2.0');
    writeFileSync(join(folder, 'package.json'), '{ "version": "1.2.0", "private": true }');
    expect(version()).toMatch(/^1\.2\.1-dev\.0\+g[0-9a-f]{9}\.changed$/);
    commit();
    expect(version()).toMatch(/^1\.2\.1-dev\.1\+g[0-9a-f]{9}$/);
  });

  test('after a pre-release is a forerunner of the release', () => {
    git('init');
    commit();
    git('tag', 'v2.0.0-beta.1');
    expect(version()).toBe('2.0.0-beta.1');
    commit();
    expect(version()).toMatch(/^2\.0\.0-dev\.1\+g/);
  });

  test('is ordered by Debian before the release that it comes before', async () => {
    const script = `import { debianVersion } from '${resolve('scripts/version.mjs')}'; console.log(debianVersion(process.argv[1]))`;
    const debian = (text: string) =>
      execFileSync(process.execPath, ['--input-type=module', '-e', script, text], { encoding: 'utf8' }).trim();
    expect(debian('1.2.1-dev.1+gabc')).toBe('1.2.1~dev.1+gabc');
    expect(debian('2.0.0-beta-x.1')).toBe('2.0.0~beta.x.1');
  });
});

describe('licences', () => {
  const check = (licences: Record<string, unknown>) => {
    const packages = Object.entries(licences).map(([name, fields]) => [`node_modules/${name}`, fields]);
    const lockfile = { packages: { '': {}, ...Object.fromEntries(packages) } };
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lockfile));
    return spawnSync(process.execPath, [resolve('scripts/licences.mjs')], { cwd: folder, encoding: 'utf8' });
  };

  test('that ask for nothing are taken', () => {
    const outcome = check({
      a: { license: 'MIT' },
      b: { license: '(GPL-2.0 OR ISC)' },
      c: { license: 'GPL-3.0', dev: true },
    });
    expect(outcome).toMatchObject({ status: 0, stdout: '2 packages, all under a licence of the list\n' });
  });

  test.each(['GPL-3.0-only', 'MIT AND GPL-2.0', 'SEE LICENSE IN LICENSE', undefined])('%s is refused', (license) => {
    const outcome = check({ '@x/a': { version: '1.0.0', license } });
    expect(outcome.status).toBe(1);
    expect(outcome.stdout).toContain(`@x/a 1.0.0: ${license ?? 'no licence is named'}`);
  });
});

describe('dependencies', () => {
  test('are pinned: each version exactly, each package by its hash', () => {
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(Object.values(dependencies).filter((range) => !/^\d+\.\d+\.\d+$/.test(String(range)))).toEqual([]);
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
      packages: Record<string, { integrity?: string; link?: boolean; inBundle?: boolean }>;
    };
    const loose = Object.entries(packages).filter(
      ([path, { integrity, link, inBundle }]) => path !== '' && !link && !inBundle && !integrity?.startsWith('sha512-'),
    );
    expect(loose.map(([path]) => path)).toEqual([]);
  });

  // The registry is a fake: a dependency with an advisory cannot be had, and a test needs no network.
  test.each([
    [
      'has an advisory: it is named',
      { ws: [{ id: 1, title: 'Odd', severity: 'high', url: 'https://a/1', vulnerable_versions: '>=0', cwe: [] }] },
      1,
    ],
    ['has none', {}, 0],
    ['cannot be asked', undefined, 2],
  ])(
    'one %s',
    async (_what, advisories, code) => {
      const registry = createServer((request, response) => {
        const isAsked = advisories !== undefined && request.method === 'POST';
        response.writeHead(isAsked ? 200 : 405, { 'content-type': 'application/json' });
        request.resume().once('end', () => response.end(JSON.stringify(isAsked ? advisories : {})));
      });
      await new Promise<void>((done) => registry.listen(0, '127.0.0.1', done));
      const address = `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`;
      const env = {
        ...process.env,
        npm_config_registry: address,
        npm_config_cache: folder,
        npm_config_fetch_retries: '0',
      };
      const child = spawn(process.execPath, ['scripts/advisories.mjs'], { env });
      let out = '';
      child.stdout.on('data', (chunk) => {
        out += chunk;
      });
      expect(await new Promise((done) => child.once('close', done))).toBe(code);
      registry.close();
      expect(out.includes('Odd https://a/1')).toBe(code === 1);
    },
    60_000,
  );
});

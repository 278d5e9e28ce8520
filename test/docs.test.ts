/** Docs that are wrong fail the build: the pages agree with the tables that they are about. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { NEEDED_MODULES } from '../src/core/check/modules.js';
import { ERROR_CODES } from '../src/core/errors.js';
import { settingsPage } from '../src/core/settings/settings-docs.js';
import { SETTING_KEYS } from '../src/core/settings/settings-table.js';
import { ERRORS } from '../src/io/web/contract/compatible.js';
import { API, COMPATIBLE_API } from '../src/io/web/contract/endpoints.js';

describe('docs/errors.md', () => {
  const sections = readFileSync('docs/errors.md', 'utf8').split(/^## /m).slice(1);

  test('has one section per error code, and no other', () => {
    const titles = sections.map((section) => section.split('\n')[0]);
    expect(titles.toSorted()).toEqual(Object.keys(ERROR_CODES).toSorted());
  });

  test('says something about each', () => {
    const short = sections.filter((section) => section.split(/\s+/).length < 15);
    expect(short).toEqual([]);
  });
});

test('docs/settings.md is what the table of settings says (npm run docs:settings)', () => {
  expect(readFileSync('docs/settings.md', 'utf8')).toBe(settingsPage());
});

describe('docs/api.md', () => {
  const page = readFileSync('docs/api.md', 'utf8');

  test('names no address that is not there', () => {
    const addresses: readonly string[] = Object.values({ ...API, ...COMPATIBLE_API });
    const there = new Set(addresses.map((address) => address.replace(/:(\w+)/g, '{$1}')));
    const named = [...page.matchAll(/\/(?:api\/v1|openapi\/v1\.0)(?:\/[\w.{}-]+)*/g)].map(([address]) => address);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((address) => !there.has(address))).toEqual([]);
  });

  test('has the error codes of the compatible API', () => {
    const [, section = ''] = page.split('## Compatible API');
    const rows = [...section.matchAll(/^\| (-?\d+) \| `([A-Z ]+)` \|/gm)].map(([, code, words]) => [
      words,
      Number(code),
    ]);
    expect(Object.fromEntries(rows)).toEqual(ERRORS);
  });
});

test('docs/reliability.md and docs/security.md name only tests that are there', () => {
  const pages = ['reliability', 'security'].map((name) => readFileSync(`docs/${name}.md`, 'utf8')).join('\n');
  const named = [...pages.matchAll(/\b(?:test|src|lab)\/[\w./-]+\.test\.ts/g)].map(([path]) => path);
  expect(named.length).toBeGreaterThan(50);
  expect(named.filter((path) => !existsSync(path))).toEqual([]);
});

test('the modules that the check wants are those that asterisk-conf/add-on loads', () => {
  const file = readFileSync('asterisk-conf/add-on/modules_ari-audio-stream.conf', 'utf8');
  const loaded = [...file.matchAll(/^load = (\S+)/gm)].map(([, name]) => name);
  expect(NEEDED_MODULES.filter((name) => !loaded.includes(name))).toEqual([]);
});

test('docs/check.md has every finding that the check can make, and no other', () => {
  const sources = ['src/core/check', 'src/app'].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => readFileSync(`${folder}/${name}`, 'utf8')),
  );
  const id = /'((?:settings|machine|asterisk|audio|receiver)\.[a-zA-Z]+)'/g;
  const made = sources.flatMap((text) =>
    text.includes('check/finding.js') || text.includes('./finding.js') ? [...text.matchAll(id)] : [],
  );
  const page = readFileSync('docs/check.md', 'utf8');
  const table = page.slice(page.indexOf('## What is looked at'), page.indexOf('## The loop-back tap'));
  const rows = table.split('\n').filter((line) => line.startsWith('| `'));
  const told = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([a-zA-Z.]+)`/g)].map(([, name]) => name),
  );
  expect(told.length).toBeGreaterThan(20);
  const settings = new Set<string>(SETTING_KEYS);
  const ids = new Set(made.map(([, name = '']) => name).filter((name) => !settings.has(name)));
  expect([...ids].sort()).toEqual(told.toSorted());
});

describe('docs/security.md', () => {
  const page = readFileSync('docs/security.md', 'utf8');

  test('names tests that are there', () => {
    const named = [...page.matchAll(/`((?:src|test)\/[\w./-]+\.test\.ts)`(?:, "([^"]+)")?/g)];
    expect(named.length).toBeGreaterThan(25);
    for (const [, path = '', title = ''] of named) {
      expect({ path, isThere: existsSync(path) }).toEqual({ path, isThere: true });
      expect(readFileSync(path, 'utf8')).toContain(title);
    }
  });

  test('the service writes no core, makes files for its user only, and gains no rights', () => {
    const unit = readFileSync('packaging/systemd/ari-audio-stream.service', 'utf8').split('\n');
    for (const line of ['LimitCORE=0', 'UMask=0077', 'NoNewPrivileges=yes']) expect(unit).toContain(line);
  });
});

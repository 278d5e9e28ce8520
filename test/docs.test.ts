/** Docs that are wrong fail the build: the pages agree with the tables that they are about. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { ERROR_CODES } from '../src/core/errors.js';
import { settingsPage } from '../src/core/settings/settings-docs.js';
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

/** Docs that are wrong fail the build: the pages agree with the tables that they are about. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { ERROR_CODES } from '../src/core/errors.js';
import { settingsPage } from '../src/core/settings/settings-docs.js';

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

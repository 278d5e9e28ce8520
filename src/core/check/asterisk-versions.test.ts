import { describe, expect, test } from '@jest/globals';
import { endOfLifeBefore, faultsOf, KNOWN_FAULTS, parseAsteriskVersion, soundRelease } from './asterisk-versions.js';

const sourcesOf = (text: string): string[] => {
  const version = parseAsteriskVersion(text);
  return version === undefined ? [] : faultsOf(version).map(({ source }) => source.split('/').at(-1) ?? '');
};

test.each([
  ['22.10.1+dfsg+~cs6.17.60671434-1', { major: 22, minor: 10, patch: 1, certified: undefined }],
  ['18.26.4', { major: 18, minor: 26, patch: 4, certified: undefined }],
  ['Asterisk 20.9.3', { major: 20, minor: 9, patch: 3, certified: undefined }],
  ['certified/20.7-cert9', { major: 20, minor: 7, patch: 0, certified: 9 }],
  ['certified-18.9-cert14', { major: 18, minor: 9, patch: 0, certified: 14 }],
  ['16.30.0~dfsg+~cs6.13', { major: 16, minor: 30, patch: 0, certified: undefined }],
])('%s is read', (text, version) => {
  expect(parseAsteriskVersion(text)).toEqual(version);
});

test.each(['GIT-20-97b4df1f63', 'SVN-branch-1.8-r1234', '', 'unknown'])('%j has no release number', (text) => {
  expect(parseAsteriskVersion(text)).toBeUndefined();
});

describe('known faults', () => {
  test.each([
    ['22.9.0', ['1928']],
    ['22.10.0', []],
    ['22.8.2', []],
    ['20.19.0', ['1928']],
    ['20.20.0', []],
    ['20.18.1', ['ChangeLog-22.8.2.html']],
    ['22.5.1', ['ChangeLog-22.5.2.html', 'ChangeLog-22.8.2.html', '1638']],
    ['18.26.4', []],
    ['20.5.2', ['ChangeLog-22.8.2.html', '394', '1638']],
    ['20.15.1', ['ChangeLog-22.5.2.html', 'ChangeLog-22.8.2.html', '1638']],
    ['18.26.3', ['ChangeLog-18.26.4.html']],
    ['23.2.1', ['ChangeLog-22.8.2.html']],
  ])('%s', (text, sources) => {
    expect(sourcesOf(text)).toEqual(sources);
  });

  test('a certified version has fixes of its own, and is not judged by its number', () => {
    expect(sourcesOf('20.7-cert9')).toEqual([]);
  });

  test('each has a source, and a sound release after the first faulty one', () => {
    for (const { source, fixedIn, since = [] } of KNOWN_FAULTS) {
      expect(source).toMatch(/^https:\/\//);
      for (const [major, minor, patch] of since) {
        const sound = fixedIn.find(([branch]) => branch === major) ?? [0, 0, 0];
        expect(sound[1] * 1000 + sound[2]).toBeGreaterThan(minor * 1000 + patch);
      }
    }
  });

  test('the release to update to is that of the branch', () => {
    const version = { major: 20, minor: 19, patch: 0, certified: undefined };
    expect(faultsOf(version).map((fault) => soundRelease(fault, version))).toEqual(['20.20.0']);
  });
});

test('a branch gets no fixes from its day on', () => {
  const version = { major: 18, minor: 26, patch: 4, certified: undefined };
  expect(endOfLifeBefore(version, '2025-10-20')).toBeUndefined();
  expect(endOfLifeBefore(version, '2025-10-21')).toBe('2025-10-20');
  expect(endOfLifeBefore({ ...version, major: 99 }, '2099-01-01')).toBeUndefined();
});

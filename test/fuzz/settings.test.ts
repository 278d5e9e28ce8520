/** Whatever is in the settings' places: it is read, or told as problems, and no secret is in what is told. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { describeProblems } from '../../src/core/settings/problem.js';
import { environmentName, SETTING_KEYS } from '../../src/core/settings/settings-table.js';
import { loadSettings } from '../../src/io/settings/load-settings.js';
import { runs } from './runs.js';

const folder = mkdtempSync(join(tmpdir(), 'ari-audio-stream-fuzz-'));
const file = join(folder, 'settings.json');
afterAll(() => rmSync(folder, { recursive: true }));

const MARK = 'h1dd3n-w0rd';
const key = fc.constantFrom(...SETTING_KEYS);
// Each time anew: what is put into one of these objects must not be there in the next case.
const scalar = fc
  .oneof(
    fc.constantFrom<unknown>(null, true, -1, 80, 1e300, '', '*', 'ws://x/', '0.0.0.0:1', '::', [], {}, [[]]),
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.array(fc.string(), { maxLength: 3 }),
  )
  .map((value) => structuredClone(value));

/** An object as a settings file has it, with some keys right and the values anything. */
const tree = fc.array(fc.tuple(fc.oneof(key, fc.string()), scalar), { maxLength: 12 }).map((pairs) => {
  const root: Record<string, unknown> = { asterisk: { password: MARK }, streaming: { secret: { value: MARK } } };
  for (const [path, value] of pairs) put(root, path.split('.'), value);
  return root;
});

function put(group: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (name === '__proto__') return;
  const inner = group[name];
  if (rest.length === 0) group[name] = value;
  else if (typeof inner === 'object' && inner !== null) put(inner as Record<string, unknown>, rest, value);
  else {
    const made: Record<string, unknown> = {};
    group[name] = made;
    put(made, rest, value);
  }
}

function load(text: string, environment: Readonly<Record<string, string>> = {}): string {
  writeFileSync(file, text);
  const loaded = loadSettings({ file, environment, flags: new Map() });
  return 'problems' in loaded ? describeProblems(loaded.problems) : '';
}

test('no object of settings makes it throw, and no problem tells a secret', () => {
  fc.assert(
    fc.property(tree, (object) => {
      expect(load(JSON.stringify(object))).not.toContain(MARK);
    }),
    runs(0.5),
  );
});

test('no text in the place of the file makes it throw, and no problem quotes it', () => {
  const cut = fc.tuple(tree, fc.nat(400)).map(([object, length]) => JSON.stringify(object).slice(0, length));
  fc.assert(
    fc.property(fc.oneof(cut, fc.string({ unit: 'binary' }), fc.json()), (text) => {
      expect(load(text)).not.toContain(MARK);
    }),
    runs(0.5),
  );
});

test('no environment makes it throw', () => {
  const variables = fc.dictionary(key.map(environmentName), fc.string({ unit: 'binary' }), { maxKeys: 6 });
  fc.assert(
    fc.property(variables, (environment) => {
      load('{}', environment);
    }),
    runs(0.5),
  );
});

test('a file nested a hundred thousand deep is a problem, not a crash', () => {
  const deep = `${'['.repeat(100_000)}`;
  expect(load(deep)).toContain('JSON');
  expect(load(`{"streaming":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_001)}`)).not.toBe('');
});

import { describe, expect, test } from '@jest/globals';
import { exitCodeFor, type Finding, shellLine } from './finding.js';
import { jsonReport, textReport } from './report.js';

const FINDINGS: Finding[] = [
  { id: 'asterisk.application', level: 'warning', what: 'B.', why: 'Because.', lines: [shellLine('do this')] },
  { id: 'settings.valid', level: 'ok', what: 'A.' },
  { id: 'receiver.reach', level: 'skipped', what: 'Not\u001b[2J tried.' },
];

test('text: areas in their order, words beside the signs, the lines to change, and the sum', () => {
  expect(textReport(FINDINGS, { inColour: false })).toBe(
    [
      'Settings',
      '  ✓ ok      A.',
      '',
      'Asterisk',
      '  ! warning B.',
      '            why:    Because.',
      '            change: shell: do this',
      '',
      'Receiver',
      '  - skipped Not\\u001b[2J tried.',
      '',
      'Some things want attention: 1 warning, 1 ok, 1 skipped.',
      '',
    ].join('\n'),
  );
});

test('colour colours the sign and the word, and nothing else', () => {
  const plain = textReport(FINDINGS, { inColour: false });
  const coloured = textReport(FINDINGS, { inColour: true });
  expect(coloured).toContain('\u001b[33m! warning\u001b[0m B.');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes of ECMA-48 begin with one.
  expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(plain);
});

test('JSON has the shape that docs/check.md promises', () => {
  const [first, second] = JSON.parse(jsonReport(FINDINGS)).findings;
  expect(JSON.parse(jsonReport(FINDINGS))).toMatchObject({
    format: 1,
    exitCode: 1,
    counts: { ok: 1, note: 0, warning: 1, error: 0, skipped: 1 },
  });
  expect(first).toEqual({
    id: 'asterisk.application',
    area: 'asterisk',
    level: 'warning',
    what: 'B.',
    why: 'Because.',
    lines: [{ where: 'shell', text: 'do this' }],
  });
  expect(second).toEqual({ id: 'settings.valid', area: 'settings', level: 'ok', what: 'A.', why: null, lines: [] });
});

describe('the exit code', () => {
  const of = (...levels: Finding['level'][]) =>
    exitCodeFor(levels.map((level) => ({ id: 'asterisk.application', level, what: '' })));
  test('0 when nothing is wrong, 1 for warnings, 2 for errors', () => {
    expect(of('ok', 'note', 'skipped')).toBe(0);
    expect(of('ok', 'warning')).toBe(1);
    expect(of('warning', 'error')).toBe(2);
  });
});

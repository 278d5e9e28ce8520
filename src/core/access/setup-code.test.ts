import { describe, expect, test } from '@jest/globals';
import { plainSetupCode, SETUP_CODE_OCTETS, SetupCode, writeSetupCode } from './setup-code.js';

const HOUR = 3_600_000;
const isSame = (one: string, other: string): boolean => one === other;

describe('the text', () => {
  test('has twelve letters that cannot be taken for one another', () => {
    for (let octet = 0; octet < 256; octet++) {
      const text = writeSetupCode(new Uint8Array(SETUP_CODE_OCTETS).fill(octet));
      expect(text).toMatch(/^([2-9A-HJKMNP-TV-Z]{4})-\1-\1$/);
    }
  });

  test.each(['7kqm 3xta rw9d', '7KQM3XTARW9D', ' 7kqm-3xta-rw9d\n'])('%j is the same', (typed) => {
    expect(plainSetupCode(typed)).toBe('7KQM3XTARW9D');
  });
});

describe('a code', () => {
  const CODE = '7KQM-3XTA-RW9D';

  test('is accepted for a day', () => {
    const setup = new SetupCode();
    expect(setup.isValid(0)).toBe(false);
    setup.issue(CODE, 0);
    expect(setup.accepts('7kqm3xtarw9d', 24 * HOUR - 1, isSame)).toBe(true);
    expect(setup.isValid(24 * HOUR - 1)).toBe(true);
    expect(setup.accepts(CODE, 24 * HOUR, isSame)).toBe(false);
    expect(setup.isValid(24 * HOUR)).toBe(false);
  });

  test('is accepted no more when it is spent, or when there is another', () => {
    const setup = new SetupCode();
    setup.issue(CODE, 0);
    setup.issue('AAAA-BBBB-CCCC', 1);
    expect(setup.accepts(CODE, 1, isSame)).toBe(false);
    setup.spend();
    expect(setup.accepts('AAAA-BBBB-CCCC', 1, isSame)).toBe(false);
  });

  test.each(['', '-', '7KQM-3XTA-RW9', '7KQM-3XTA-RW9DD'])('is not %j', (typed) => {
    const setup = new SetupCode();
    setup.issue(CODE, 0);
    expect(setup.accepts(typed, 0, isSame)).toBe(false);
  });

  test('that was never issued is not the empty one', () => {
    expect(new SetupCode().accepts('', 0, isSame)).toBe(false);
  });
});

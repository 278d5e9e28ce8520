import { expect, test } from '@jest/globals';
import { RtpHealth } from './rtp-health.js';

const SOURCE = { address: '192.0.2.9', port: 12_000 };

function watched() {
  const lines: string[] = [];
  const add =
    (level: string) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}): void =>
      void lines.push(`${level} ${fields.code ?? message} without=${fields.tapsWithout} with=${fields.tapsWith}`);
  const log = {
    error: add('error'),
    warn: add('warn'),
    info: add('info'),
    debug: add('debug'),
    isDebugEnabled: () => true,
  };
  const listening = '192.0.2.1:40000';
  const health = new RtpHealth({
    addressesOf: () => ({ advertised: listening, listening }),
    format: 'auto',
    strangers: () => [],
    ownAddress: () => undefined,
    log,
  });
  return { health, lines };
}

test('one situation is one warning, however many taps it has; its end is said once packets come to all that are left', () => {
  const { health, lines } = watched();
  health.missing(1, 'PJSIP/1', SOURCE);
  health.missing(2, 'PJSIP/2', SOURCE);
  expect(health.deafTaps).toBe(2);
  health.arrives(1);
  health.gone(2);
  health.arrives(3);
  expect(lines).toEqual([
    'warn RTP_MISSING without=1 with=0',
    'debug RTP_MISSING without=2 with=0',
    'info audio arrives from Asterisk again without=undefined with=undefined',
  ]);
  expect([health.deafTaps, health.counts.tapsWithoutRtp]).toEqual([0, 2]);
});

test('call after call without audio is one situation, until packets come', () => {
  const { health, lines } = watched();
  for (const tap of [1, 2, 3]) {
    health.missing(tap, 'PJSIP/1', SOURCE);
    health.gone(tap);
  }
  health.arrives(4);
  health.missing(5, 'PJSIP/1', SOURCE);
  expect(lines.map((line) => line.split(' ')[0])).toEqual(['warn', 'debug', 'debug', 'info', 'warn']);
});

test('taps whose packets come from the start say nothing', () => {
  const { health, lines } = watched();
  health.arrives(1);
  health.gone(1);
  expect(lines).toEqual([]);
});

/** With several threads of the audio each has a port, here and where it is advertised. */
import { expect, test } from '@jest/globals';
import { settingsWith } from '../../test/settings-with.js';
import { advertisedAddress, listenAddresses } from './advertised-address.js';

test.each([
  [0, [40_000]],
  [1, [40_000]],
  [3, [40_000, 40_001, 40_002]],
])('%i threads take the ports %j', (workers, ports) => {
  const { media } = settingsWith({ 'media.workers': workers });
  expect(listenAddresses(media)).toEqual(ports.map((port) => ({ host: '127.0.0.1', port })));
});

test('any free port is any for each', () => {
  const { media } = settingsWith({ 'media.workers': 2, 'media.listen': '[::1]:0' });
  const any = { host: '::1', port: 0 };
  expect(listenAddresses(media)).toEqual([any, any]);
});

test.each([
  ['0.0.0.0:40000', '192.0.2.1', 40_001, '192.0.2.1:40001'],
  ['0.0.0.0:40000', '192.0.2.1:50000', 40_000, '192.0.2.1:50000'],
  ['0.0.0.0:40000', '192.0.2.1:50000', 40_002, '192.0.2.1:50002'],
  ['127.0.0.1:0', undefined, 1234, '127.0.0.1:1234'],
  ['127.0.0.1:0', '192.0.2.1:50000', 1234, '192.0.2.1:50000'],
])('%s, advertised as %s, is at port %i %s', (listen, advertise, bound, expected) => {
  const { media } = settingsWith({ 'media.listen': listen, 'media.advertise': advertise });
  expect(advertisedAddress(media, bound)).toBe(expected);
});

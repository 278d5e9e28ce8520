/** Each thread of the audio has a port of its own, and all of them must be there. */
import { expect, test } from '@jest/globals';
import { loadedWith } from '../../../test/settings-with.js';
import type { SettingValues } from './settings.js';
import { brokenRules } from './settings-rules.js';

test.each<[listen: string, advertise: string | undefined, workers: number, broken: string[]]>([
  ['127.0.0.1:65534', '192.0.2.1:65533', 2, []],
  ['127.0.0.1:65534', undefined, 3, ['media.listen']],
  ['127.0.0.1:65533', '192.0.2.1:65534', 3, ['media.advertise']],
  ['127.0.0.1:65535', '192.0.2.1:65535', 1, []],
  ['127.0.0.1:0', '192.0.2.1:5', 1, []],
  ['127.0.0.1:0', '192.0.2.1', 2, []],
  ['127.0.0.1:0', '192.0.2.1:5', 2, ['media.advertise']],
])('%s, advertised as %s, with %i workers: %j', (listen, advertise, workers, broken) => {
  const changes: Partial<SettingValues> = {
    'streaming.enable': false,
    'media.listen': listen,
    'media.workers': workers,
    ...(advertise === undefined ? {} : { 'media.advertise': advertise }),
  };
  const { values } = loadedWith(changes).forPage;
  expect(brokenRules(values, () => undefined).map(({ problem }) => problem.key)).toEqual(broken);
});

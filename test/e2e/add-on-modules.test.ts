/** asterisk-conf/add-on is enough: an Asterisk that loads its modules and those of a phone, and no other, streams a call. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { extensionRange } from '../../lab/farm-conf.js';
import { type Lab, startLab } from '../../lab/lab.js';
import { AddOn } from './add-on.js';
import { ListeningReceiver } from './listening-receiver.js';
import { expectTonesApart, tonedCall } from './toned-call.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 30_000;
const TONES = { caller: { number: '1100', hz: 439 }, callee: { number: '1101', hz: 1_063 } };

/** Registers phones, and lets one call the other. */
const PHONE_MODULES = [
  'res_sorcery_config',
  'res_sorcery_memory',
  'res_sorcery_astdb',
  'res_crypto',
  'res_pjproject',
  'res_pjsip',
  'res_pjsip_session',
  'res_pjsip_sdp_rtp',
  'res_pjsip_authenticator_digest',
  'res_pjsip_outbound_authenticator_digest',
  'res_pjsip_registrar',
  'res_pjsip_endpoint_identifier_ip',
  'res_pjsip_endpoint_identifier_user',
  'res_pjsip_config_wizard',
  'res_pjsip_caller_id',
  'res_pjsip_nat',
  'res_pjsip_pubsub',
  'res_pjsip_refer',
  'res_pjsip_rfc3326',
  'chan_pjsip',
  'codec_ulaw',
  'pbx_config',
  'app_dial',
  'bridge_builtin_features',
  'func_callerid',
];

let lab: Lab;

beforeAll(async () => {
  const loads = PHONE_MODULES.map((name) => `load = ${name}.so`);
  const pbxModules = ['[modules]', 'autoload = no', '#include "modules_ari-audio-stream.conf"', ...loads, ''].join(
    '\n',
  );
  lab = await startLab({ pbxModules, extensions: extensionRange(1100, 2, 'ulaw') });
}, START_LIMIT_MS);
afterAll(async () => lab?.stop(), TEST_LIMIT_MS);

test.each(['auto', 'slin16', 'ulaw'])(
  'media.format %s',
  async (format) => {
    const receiver = await new ListeningReceiver({ sampleRate: 16_000 }).start();
    const addOn = await AddOn.linked(lab, receiver, { media: { format } });
    try {
      expectTonesApart(await tonedCall(lab, receiver, TONES), TONES, 16_000);
    } finally {
      await addOn.stop();
      await receiver.stop();
    }
    expect(addOn.lines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
    expect((await readFile(lab.pbx.logFile, 'utf8')).match(/.*(ERROR|WARNING).* loader\.c.*/g)).toBeNull();
  },
  TEST_LIMIT_MS,
);

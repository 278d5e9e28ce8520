import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { until } from '../../../lab/until.js';
import { SILENT_LOG } from '../../../test/monitored-parts.js';
import { writeAtEndOfTurn } from '../../io/relay/turn-writes.js';
import { openPlane } from './open-plane.js';

test('what packets bring about to write is written before the thread rests', async () => {
  const phone = createSocket('udp4').bind(0, '127.0.0.1');
  await once(phone, 'listening');
  const done: string[] = [];
  const plane = await openPlane(
    {
      listen: { host: '127.0.0.1', port: 0 },
      wantsOpus: false,
      streaming: {
        destination: { url: 'ws://127.0.0.1:9/', shownAs: 'ws://127.0.0.1:9/', secret: undefined, ca: undefined },
        capacity: 1,
        stream: { sampleRate: 8000, fragmentSamples: 640 },
      },
    },
    SILENT_LOG,
    () => done.push('rested'),
  );
  try {
    plane.hear(({ kind }) => {
      if (kind === 'first-packet') writeAtEndOfTurn({ flush: () => done.push('written') });
    });
    plane.order({ kind: 'arm', participant: 1, channelid: 'PJSIP/1001-00000001', callid: '17.1' });
    plane.order({ kind: 'tap', participant: 1, tap: 2 });
    const source = { address: '127.0.0.1', port: phone.address().port };
    plane.order({ kind: 'listen', tap: 2, source, since: 0 });
    done.length = 0;
    phone.send(new Uint8Array(12), plane.socket.port, plane.socket.host);
    await until('the packet was read', () => done.length >= 2);
    expect(done).toEqual(['written', 'rested']);
  } finally {
    phone.close();
    await plane.close();
  }
});

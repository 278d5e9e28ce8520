import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { until } from '../../../lab/until.js';
import { dropsIn, kernelDrops } from './udp-drops.js';

const TABLE = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  217: 0100007F:9C40 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 10573 2 0000000000000000 12
  218: 0100007F:9C41 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 10574 2 0000000000000000 0
`;

test('the last column of the rows of this port', () => {
  expect(dropsIn(TABLE, 40000)).toBe(12);
  expect(dropsIn(TABLE, 40001)).toBe(0);
  expect(dropsIn(TABLE, 40002)).toBeUndefined();
});

test.each(['udp4', 'udp6'] as const)('what a real %s socket has no room for is told by the kernel', async (type) => {
  const host = type === 'udp4' ? '127.0.0.1' : '::1';
  const [socket, sender] = [createSocket({ type, recvBufferSize: 4096 }), createSocket(type)];
  try {
    socket.bind(0, host);
    await once(socket, 'listening');
    const { port } = socket.address();
    // Another system than Linux tells nothing, and that is all there is to see there.
    if (process.platform !== 'linux') {
      expect(await kernelDrops(host, port)).toBeUndefined();
      return;
    }
    expect(await kernelDrops(host, port)).toBe(0);
    sender.connect(port, host);
    await once(sender, 'connect');
    // All at once: nothing is read meanwhile.
    for (let count = 0; count < 200; count++) sender.send(Buffer.alloc(1000));
    expect(await until('packets are dropped', () => kernelDrops(host, port))).toBeGreaterThan(100);
  } finally {
    socket.close();
    sender.close();
  }
});

/** Random octets at full speed to the port where the add-on awaits RTP, sent by a process of their own on its host. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { DistantHost } from '../../../lab/distant-host.js';

/** Every other datagram begins as an RTP packet does; lengths are those of RTP and beyond. */
const SENDER = `
const { createSocket } = require('node:dgram');
const { randomBytes, randomInt } = require('node:crypto');
const [host, port] = process.argv.slice(1);
const sockets = Array.from({ length: 300 }, () => createSocket('udp4'));
const datagrams = Array.from({ length: 64 }, (_, index) => {
  const datagram = randomBytes(randomInt(0, 1400));
  if (index % 2 === 0 && datagram.length > 1) datagram.set([0x80, 118]);
  return datagram;
});
function send() {
  for (let n = 0; n < 200; n += 1) {
    const socket = sockets[randomInt(sockets.length)];
    socket.send(datagrams[randomInt(datagrams.length)], Number(port), host, () => {});
  }
  setImmediate(send);
}
send();
`;

/** Floods until it is stopped; it also ends with this process. */
export function floodPort({ enter, far }: DistantHost, port: number): { stop(): Promise<void> } {
  // A stranger has a machine of his own: what he spends on sending must not be the phones' processor time.
  const [program = '', ...args] = [...enter, 'nice', '-n', '19', process.execPath, '-e', SENDER, far, String(port)];
  const child = spawn(program, args, { stdio: 'ignore' });
  const exited = once(child, 'exit');
  return {
    stop: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

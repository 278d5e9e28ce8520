/** Ports that nobody has at the moment, so that several labs and a PBX of the machine's own get along. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

export async function freeTcpPort(host = '127.0.0.1'): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export async function freeUdpPort(host = '127.0.0.1'): Promise<number> {
  const socket = createSocket('udp4').bind(0, host);
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

/** Below the ports that the kernel hands out by itself (32768 and up), above those of well-known services. */
const RTP_LOWEST = 12_000;
const RTP_BLOCK = 2_000;
const RTP_BLOCKS = 10;

export interface RtpRange {
  readonly start: number;
  readonly end: number;
}

let nextBlock = process.pid % RTP_BLOCKS;

/** A range for Asterisk's rtp.conf. Two labs may share one: Asterisk passes over ports that are taken. */
export function rtpRange(): RtpRange {
  const start = RTP_LOWEST + nextBlock * RTP_BLOCK;
  nextBlock = (nextBlock + 1) % RTP_BLOCKS;
  return { start, end: start + RTP_BLOCK - 1 };
}

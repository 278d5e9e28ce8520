/**
 * A second host on this machine: a network namespace of its own at the far end of a line that delays and loses packets.
 * The line is two TUN devices (tun(4)) with this process between them, because not every kernel has netem.
 * All of it ends with this process, however that ends.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Server } from 'node:net';
import { installMissing } from './asterisk/apt.js';
import { freeUdpPort } from './asterisk/free-ports.js';
import { run, tryRun } from './asterisk/run.js';
import type { Passing } from './line-faults.js';
import { LineQueue } from './line-queue.js';
import { Teardown } from './teardown.js';
import { LabUnavailable } from './unavailable.js';
import { until } from './until.js';

/** What the line does to each packet, in either direction. */
export interface LineQuality {
  readonly delayMs: number;
  /** Up to so much more, differently for each packet: some overtake others. Default: 0. */
  readonly jitterMs?: number;
  /** One of so many UDP packets is lost; 0 loses none. Default: 0. */
  readonly losesOneOf?: number;
  /**
   * Told of each UDP packet for the distant host, and when it came, by performance.now(); gives what passes in its place.
   * Default: the packet itself.
   */
  readonly towardsFar?: (packet: Buffer, now: number) => readonly Passing[];
  /** What it carries in each direction; packets wait for up to QUEUE_MS, and those beyond are lost. Default: no limit. */
  readonly bitsPerSecond?: number;
}

/** UDP over IPv4 that went into the line, its IP and UDP headers included. */
export interface Traffic {
  packets: number;
  octets: number;
  lost: number;
}

export interface DistantHost {
  /** This side's address on the line. */
  readonly near: string;
  /** The distant host's. */
  readonly far: string;
  /** What to put before a command so that it runs there; it is killed when this process ends. */
  readonly enter: readonly string[];
  readonly toFar: Traffic;
  /** From now on every packet is lost, in both directions, and neither end is told; `false` mends the line. */
  cut(isCut: boolean): void;
  /** A server of this process that listens at the distant host's address, on a free TCP port. */
  listen(): Promise<Server>;
  /** Takes host and line away. The second call does nothing. */
  remove(): Promise<void>;
}

const TOOLS = { ip: 'iproute2', socat: 'socat', nsenter: 'util-linux', unshare: 'util-linux', setpriv: 'util-linux' };
/** Nothing that we start outlives us. */
const DIES_WITH_US = ['setpriv', '--pdeathsig', 'KILL'] as const;
const UDP = 17;
/** Linux grants at most net.core.rmem_max. */
const LINE_BUFFER_OCTETS = 4 * 1024 * 1024;
const PROTOCOL_OFFSET = 9;
/** As much as a modem of the 64 kbit/s kind keeps. */
const QUEUE_MS = 1_000;
/** Run in the namespace: opens the socket there, and hands it to us. */
const LISTEN_THERE = `
const server = require('node:net').createServer();
server.listen(0, process.argv[1], () => process.send('listening', server, () => process.exit()));
`;
let hosts = 0;

/** Makes the host. Throws LabUnavailable, with one sentence, where there can be none. */
export async function makeDistantHost(quality: LineQuality, progress = (_line: string) => {}): Promise<DistantHost> {
  await installMissing(TOOLS, progress);
  if ((await tryRun('unshare', ['--net', 'true'])) === undefined) {
    throw new LabUnavailable('This machine does not let us make network namespaces (a container needs CAP_SYS_ADMIN).');
  }
  const teardown = new Teardown();
  try {
    return await build(quality, teardown);
  } catch (error) {
    await teardown.run();
    throw error;
  }
}

async function build(quality: LineQuality, teardown: Teardown): Promise<DistantHost> {
  hosts += 1;
  // RFC 2544's addresses for tests; a network of four for each process and host.
  const network = (process.pid * 8 + hosts) % 16_384;
  const prefix = `198.18.${network >> 6}`;
  const [near, far] = [`${prefix}.${(network % 64) * 4 + 1}`, `${prefix}.${(network % 64) * 4 + 2}`];
  const [nearDevice, farDevice] = [`aas${process.pid}n${hosts}`, `aas${process.pid}f${hosts}`];

  const holder = start('unshare', ['--net', 'sleep', 'infinity'], teardown);
  const enter = [...DIES_WITH_US, 'nsenter', `--net=/proc/${holder.pid}/ns/net`, '--'];
  const own = await run('readlink', ['/proc/self/ns/net']);
  await until('the namespace is there', async () => {
    const its = await tryRun('readlink', [`/proc/${holder.pid}/ns/net`]);
    return its !== undefined && its !== own;
  });

  const ends = [await lineEnd(nearDevice, teardown), await lineEnd(farDevice, teardown)] as const;
  const line = { isCut: false };
  const toFar = carry(ends[0], ends[1], quality, line);
  carry(ends[1], ends[0], { ...quality, towardsFar: alone }, line);
  await run('ip', ['link', 'set', farDevice, 'netns', String(holder.pid)]);
  const inside = async (...args: string[]): Promise<string> => run('nsenter', [...enter.slice(4), 'ip', ...args]);
  await run('ip', ['address', 'add', near, 'peer', far, 'dev', nearDevice]);
  await run('ip', ['link', 'set', nearDevice, 'up']);
  await inside('link', 'set', 'lo', 'up');
  await inside('address', 'add', far, 'peer', near, 'dev', farDevice);
  await inside('link', 'set', farDevice, 'up');
  const cut = (isCut: boolean): void => {
    line.isCut = isCut;
  };
  return { near, far, enter, toFar, cut, listen: () => listenThere(enter, far), remove: () => teardown.run() };
}

async function listenThere(enter: readonly string[], host: string): Promise<Server> {
  const [program = '', ...rest] = [...enter, process.execPath, '-e', LISTEN_THERE, host];
  const env = { ...process.env, NODE_OPTIONS: '' };
  const child = spawn(program, rest, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const exited = once(child, 'exit');
  const server = await new Promise<Server>((resolve, reject) => {
    child.once('message', (_, handle) => resolve(handle as Server));
    child
      .once('error', reject)
      .once('exit', (code) => reject(new Error(`nothing listens at ${host}: exit code ${code}`)));
  });
  await exited;
  return server;
}

interface LineEnd {
  /** Where the device's packets arrive, one per datagram. */
  readonly socket: Socket;
  /** Where packets for the device are to be sent. */
  readonly port: number;
}

/** A TUN device whose packets come and go as UDP datagrams on loopback: socat(1) turns the one into the other. */
async function lineEnd(device: string, teardown: Teardown): Promise<LineEnd> {
  // This process may be busy for a moment: the line must not lose more than it is told to.
  const socket = createSocket({ type: 'udp4', recvBufferSize: LINE_BUFFER_OCTETS }).bind(0, '127.0.0.1');
  await once(socket, 'listening');
  teardown.add(() => void socket.close());
  const port = await freeUdpPort();
  const tun = `TUN,tun-name=${device},tun-type=tun,iff-no-pi`;
  start('socat', [tun, `UDP4:127.0.0.1:${socket.address().port},bind=127.0.0.1:${port}`], teardown);
  await until(`${device} is there`, async () => (await tryRun('ip', ['link', 'show', device])) !== undefined);
  return { socket, port };
}

interface Line {
  isCut: boolean;
}

function carry(from: LineEnd, to: LineEnd, quality: LineQuality, line: Readonly<Line>): Traffic {
  const { delayMs, jitterMs = 0, losesOneOf = 0, bitsPerSecond = Number.POSITIVE_INFINITY } = quality;
  const { towardsFar = alone } = quality;
  const traffic: Traffic = { packets: 0, octets: 0, lost: 0 };
  let isOpen = true;
  let freeAt = 0;
  to.socket.once('close', () => {
    isOpen = false;
  });
  const queue = new LineQueue((packet) => {
    if (isOpen && !line.isCut) to.socket.send(packet, to.port, '127.0.0.1', () => {});
  });
  const passUntil = (time: number): void => queue.passUntil(time);
  from.socket.on('message', (packet) => {
    const isUdp = packet[PROTOCOL_OFFSET] === UDP;
    if (isUdp) {
      traffic.packets += 1;
      traffic.octets += packet.length;
      if (losesOneOf > 0 && traffic.packets % losesOneOf === 0) {
        traffic.lost += 1;
        return;
      }
    }
    const now = performance.now();
    const begins = Math.max(now, freeAt);
    if (line.isCut || begins - now > QUEUE_MS) return;
    freeAt = begins + (packet.length * 8 * 1_000) / bitsPerSecond;
    const dueAt = freeAt + delayMs + (traffic.packets % 3) * (jitterMs / 2);
    for (const { packet: passed, afterMs } of isUdp ? towardsFar(packet, now) : alone(packet)) {
      queue.put(passed, dueAt + afterMs);
      setTimeout(passUntil, dueAt + afterMs - now, dueAt + afterMs).unref();
    }
  });
  return traffic;
}

function alone(packet: Buffer): readonly Passing[] {
  return [{ packet, afterMs: 0 }];
}

function start(program: string, args: readonly string[], teardown: Teardown): ChildProcess {
  const [first, ...rest] = [...DIES_WITH_US, program, ...args];
  const child = spawn(first, rest, { stdio: 'ignore' });
  const exited = new Promise((resolve) => child.once('exit', resolve).once('error', resolve));
  teardown.add(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  return child;
}

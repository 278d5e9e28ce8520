/**
 * The one UDP socket that receives the RTP of all participants, told apart by source address and port. What comes from
 * elsewhere is dropped and counted: that check is also what keeps strangers out of the audio.
 *
 * Asterisk may send before we have learnt from where, so the packets of unknown sources are kept for a moment.
 */

import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { StreamError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import { detailOf } from '../network-problem.js';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** A packet's octets; they are the receiver's to keep. */
export type PacketListener = (packet: Uint8Array) => void;

interface Source {
  readonly address: string;
  /** Undefined once nobody listens: what still comes from there is late, but no stranger's. */
  listener: PacketListener | undefined;
}

/** Room for the packets of many participants while this program is busy; the kernel grants at most net.core.rmem_max. */
const RECEIVE_BUFFER_OCTETS = 4 * 1024 * 1024;
/** How long packets of an unknown source are kept, of how many sources, how many of each, and how large. */
const EARLY_LIMIT_MS = 1000;
const EARLY_SOURCES = 256;
const EARLY_PACKETS = 50;
const EARLY_OCTETS = 2048;
/** Strangers are named in the log up to this many; all are counted. */
const STRANGERS_NAMED = 20;

export class RtpSocket {
  readonly counts = { received: 0, afterEnd: 0, strangers: 0 };
  readonly #socket: Socket;
  readonly #log: Log;
  /** By port first: an address is compared only where the port is one of ours. */
  readonly #sources = new Map<number, Source[]>();
  readonly #early = new Map<string, { readonly since: number; readonly packets: Buffer[] }>();
  readonly #strangers = new Set<string>();
  readonly #forgetting: NodeJS.Timeout;

  private constructor(socket: Socket, log: Log) {
    this.#socket = socket;
    this.#log = log;
    socket.on('message', (packet, from) => this.#onPacket(packet, from));
    this.#forgetting = setInterval(() => this.#forgetEarly(), EARLY_LIMIT_MS / 2);
    socket.on('error', (error) => log.error('the UDP socket for RTP reported an error', { error: error.message }));
  }

  /** Binds; port 0 takes any free one. Rejects with MEDIA_LISTEN_FAILED. */
  static async open({ host, port }: Endpoint, log: Log): Promise<RtpSocket> {
    const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', recvBufferSize: RECEIVE_BUFFER_OCTETS });
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.bind(port, host, () => {
          socket.off('error', reject);
          resolve();
        });
      });
    } catch (cause) {
      socket.close();
      throw new StreamError(
        'MEDIA_LISTEN_FAILED',
        'machine',
        `media.listen ${host}:${port}: ${detailOf(cause)}`,
        cause,
      );
    }
    return new RtpSocket(socket, log);
  }

  /** The port that was bound. */
  get port(): number {
    return this.#socket.address().port;
  }

  /** What the kernel granted, in octets; Linux reports twice the usable size. */
  get receiveBufferOctets(): number {
    return this.#socket.getRecvBufferSize();
  }

  /**
   * Hands this source's packets to the listener until the returned function is called. A source that is listened to
   * already passes to the new listener: Asterisk has then given its port to a new channel.
   */
  listen({ address, port }: { readonly address: string; readonly port: number }, listener: PacketListener): () => void {
    const source: Source = { address, listener };
    const others = (this.#sources.get(port) ?? []).filter((other) => other.address !== address);
    this.#sources.set(port, [...others, source]);
    const name = nameOf(address, port);
    const early = this.#early.get(name)?.packets ?? [];
    this.#early.delete(name);
    for (const packet of early) this.#deliver(packet, listener);
    return () => {
      source.listener = undefined;
    };
  }

  async close(): Promise<void> {
    clearInterval(this.#forgetting);
    await new Promise<void>((resolve) => this.#socket.close(resolve));
  }

  #onPacket(packet: Buffer, from: RemoteInfo): void {
    const source = this.#sources.get(from.port)?.find(({ address }) => address === from.address);
    if (source === undefined) this.#keepEarly(packet, nameOf(from.address, from.port));
    else if (source.listener === undefined) this.counts.afterEnd += 1;
    else this.#deliver(packet, source.listener);
  }

  #deliver(packet: Uint8Array, listener: PacketListener): void {
    this.counts.received += 1;
    listener(packet);
  }

  #keepEarly(packet: Buffer, name: string): void {
    const early = this.#early.get(name) ?? { since: performance.now(), packets: [] };
    const hasRoom =
      early.packets.length < EARLY_PACKETS && (early.packets.length > 0 || this.#early.size < EARLY_SOURCES);
    if (!hasRoom || packet.length > EARLY_OCTETS) {
      this.#countStrange(1, name);
      return;
    }
    early.packets.push(packet);
    this.#early.set(name, early);
  }

  #forgetEarly(): void {
    const before = performance.now() - EARLY_LIMIT_MS;
    for (const [name, { since, packets }] of this.#early) {
      if (since > before) continue;
      this.#early.delete(name);
      this.#countStrange(packets.length, name);
    }
  }

  #countStrange(packets: number, name: string): void {
    this.counts.strangers += packets;
    if (this.#strangers.size >= STRANGERS_NAMED || this.#strangers.has(name)) return;
    this.#strangers.add(name);
    this.#log.warn('packets came to the RTP port from where no tap sends: dropped', { from: name });
  }
}

function nameOf(address: string, port: number): string {
  return `${address}:${port}`;
}

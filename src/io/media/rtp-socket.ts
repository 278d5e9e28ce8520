/**
 * The one UDP socket that receives the RTP of all participants, told apart by source address and port. What comes from
 * elsewhere is dropped and counted: that check is also what keeps strangers out of the audio.
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
/** Strangers are named in the log up to this many; all are counted. */
const STRANGERS_NAMED = 20;

export class RtpSocket {
  readonly counts = { received: 0, afterEnd: 0, strangers: 0 };
  readonly #socket: Socket;
  readonly #log: Log;
  /** By port first: an address is compared only where the port is one of ours. */
  readonly #sources = new Map<number, Source[]>();
  readonly #strangers = new Set<string>();

  private constructor(socket: Socket, log: Log) {
    this.#socket = socket;
    this.#log = log;
    socket.on('message', (packet, from) => this.#onPacket(packet, from));
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
    return () => {
      source.listener = undefined;
    };
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#socket.close(resolve));
  }

  #onPacket(packet: Buffer, from: RemoteInfo): void {
    const source = this.#sources.get(from.port)?.find(({ address }) => address === from.address);
    if (source === undefined) {
      this.#onStranger(from);
      return;
    }
    if (source.listener === undefined) {
      this.counts.afterEnd += 1;
      return;
    }
    this.counts.received += 1;
    source.listener(packet);
  }

  #onStranger({ address, port }: RemoteInfo): void {
    this.counts.strangers += 1;
    const name = `${address}:${port}`;
    if (this.#strangers.size >= STRANGERS_NAMED || this.#strangers.has(name)) return;
    this.#strangers.add(name);
    this.#log.warn('a packet came to the RTP port from where no tap sends: dropped', { from: name });
  }
}

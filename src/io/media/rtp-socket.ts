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
import { QueueProbes } from './queue-probes.js';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** A packet's octets; they are the receiver's to keep. */
export type PacketListener = (packet: Uint8Array) => void;

/** The same as an object, where many listen: a function of each one's own is more to fetch from memory for each packet. */
export interface PacketTaker {
  take(packet: Uint8Array): void;
}

/** The source has ended; what it had sent before may come up to `lateMs` later (default: 0), and is then still handed over. */
export type StopListening = (lateMs?: number) => void;

/** Told how many packets one turn of the event loop has read, when there were any. */
export type TurnListener = (packets: number) => void;

interface Source {
  readonly address: string;
  /** Undefined once nobody listens: what still comes from there is late, but no stranger's. */
  listener: PacketTaker | undefined;
  /** What still comes belongs to the listener only if it bears the SSRC of what came before. */
  isEnding: boolean;
  /** What is read may still be of the former listener's time. */
  isBehind: boolean;
  /** Whose packets came last, and whose came before this listener: Asterisk uses ports again, and gives each channel an SSRC. */
  ssrc: number | undefined;
  readonly formerSsrc: number | undefined;
  /** The next one of the same port, at another address. */
  next: Source | undefined;
}

interface EarlyPacket {
  /** When it came, by performance.now(). */
  readonly at: number;
  readonly packet: Buffer;
}

interface Early {
  readonly packets: EarlyPacket[];
  /** A tap has been listened to there before: what comes too late for the next one is no stranger's. */
  readonly isOurs: boolean;
}

/** Room for the packets of many participants while this program is busy; the kernel grants at most net.core.rmem_max. */
export const RECEIVE_BUFFER_OCTETS = 4 * 1024 * 1024;
/** How long packets of an unknown source are kept, of how many sources, how many of each, and how large. */
const EARLY_LIMIT_MS = 1000;
const EARLY_SOURCES = 256;
const EARLY_PACKETS = 50;
const EARLY_OCTETS = 2048;
const RTP_HEADER_OCTETS = 12;
const SSRC_OFFSET = 8;
/** Strangers are named in the log up to this many; all are counted. */
const STRANGERS_NAMED = 20;

export class RtpSocket {
  readonly counts = { received: 0, afterEnd: 0, strangers: 0 };
  readonly #socket: Socket;
  readonly #log: Log;
  /** By port first: an address is compared only where the port is one of ours. */
  readonly #sources = new Map<number, Source>();
  readonly #early = new Map<string, Early>();
  readonly #probes: QueueProbes;
  readonly #strangers = new Set<string>();
  readonly #forgetting: NodeJS.Timeout;
  readonly #onTurn: TurnListener | undefined;
  #inTurn = 0;

  private constructor(socket: Socket, log: Log, onTurn: TurnListener | undefined) {
    this.#socket = socket;
    this.#log = log;
    this.#onTurn = onTurn;
    const { address, port } = socket.address();
    const own = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address;
    this.#probes = new QueueProbes((probe) => socket.send(probe, port, own, () => {}));
    socket.on('message', (packet, from) => this.#onMessage(packet, from));
    this.#forgetting = setInterval(() => this.#forgetEarly(), EARLY_LIMIT_MS / 2);
    socket.on('error', (error) => log.error('the UDP socket for RTP reported an error', { error: error.message }));
  }

  /** Binds; port 0 takes any free one. Rejects with MEDIA_LISTEN_FAILED. */
  static async open({ host, port }: Endpoint, log: Log, onTurn?: TurnListener): Promise<RtpSocket> {
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
    const rtp = new RtpSocket(socket, log, onTurn);
    // Whether probes come back is learnt while nothing else does: later a full buffer may keep them out for long.
    await new Promise<void>((done) => rtp.#probes.afterAllReceived(done));
    return rtp;
  }

  /** The port that was bound. */
  get port(): number {
    return this.#socket.address().port;
  }

  /** HOST:PORT of senders whom no tap knows, the first twenty. */
  get strangers(): readonly string[] {
    return [...this.#strangers];
  }

  /** The address that was bound. */
  get host(): string {
    return this.#socket.address().address;
  }

  /** What the kernel granted, in octets; Linux reports twice the usable size. */
  get receiveBufferOctets(): number {
    return this.#socket.getRecvBufferSize();
  }

  /**
   * Hands this source's packets to the listener until it is told to stop. A source that is listened to
   * already passes to the new listener: Asterisk has then given its port to a new channel. What came from there before
   * `since` (performance.now()) is still from the old one, and dropped: it is another party's audio. So is what of a source
   * that was listened to before has reached the kernel by now, and only waits to be read.
   */
  listen(
    { address, port }: { readonly address: string; readonly port: number },
    listener: PacketListener | PacketTaker,
    since: number,
  ): StopListening {
    const former = this.#sourceAt(address, port);
    const name = nameOf(address, port);
    const early = this.#early.get(name)?.packets ?? [];
    this.#early.delete(name);
    const stale = early.filter(({ at }) => at < since);
    this.counts.afterEnd += stale.length;
    const lastStale = stale.at(-1);
    const formerSsrc = lastStale === undefined ? former?.ssrc : ssrcOf(lastStale.packet);
    const next = without(this.#sources.get(port), former);
    const source: Source = {
      address,
      listener: typeof listener === 'function' ? { take: listener } : listener,
      isEnding: false,
      isBehind: false,
      ssrc: undefined,
      formerSsrc,
      next,
    };
    this.#sources.set(port, source);
    for (const { packet } of early.slice(stale.length)) this.#hand(packet, source);
    if (former !== undefined) {
      source.isBehind = true;
      this.#probes.afterAllReceived(() => {
        source.isBehind = false;
      });
    }
    return (lateMs = 0) => {
      const stop = (): void => {
        source.listener = undefined;
      };
      source.isEnding = true;
      if (lateMs > 0) setTimeout(stop, lateMs).unref();
      else stop();
    };
  }

  async close(): Promise<void> {
    clearInterval(this.#forgetting);
    this.#probes.close();
    await new Promise<void>((resolve) => this.#socket.close(resolve));
  }

  #sourceAt(address: string, port: number): Source | undefined {
    let source = this.#sources.get(port);
    while (source !== undefined && source.address !== address) source = source.next;
    return source;
  }

  #onMessage(packet: Buffer, from: RemoteInfo): void {
    if (this.#onTurn !== undefined && this.#inTurn++ === 0) setImmediate(() => this.#endTurn());
    this.#onPacket(packet, from);
  }

  #endTurn(): void {
    const packets = this.#inTurn;
    this.#inTurn = 0;
    this.#onTurn?.(packets);
  }

  #onPacket(packet: Buffer, from: RemoteInfo): void {
    const source = this.#sourceAt(from.address, from.port);
    // After the end another SSRC is another channel, which has been given the port, and is not listened to yet.
    if (source === undefined && this.#probes.take(packet)) return;
    const isKnown = source !== undefined && (!source.isEnding || source.ssrc === ssrcOf(packet));
    if (isKnown) this.#hand(packet, source);
    else this.#keepEarly(packet, nameOf(from.address, from.port), source !== undefined);
  }

  /** A packet may have waited in the kernel while this program was busy, and its port have passed to another channel. */
  #hand(packet: Buffer, source: Source): void {
    const ssrc = ssrcOf(packet);
    if (source.listener === undefined || source.isBehind || (ssrc !== undefined && ssrc === source.formerSsrc)) {
      this.counts.afterEnd += 1;
      return;
    }
    source.ssrc = ssrc;
    this.counts.received += 1;
    source.listener.take(packet);
  }

  #keepEarly(packet: Buffer, name: string, isOurs: boolean): void {
    const early = this.#early.get(name) ?? { packets: [], isOurs };
    const { length } = early.packets;
    const hasRoom = length < EARLY_PACKETS && (length > 0 || this.#early.size < EARLY_SOURCES);
    if (!hasRoom || packet.length > EARLY_OCTETS) {
      this.#countLost(1, name, isOurs);
      return;
    }
    early.packets.push({ at: performance.now(), packet });
    this.#early.set(name, early);
  }

  #forgetEarly(): void {
    const before = performance.now() - EARLY_LIMIT_MS;
    for (const [name, { packets, isOurs }] of this.#early) {
      if (packets[0] !== undefined && packets[0].at > before) continue;
      this.#early.delete(name);
      this.#countLost(packets.length, name, isOurs);
    }
  }

  #countLost(packets: number, name: string, isOurs: boolean): void {
    if (isOurs) {
      this.counts.afterEnd += packets;
      return;
    }
    this.counts.strangers += packets;
    if (this.#strangers.size >= STRANGERS_NAMED || this.#strangers.has(name)) return;
    this.#strangers.add(name);
    this.#log.warn('packets came to the RTP port from where no tap sends: dropped', { from: name });
  }
}

/** The synchronization source in the third word of an RTP header (RFC 3550, 5.1). */
function ssrcOf(packet: Buffer): number | undefined {
  return packet.length >= RTP_HEADER_OCTETS ? packet.readInt32BE(SSRC_OFFSET) : undefined;
}

/** The rest of the sources of a port. */
function without(first: Source | undefined, former: Source | undefined): Source | undefined {
  if (first === undefined || first === former) return first?.next;
  first.next = without(first.next, former);
  return first;
}

function nameOf(address: string, port: number): string {
  return `${address}:${port}`;
}

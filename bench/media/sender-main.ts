/** Stands for Asterisk's side of the RTP: each participant has a socket of its own, and sends every 20 ms. */
import { createSocket, type Socket } from 'node:dgram';
import { setPriority } from 'node:os';
import { seededRandom } from '../../lab/seeded-random.js';
import { sharedMs } from '../process/clock.js';
import { probe } from '../process/probe.js';
import { serve } from '../process/serve.js';
import { Lateness, Pacer, whyInvalid } from './pacing.js';
import { type MediaPath, PACKET_MS, pathNamed, payloadOctets, RTP_HEADER_OCTETS, samplesPerPacket } from './path.js';
import type { SenderOptions, SentPackets } from './senders-words.js';
import { writeStamp } from './stamp.js';

const TICK_MS = 1;
/** As nice(1) counts; Asterisk's own choice with -p is a real-time one. */
const PRIORITY = -10;
const SEED = 20_261;
/** Room beyond what is asked for, for the time that starting and stopping take. */
const SPARE_SECONDS = 20;

class Sender {
  readonly #path: MediaPath;
  readonly #sockets: Socket[] = [];
  readonly #packets: Buffer[];
  readonly #pacer: Pacer;
  readonly #isStamped: boolean;
  readonly #capacity: number;
  readonly #times: Float64Array;
  readonly #counts: Int32Array;
  #lateness = new Lateness();
  #refused = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor({ path, participants, seconds, isStamped }: SenderOptions) {
    this.#path = pathNamed(path);
    this.#isStamped = isStamped;
    this.#capacity = Math.ceil(((seconds + SPARE_SECONDS) * 1000) / PACKET_MS);
    this.#times = new Float64Array(participants * this.#capacity);
    this.#counts = new Int32Array(participants);
    this.#pacer = new Pacer(participants, SEED);
    const random = seededRandom(SEED);
    this.#packets = Array.from({ length: participants }, () => this.#template(random));
  }

  async open(): Promise<number[]> {
    for (const _ of this.#packets) {
      const socket = createSocket('udp4');
      this.#sockets.push(socket);
      await new Promise<void>((done, failed) => {
        socket.once('error', failed);
        socket.bind(0, '127.0.0.1', () => {
          socket.off('error', failed);
          done();
        });
      });
      socket.on('error', () => {
        this.#refused += 1;
      });
    }
    return this.#sockets.map((socket) => socket.address().port);
  }

  /** Those from `from` on send to these ports from now on. */
  async begin(destinations: readonly number[], from: number): Promise<void> {
    const connecting = destinations.map(
      (port, index) =>
        new Promise<void>((done) => this.#sockets[from + index]?.connect(port, '127.0.0.1', () => done())),
    );
    await Promise.all(connecting);
    for (let index = from; index < from + destinations.length; index++) {
      this.#pacer.add(index, sharedMs());
    }
    this.#timer ??= setInterval(() => this.#send(), TICK_MS);
  }

  /** The pace is judged from here on. */
  judge(): void {
    this.#lateness = new Lateness();
    this.#refused = 0;
  }

  /** What was sent until now, and how; nothing is sent after that. */
  end(): SentPackets {
    clearInterval(this.#timer);
    const lateness = this.#lateness;
    const pace = {
      packets: lateness.count,
      p50Ms: lateness.under(0.5),
      p99Ms: lateness.under(0.99),
      mostMs: lateness.mostMs,
      refused: this.#refused,
    };
    return { capacity: this.#capacity, times: this.#times, counts: this.#counts, pace, invalid: whyInvalid(pace) };
  }

  #send(): void {
    this.#pacer.takeDue(sharedMs(), (participant, number, dueMs) => {
      const [packet, socket] = [this.#packets[participant], this.#sockets[participant]];
      if (packet === undefined || socket === undefined || number >= this.#capacity) return;
      packet.writeUInt16BE(number & 0xffff, 2);
      packet.writeUInt32BE((packet.readUInt32BE(4) + samplesPerPacket(this.#path)) >>> 0, 4);
      if (this.#isStamped) writeStamp(packet, RTP_HEADER_OCTETS, number);
      const now = sharedMs();
      this.#times[participant * this.#capacity + number] = now;
      this.#counts[participant] = number + 1;
      this.#lateness.note(now - dueMs);
      socket.send(packet);
    });
  }

  #template(random: () => number): Buffer {
    const packet = Buffer.alloc(RTP_HEADER_OCTETS + payloadOctets(this.#path));
    // Noise: nothing on the way may be quicker with it than with speech.
    for (let at = RTP_HEADER_OCTETS; at < packet.length; at++) packet[at] = Math.floor(random() * 256);
    packet[0] = 0b1000_0000;
    packet[1] = this.#path.payloadType;
    // Any 32 bits, as a sender's begin (RFC 3550, 5.1): a JavaScript engine has other ways for small numbers.
    packet.writeUInt32BE(Math.floor(random() * 2 ** 32), 4);
    packet.writeUInt32BE(Math.floor(random() * 2 ** 32), 8);
    return packet;
  }
}

try {
  // A sender that waits for a processor is no picture of a telephone, whose packets come in time from elsewhere.
  setPriority(PRIORITY);
} catch {
  // Only root may; the pace that was kept is told anyway.
}

let sender: Sender | undefined;

function present(): Sender {
  if (sender === undefined) throw new Error('is not open');
  return sender;
}

serve({
  ...probe,
  open: (options: SenderOptions) => {
    sender = new Sender(options);
    return sender.open();
  },
  begin: ({ destinations, from }: { destinations: readonly number[]; from: number }) =>
    present().begin(destinations, from),
  judge: () => present().judge(),
  end: () => present().end(),
});

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { until } from '../../../lab/until.js';
import type { Log, LogFields } from '../../core/log.js';
import { RtpSocket } from './rtp-socket.js';

const HOST = '127.0.0.1';

class Sender {
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static async on(host = HOST, port = 0): Promise<Sender> {
    const socket = createSocket('udp4').bind(port, host);
    await once(socket, 'listening');
    const sender = new Sender(socket);
    senders.push(sender);
    return sender;
  }

  get source(): { address: string; port: number } {
    return this.#socket.address();
  }

  send(...packets: readonly (string | Buffer)[]): void {
    for (const packet of packets) this.#socket.send(packet, rtp.port, HOST);
  }

  /** Resolves when the packet is in the kernel, and before any is read. */
  async sent(packet: Buffer): Promise<void> {
    await new Promise((done) => this.#socket.send(packet, rtp.port, HOST, done));
  }

  close(): void {
    this.#socket.close();
  }
}

let rtp: RtpSocket;
let warnings: { message: string; fields: LogFields | undefined }[];
const senders: Sender[] = [];

const nothing = (): void => undefined;
const log: Log = {
  error: nothing,
  warn: (message, fields) => void warnings.push({ message, fields }),
  info: nothing,
  debug: nothing,
  isDebugEnabled: () => false,
};

beforeEach(async () => {
  warnings = [];
  rtp = await RtpSocket.open({ host: HOST, port: 0 }, log);
});
afterEach(async () => {
  for (const sender of senders.splice(0)) sender.close();
  await rtp.close();
});

/** A listener that keeps what it is handed, as text. */
function ear(): { heard: string[]; listener: (packet: Uint8Array) => void } {
  const heard: string[] = [];
  return { heard, listener: (packet) => void heard.push(Buffer.from(packet).toString()) };
}

/** RTP with nothing but an SSRC and a text. */
function packet(ssrc: number, text: string): Buffer {
  return Buffer.concat([Buffer.from([0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, ssrc]), Buffer.from(text)]);
}

describe('each source has its listener', () => {
  test('sources of one port at several addresses, also when one of them passes to a new listener', async () => {
    const first = await Sender.on();
    const { port } = first.source;
    const all = [first, await Sender.on('127.0.0.2', port), await Sender.on('127.0.0.3', port)];
    const ears = all.map(() => ear());
    all.forEach(({ source }, i) => void rtp.listen(source, ears[i]?.listener ?? nothing, 0));
    for (const sender of all) sender.send('at first');
    await until('each has heard its own', () => ears.every(({ heard }) => heard.length === 1));
    for (const sender of all) {
      const young = ear();
      rtp.listen(sender.source, young.listener, performance.now());
      await until('the new one hears', () => {
        sender.send('young');
        return young.heard.length > 0;
      });
    }
    expect(ears.map(({ heard }) => heard)).toEqual(all.map(() => ['at first']));
    expect(rtp.counts.strangers).toBe(0);
  });

  test('what a port sent before its new user was there is not handed to that one', async () => {
    const [sender, afterwards] = [await Sender.on(), await Sender.on()];
    const [{ heard, listener }, mark] = [ear(), ear()];
    rtp.listen(afterwards.source, mark.listener, 0);
    sender.send('of the old one');
    afterwards.send('all has come');
    await until('what was sent has come', () => mark.heard.length > 0);
    rtp.listen(sender.source, listener, performance.now());
    sender.send('of the new one');
    await until('it is heard', () => heard.length > 0);
    expect(heard).toEqual(['of the new one']);
    expect(rtp.counts.afterEnd).toBe(1);
  });

  test('nor what of the old one had waited in the kernel, which its SSRC tells', async () => {
    const sender = await Sender.on();
    const [old, young] = [ear(), ear()];
    const stop = rtp.listen(sender.source, old.listener, 0);
    sender.send(packet(1, 'old'));
    await until('it is heard', () => old.heard.length === 1);
    stop();
    const joinAskedAt = performance.now();
    sender.send(packet(1, 'old, late'), packet(2, 'young, early'));
    await until('the late one is counted', () => rtp.counts.afterEnd === 1);
    rtp.listen(sender.source, young.listener, joinAskedAt);
    sender.send(packet(1, 'old, later'), packet(2, 'young'));
    await until('both are heard', () => young.heard.length === 2);
    expect(young.heard.map((text) => text.slice(12))).toEqual(['young, early', 'young']);
  });

  test('nor what waits in the kernel of an old one of whom nothing was heard', async () => {
    const sender = await Sender.on();
    const [old, young] = [ear(), ear()];
    const stop = rtp.listen(sender.source, old.listener, 0);
    stop();
    await sender.sent(packet(1, 'old'));
    rtp.listen(sender.source, young.listener, performance.now());
    sender.send(packet(2, 'young'));
    await until('it is heard', () => young.heard.length > 0);
    expect([old.heard, young.heard.map((text) => text.slice(12))]).toEqual([[], ['young']]);
    expect(rtp.counts).toEqual({ received: 1, afterEnd: 1, strangers: 0 });
  });

  test('what is under way at the end is still heard, but not what another channel sends from that port', async () => {
    const sender = await Sender.on();
    const [old, young] = [ear(), ear()];
    const stop = rtp.listen(sender.source, old.listener, 0);
    sender.send(packet(1, 'said'));
    await until('it is heard', () => old.heard.length === 1);
    const LATE_MS = 500;
    stop(LATE_MS);
    const stopped = performance.now();
    sender.send(packet(2, 'young, early'), packet(1, 'under way'));
    await until('it is heard', () => old.heard.length === 2 || performance.now() - stopped > LATE_MS);
    await until('the time is over', () => performance.now() - stopped > LATE_MS + 20);
    sender.send(packet(1, 'too late'));
    await until('that is counted', () => rtp.counts.afterEnd > 0);
    rtp.listen(sender.source, young.listener, 0);
    expect([old.heard, young.heard].map((heard) => heard.map((text) => text.slice(12)))).toEqual([
      ['said', 'under way'],
      ['young, early'],
    ]);
  });

  test('two sources at once', async () => {
    const [one, other] = [await Sender.on(), await Sender.on()];
    const [fromOne, fromOther] = [ear(), ear()];
    rtp.listen(one.source, fromOne.listener, 0);
    rtp.listen(other.source, fromOther.listener, 0);
    one.send('a', 'b');
    other.send('c');
    await until('all have come', () => rtp.counts.received === 3);
    expect([fromOne.heard, fromOther.heard]).toEqual([['a', 'b'], ['c']]);
  });

  test('the same port at another address is another source', async () => {
    const here = await Sender.on();
    const { heard, listener } = ear();
    rtp.listen({ address: '192.0.2.1', port: here.source.port }, listener, 0);
    const right = ear();
    rtp.listen(here.source, right.listener, 0);
    here.send('a');
    await until('it has come', () => right.heard.length === 1);
    expect(heard).toEqual([]);
  });

  test('what comes after the end is late, and no stranger', async () => {
    const sender = await Sender.on();
    const { heard, listener } = ear();
    const stop = rtp.listen(sender.source, listener, 0);
    stop();
    sender.send('late');
    await until('it is counted', () => rtp.counts.afterEnd === 1);
    expect({ heard, counts: rtp.counts }).toEqual({ heard: [], counts: { received: 0, afterEnd: 1, strangers: 0 } });
  });

  test('a port that is used again passes to the new listener, whose stream the end of the old one leaves alone', async () => {
    const sender = await Sender.on();
    const [old, young] = [ear(), ear()];
    const stopOld = rtp.listen(sender.source, old.listener, 0);
    sender.send('old');
    await until('the old one heard', () => old.heard.length === 1);

    rtp.listen(sender.source, young.listener, 0);
    sender.send('new');
    await until('the new one hears', () => young.heard.length === 1);
    stopOld();
    sender.send('newer');
    await until('the new one still hears', () => young.heard.length === 2);
    expect([old.heard, young.heard]).toEqual([['old'], ['new', 'newer']]);
  });
});

describe('sources that are not known', () => {
  /** Sent after the others from a known source: when it has come, so have they. */
  async function allArrived(): Promise<void> {
    const sender = await Sender.on();
    const { heard, listener } = ear();
    rtp.listen(sender.source, listener, 0);
    sender.send('last');
    await until('the last packet has come', () => heard.length === 1);
  }

  test('what comes before the source is known is kept and handed over in order', async () => {
    const sender = await Sender.on();
    sender.send('1', '2', '3');
    await allArrived();
    const { heard, listener } = ear();
    rtp.listen(sender.source, listener, 0);
    expect(heard).toEqual(['1', '2', '3']);
    sender.send('4');
    await until('the next has come', () => heard.length === 4);
    expect(rtp.counts.strangers).toBe(0);
  });

  test('of one source a second of audio is kept, and no packet that is larger than any of RTP', async () => {
    const sender = await Sender.on();
    sender.send(Buffer.alloc(2_049), ...Array.from({ length: 52 }, (_, n) => String(n)));
    await allArrived();
    expect(rtp.counts.strangers).toBe(3);
    const { heard, listener } = ear();
    rtp.listen(sender.source, listener, 0);
    expect(heard).toEqual(Array.from({ length: 50 }, (_, n) => String(n)));
  });

  test('who is not listened to in time is a stranger: counted, named once, and kept no longer', async () => {
    const stranger = await Sender.on();
    const { port } = stranger.source;
    stranger.send('a', 'b');
    await until('they are counted', () => rtp.counts.strangers === 2);
    stranger.send('c');
    await until('that is counted too', () => rtp.counts.strangers === 3);
    expect(warnings).toEqual([{ message: expect.stringContaining('dropped'), fields: { from: `${HOST}:${port}` } }]);
    const { heard, listener } = ear();
    rtp.listen(stranger.source, listener, 0);
    expect(heard).toEqual([]);
  });
});

describe('a port that cannot be had', () => {
  test('is in use', async () => {
    await expect(RtpSocket.open({ host: HOST, port: rtp.port }, log)).rejects.toMatchObject({
      code: 'MEDIA_LISTEN_FAILED',
      blame: 'machine',
      message: expect.stringContaining(`${HOST}:${rtp.port}`),
    });
  });

  test('is at an address of another machine', async () => {
    await expect(RtpSocket.open({ host: '192.0.2.1', port: 0 }, log)).rejects.toMatchObject({
      code: 'MEDIA_LISTEN_FAILED',
    });
  });

  test('is free again after the close', async () => {
    const { port } = rtp;
    await rtp.close();
    rtp = await RtpSocket.open({ host: HOST, port }, log);
    expect(rtp.port).toBe(port);
  });
});

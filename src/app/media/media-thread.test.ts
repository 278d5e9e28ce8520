/** The media plane behind messages does and tells the same as in this thread, also where its clock began at another time. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { afterEach, describe, expect, test } from '@jest/globals';
import { until } from '../../../lab/until.js';
import { streamingTo, textReceiver } from '../../../test/media-stage.js';
import { l16, rtp } from '../../../test/rtp-packets.js';
import { settingsWith } from '../../../test/settings-with.js';
import type { Log } from '../../core/log.js';
import { clockOriginMs } from '../../io/thread.js';
import { streamingOptions } from '../streaming-options.js';
import type { Plane } from './media.js';
import type { PlaneNews } from './media-news.js';
import { MediaThread } from './media-thread.js';
import { openPlane } from './open-plane.js';
import { PlaneService } from './plane-service.js';
import type { FromMediaThread, ToMediaThread } from './thread-messages.js';

const settings = settingsWith({ 'streaming.serverAddress': 'wss://example.com/', 'streaming.secret.value': 's' });
const streaming = streamingOptions(settings.streaming);
const toClose: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

/** A log that keeps what it is told. */
function keptLog(lines: string[]): Log {
  const keep = (message: string): void => void lines.push(message);
  return { error: keep, warn: keep, info: keep, debug: keep, isDebugEnabled: () => true };
}

const PLANES = {
  'in this thread': async (lines: string[], url: string): Promise<{ media: Plane; now: () => number }> => {
    const start = { listen: { host: '127.0.0.1', port: 0 }, wantsOpus: false, streaming: streamingTo(url) };
    return { media: await openPlane(start, keptLog(lines)), now: () => performance.now() };
  },
  /** As in another thread, of which this one's clock is 5 s ahead. */
  'behind messages': async (lines: string[], url: string): Promise<{ media: Plane; now: () => number }> => {
    const { port1, port2 } = new MessageChannel();
    const post = (message: FromMediaThread): void => port2.postMessage(message);
    const opened = once(port1, 'message');
    const start = {
      listen: { host: '127.0.0.1', port: 0 },
      wantsOpus: false,
      streaming: streamingTo(url),
      isDebug: true,
    };
    const service = await PlaneService.open(
      { ...start, clockOriginMs: clockOriginMs() - 5_000 },
      clockOriginMs(),
      post,
    );
    port2.on('message', (message: ToMediaThread) => void service?.handle(message));
    const [first] = (await opened) as [FromMediaThread];
    if (first.kind !== 'opened') throw new Error(first.kind);
    const media = new MediaThread(
      { post: (message) => port1.postMessage(message), end: async () => port1.close() },
      first.socket,
    );
    port1.on('message', (message: FromMediaThread) => {
      if (message.kind === 'log') lines.push(message.message);
      else if (message.kind !== 'opened' && message.kind !== 'refused') media.onMessage(message);
    });
    return { media, now: () => performance.now() + 5_000 };
  },
} as const;

async function receiver(): Promise<{ url: string; texts: string[] }> {
  const { close, ...opened } = await textReceiver();
  toClose.push(close);
  return opened;
}

async function phone(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  toClose.push(() => socket.close());
  return socket;
}

const SAMPLES = 160;
/** Slin at 8 kHz. */
const PAYLOAD_TYPE = 10;

/** So many packets from this number on, each of them of samples that bear its number. */
function speak(socket: Socket, port: number, from: number, count: number): void {
  for (let sequence = from; sequence < from + count; sequence++) {
    const payload = l16(new Int16Array(SAMPLES).fill(sequence + 1));
    socket.send(
      rtp({ sequence, timestamp: sequence * SAMPLES, payloadType: PAYLOAD_TYPE, payload }),
      port,
      '127.0.0.1',
    );
  }
}

/** One participant's life: it speaks, is paused, heard and measured, moves, loses packets and goes. */
async function life(media: Plane, now: () => number, texts: readonly string[]) {
  const news: PlaneNews[] = [];
  media.hear((one) => news.push(one));
  const socket = await phone();
  const spoken = async (from: number, count: number): Promise<void> => {
    speak(socket, media.socket.port, from, count);
    const wanted = from + count;
    await until(
      'all packets have come',
      async () => (await media.ask({ kind: 'packets' })).ofTaps.get(1) === wanted - lost,
    );
  };
  let lost = 0;
  const begun = now();
  for (const order of [
    { kind: 'arm', participant: 1, channelid: 'PJSIP/1001-1', callid: '1.1' },
    { kind: 'tap', participant: 1, tap: 1 },
    { kind: 'listen', tap: 1, source: { address: '127.0.0.1', port: socket.address().port }, since: begun },
    { kind: 'callflow', callid: '1.1', callflow: 'queue' },
    { kind: 'open', participant: 1, callid: '1.1', number: '1001' },
    { kind: 'hear', participant: 1, isWanted: true },
    { kind: 'measure', isOn: true },
  ] as const) {
    media.order(order);
  }
  await spoken(0, 8);
  media.order({ kind: 'callflow', callid: '1.1', callflow: '' });
  const live = await media.ask({ kind: 'live' });
  media.order({ kind: 'hear', participant: 1, isWanted: false });
  media.order({ kind: 'pause', participant: 1, isPaused: true });
  await spoken(8, 4);
  media.order({ kind: 'pause', participant: 1, isPaused: false });
  media.order({ kind: 'move', participant: 1, callid: '2.2' });
  media.order({ kind: 'call-over', callid: '1.1' });
  lost = 4;
  await spoken(16, 8);
  // Once what is missing is given up.
  await until('what was lost is given up', async () => {
    const outcomes = await media.ask({ kind: 'outcomes', participants: [1] });
    return (outcomes.get(1)?.stats.lostMs ?? 0) > 0;
  });
  const outcome = (await media.ask({ kind: 'outcomes', participants: [1, 2] })).get(1);
  const countOf = (wanted: PlaneNews['kind']): number => news.filter(({ kind }) => kind === wanted).length;
  await until(
    'the first call is delivered and the second one connected',
    () => countOf('delivered') === 1 && countOf('receiver-connected') === 2,
  );
  media.order({ kind: 'close', participant: 1, at: now() });
  media.order({ kind: 'call-over', callid: '2.2' });
  await until('all is delivered', () => countOf('delivered') === 2);
  media.order({ kind: 'stop', tap: 1, lateMs: 0 });
  const figures = await media.ask({ kind: 'figures' });
  const ended = now();
  return { news, live, outcome, figures, texts, begun, ended };
}

describe.each(Object.keys(PLANES) as (keyof typeof PLANES)[])('%s', (where) => {
  test('a participant streams, is heard, measured, paused and moved, and all of it is told', async () => {
    const { url, texts } = await receiver();
    const lines: string[] = [];
    const { media, now } = await PLANES[where](lines, url);
    toClose.push(() => media.close());
    const { news, live, outcome, figures, begun, ended } = await life(media, now, texts);

    expect(news.map(({ kind }) => kind).filter((kind) => kind !== 'fragment')).toEqual([
      'first-packet',
      'receiver-connected',
      'moved',
      expect.stringMatching(/receiver-connected|delivered/),
      expect.anything(),
      'ended',
      'delivered',
    ]);
    const heard = news.flatMap((one) => (one.kind === 'fragment' ? [one.pcm] : []));
    expect(heard.map((pcm) => [pcm.constructor.name, pcm.length, pcm[0], pcm.at(-1)])).toEqual([
      ['Int16Array', 640, 1, 4],
      ['Int16Array', 640, 5, 8],
    ]);
    expect(live).toMatchObject([{ participant: 1, callid: '1.1', fragments: 2, reconnects: 0, level: { peak: 8 } }]);
    expect(live[0]?.level.samples).toBe(1280);

    const messages = texts.map((text) => JSON.parse(text));
    const said = messages.map(({ callid, callflow, status, audio }) => [
      callid,
      callflow,
      status === 'end' ? 'end' : Buffer.from(audio, 'base64').readInt16LE(0),
    ]);
    expect(said.filter(([callid]) => callid === '1.1')).toEqual([
      ['1.1', 'queue', 1],
      ['1.1', 'queue', 5],
      ['1.1', '', 0],
      ['1.1', '', 'end'],
    ]);
    expect(said.filter(([callid]) => callid === '2.2')).toEqual([
      ['2.2', '', 0],
      ['2.2', '', 17],
      ['2.2', '', 21],
      ['2.2', '', 'end'],
    ]);

    expect(outcome?.stats).toMatchObject({ packets: 20, lost: 4, lostMs: 80, pausedMs: 80 });
    expect(outcome?.gaps.map(({ why }) => why)).toEqual(['paused', 'lost']);
    // On the clock of who asks.
    for (const { at } of outcome?.gaps ?? []) {
      expect(at).toBeGreaterThan(begun - 100);
      expect(at).toBeLessThan(ended);
    }
    expect(figures).toMatchObject({
      packets: { fragments: 6, lost: 4 },
      sent: { fragments: 6, messages: 8, dropped: 0, unconfirmed: 0 },
      connections: { open: 0 },
      rtp: { received: 20, strangers: 0 },
    });
    expect(figures.sent.delay.sum).toBeGreaterThan(0);
    expect(figures.sent.delay.counts.reduce((sum, count) => sum + count, 0)).toBe(6);
    expect(lines).toEqual(expect.arrayContaining(['participant streams', 'participant ended', 'call streamed']));
  });
});

test('of two taps of a participant only the newer is heard, and each is counted', async () => {
  const { media } = await PLANES['behind messages']([], 'ws://127.0.0.1:9/');
  toClose.push(() => media.close());
  const [older, newer] = [await phone(), await phone()];
  media.order({ kind: 'arm', participant: 1, channelid: 'PJSIP/1001-1', callid: '1.1' });
  for (const [tap, socket] of [older, newer].entries()) {
    const source = { address: '127.0.0.1', port: socket.address().port };
    media.order({ kind: 'tap', participant: 1, tap });
    media.order({ kind: 'listen', tap, source, since: 0 });
  }
  speak(older, media.socket.port, 0, 3);
  speak(newer, media.socket.port, 0, 2);
  await until('all packets have come', async () => (await media.ask({ kind: 'figures' })).rtp.received === 5);
  const { ofTaps, ofParticipants } = await media.ask({ kind: 'packets' });
  expect([[...ofTaps], [...ofParticipants]]).toEqual([
    [
      [0, 3],
      [1, 2],
    ],
    [[1, 2]],
  ]);
});

test('what cannot be opened is refused with its code', async () => {
  const socket = await phone();
  const posted: FromMediaThread[] = [];
  const listen = { host: '127.0.0.1', port: socket.address().port };
  const start = { listen, wantsOpus: false, streaming, isDebug: false, clockOriginMs: 0 };
  expect(await PlaneService.open(start, 0, (message) => posted.push(message))).toBe(undefined);
  expect(posted).toMatchObject([{ kind: 'refused', error: { code: 'MEDIA_LISTEN_FAILED', blame: 'machine' } }]);
});

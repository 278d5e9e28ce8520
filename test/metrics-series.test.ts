/** What the metrics hold: the same series whatever calls there are, and no name of anybody. */
import { createSocket } from 'node:dgram';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { until } from '../lab/until.js';
import { StreamError } from '../src/core/errors.js';
import { METRICS } from '../src/io/monitoring/metrics-table.js';
import { channel, settings } from './call-tracking.js';
import { type MonitoredParts, monitoredParts, streamingTo } from './monitored-parts.js';
import { type Scrape, sampleOf, seriesOf } from './prometheus-text.js';
import { l16, rtp } from './rtp-packets.js';

const CALLS = 1000;
const NOBODY = 'ws://127.0.0.1:9/';

let parts: MonitoredParts;
beforeEach(async () => {
  parts = await monitoredParts(NOBODY);
});
afterEach(async () => {
  await parts.calls.shutDown();
  await parts.close();
});

function partyOf(call: number) {
  const number = String(2_000_000 + call);
  return channel(number, { name: `PJSIP/${number}-0000beef`, linkedid: `1755940${call}.7`, isUp: true });
}

/** 1,000 calls of one party each come, and go. */
async function manyCalls(): Promise<Scrape> {
  const all = Array.from({ length: CALLS }, (_, call) => partyOf(call));
  for (const each of all) parts.calls.onEvent({ kind: 'channel', channel: each });
  const during = await parts.scrape();
  for (const { id } of all) parts.calls.onEvent({ kind: 'channel-gone', channelId: id });
  await until('all streams have ended', () => parts.sources.tally.participants.present.size === 0);
  return during;
}

const PREFIX = 'ari_audio_stream_';
const value = (scrape: Scrape, series: string) => sampleOf(scrape, `${PREFIX}${series}`);
/** Node's own series come and go with what happens to be open, which is no matter of ours. */
const ours = (scrape: Scrape) => seriesOf(scrape).filter((series) => !series.startsWith(`${PREFIX}nodejs_`));

test('1,000 calls, numbers and channels add no series, and none names one of them', async () => {
  const before = await parts.scrape();
  const during = await manyCalls();
  const after = await parts.scrape();
  expect(ours(during)).toEqual(ours(before));
  expect(ours(after)).toEqual(ours(before));
  expect(seriesOf(after).join('\n')).not.toMatch(/2000\d{3}|1755940|PJSIP|beef/);

  expect(value(during, 'calls_active')).toBe(CALLS);
  expect(value(during, 'participants_active')).toBe(CALLS);
  for (const series of ['calls_active', 'participants_active']) expect(value(after, series)).toBe(0);
  for (const series of ['calls_total', 'participants_total']) expect(value(after, series)).toBe(CALLS);
}, 60_000);

test('what has ended is let go of, also a stream that was replaced by one of the settings its call began with', async () => {
  const { calls, sources } = parts;
  const parties = ['1001', '1002'].map((number) => channel(number, { linkedid: '100.1', isUp: true }));
  for (const each of parties) {
    calls.onEvent({ kind: 'channel', channel: each });
    const stream = { sampleRate: 16_000, fragmentSamples: 640 };
    calls.apply(settings({ extensions: ['*'] }), { ...streamingTo('ws://127.0.0.1:10/'), stream }, false);
  }
  expect(sources.tally.participants.present.size).toBe(2);
  expect(sources.tally.streams.total).toBe(3);
  for (const { id } of parties) calls.onEvent({ kind: 'channel-gone', channelId: id });
  const { tally } = sources;
  const kept = () =>
    [tally.calls, tally.participants, tally.taps, tally.streams, tally.sessions].map((of) => of.present.size);
  await until('nothing is kept', () => kept().every((size) => size === 0));
});

test('failures of every kind add no series either', async () => {
  const before = await parts.scrape();
  const { receiver, asterisk, tally } = parts.sources;
  for (const code of ['RECEIVER_REFUSED', 'ARI_REFUSED', 'UNEXPECTED', 'TAP_FAILED'] as const) {
    const error = new StreamError(code, 'us', `${code} of PJSIP/1`);
    receiver.failed(error, '1755940023.7');
    asterisk.failed(error);
    tally.requestFailures.add(error);
  }
  const after = await parts.scrape();
  expect(ours(after)).toEqual(ours(before));
  expect(value(after, 'receiver_failures_total{code="RECEIVER_REFUSED"}')).toBe(1);
  expect(value(after, 'ari_failures_total{code="ARI_REFUSED"}')).toBe(1);
});

test('every metric of the table is there from the start, with its type and its words', async () => {
  const scrape = await parts.scrape();
  for (const { name, type, help } of METRICS) {
    const metric = scrape.get(`${PREFIX}${name}`);
    expect({ name, type: metric?.type, help: metric?.help }).toEqual({ name, type, help });
    expect([name, metric?.series.size]).not.toEqual([name, 0]);
  }
  expect([...scrape.keys()].filter((name) => !name.startsWith(PREFIX))).toEqual([]);
});

test('a port that strangers send to, and every loss, shows', async () => {
  const sender = createSocket('udp4');
  try {
    const packet = rtp({ payload: l16(new Int16Array(160)) });
    sender.send(packet, parts.sources.rtp.port, '127.0.0.1');
    await until('the stranger is counted', async () => {
      const scrape = await parts.scrape();
      return value(scrape, 'rtp_packets_ignored_total{reason="stranger"}') === 1;
    });
  } finally {
    sender.close();
  }
});

/** Metrics and health of the real thing: scraped during and after real calls, outages of both sides included. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Lab, startLab } from '../../lab/lab.js';
import { until } from '../../lab/until.js';
import { BEAT_EVERY_MS, STUCK_AFTER_MS } from '../../src/core/monitoring/pulse.js';
import { FRAGMENT_SAMPLES } from '../../src/core/relay/protocol.js';
import { parsePrometheusText, type Scrape, sampleOf, seriesOf } from '../prometheus-text.js';
import { AddOn, type SettingsPart } from './add-on.js';
import { nothingLeft } from './leftovers.js';
import { ListeningReceiver } from './listening-receiver.js';
import { flows, NOISY_EXTENSIONS, noiseCall, RATE } from './noise-call.js';

const START_LIMIT_MS = 300_000;
const TEST_LIMIT_MS = 90_000;
const PARTIES = ['1100', '1101'] as const;
const PREFIX = 'ari_audio_stream_';
const FRAGMENT_BYTES = FRAGMENT_SAMPLES[RATE] * 2;

let lab: Lab;
let receiver: ListeningReceiver;
let addOn: AddOn;

beforeAll(async () => {
  lab = await startLab({ extensions: NOISY_EXTENSIONS });
}, START_LIMIT_MS);
beforeEach(async () => {
  receiver = await new ListeningReceiver({ sampleRate: RATE }).start();
});
afterEach(async () => {
  await receiver.stop();
  await addOn.stop();
  expect(addOn.output).not.toContain('"code":"UNEXPECTED"');
}, TEST_LIMIT_MS);
afterAll(async () => lab?.stop(), TEST_LIMIT_MS);

async function linked(changes: SettingsPart = {}): Promise<void> {
  addOn = await AddOn.linked(lab, receiver, changes);
}

async function scrape(): Promise<Scrape> {
  const answer = await fetch(`${addOn.monitoringUrl}/metrics`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ]);
  return parsePrometheusText(await answer.text());
}

const of = (scraped: Scrape, series: string) => sampleOf(scraped, `${PREFIX}${series}`);
const read = (scraped: Scrape, ...series: string[]) => Object.fromEntries(series.map((one) => [one, of(scraped, one)]));

/** Scrapes until it is so. */
async function shows(fact: string, isSo: (scraped: Scrape) => boolean): Promise<Scrape> {
  return until(fact, async () => {
    const scraped = await scrape();
    return isSo(scraped) && scraped;
  });
}

async function asked(path: '/healthz' | '/readyz'): Promise<{ status: number; report: Record<string, unknown> }> {
  const answer = await fetch(`${addOn.monitoringUrl}${path}`);
  return { status: answer.status, report: (await answer.json()) as Record<string, unknown> };
}

const ours = (scraped: Scrape) => seriesOf(scraped).filter((series) => !series.startsWith(`${PREFIX}nodejs_`));

test(
  'a call shows while it lasts; afterwards the figures are what the receiver got',
  async () => {
    await linked();
    const health = await asked('/healthz');
    expect(health).toMatchObject({ status: 200, report: { status: 'ok', version: expect.stringMatching(/^\d+\./) } });
    const ready = await asked('/readyz');
    expect(ready).toMatchObject({ status: 200, report: { asterisk: { state: 'up' }, missing: [], warnings: [] } });
    const before = await scrape();
    expect(of(before, 'ari_up')).toBe(1);

    const call = await noiseCall(lab, receiver, ...PARTIES);
    const during = await scrape();
    const OPEN = 'receiver_connections{state="open"}';
    expect(read(during, 'calls_active', 'participants_active', 'taps_active', OPEN)).toEqual({
      calls_active: 1,
      participants_active: 2,
      taps_active: 2,
      [OPEN]: 1,
    });
    expect(of(during, 'rtp_packets_received_total')).toBeGreaterThan(50);
    expect(await asked('/readyz')).toMatchObject({ report: { receiver: { state: 'reached' } } });

    await call.caller.hangUp();
    const streams = await receiver.ended(PARTIES);
    await nothingLeft(lab);
    await until('the connection is closed', () => receiver.connections === 0);
    const after = await shows('no tap is left', (scraped) => of(scraped, 'taps_active') === 0);

    const fragments = streams.reduce((sum, stream) => sum + stream.fragments.length, 0);
    const figures = {
      calls_active: 0,
      calls_total: 1,
      participants_active: 0,
      participants_total: 2,
      taps_made_total: 2,
      taps_failed_total: 0,
      fragments_total: fragments,
      fragments_sent_total: fragments,
      audio_sent_bytes_total: fragments * FRAGMENT_BYTES,
      messages_sent_total: fragments + PARTIES.length,
      fragment_delay_seconds_count: fragments,
      'fragment_delay_seconds_bucket{le="60"}': fragments,
      fragments_resent_total: 0,
      'fragments_lost_total{reason="buffer_full"}': 0,
      'fragments_lost_total{reason="unconfirmed"}': 0,
      'queue_messages{state="waiting"}': 0,
      'queue_messages{state="unconfirmed"}': 0,
      queue_oldest_seconds: 0,
      'rtp_packets_lost_total{reason="kernel"}': 0,
      'rtp_packets_ignored_total{reason="stranger"}': 0,
      'ari_request_duration_seconds_count{request="snoop"}': 2,
      'ari_request_duration_seconds_count{request="external-media"}': 2,
      'ari_request_duration_seconds_count{request="other"}': 0,
      receiver_reconnects_total: 0,
    };
    expect(read(after, ...Object.keys(figures))).toEqual(figures);
    expect(ours(after)).toEqual(ours(before));
    expect(seriesOf(after).join('\n')).not.toMatch(/PJSIP|110[01]/);
  },
  TEST_LIMIT_MS,
);

test(
  'an outage of the receiver shows, in the queue and as a warning, and leaves the add-on ready',
  async () => {
    await linked();
    const call = await noiseCall(lab, receiver, ...PARTIES);
    await receiver.stop();
    const away = await shows(
      'messages wait',
      (scraped) =>
        of(scraped, 'queue_messages{state="waiting"}') > 50 &&
        of(scraped, 'receiver_connections{state="waiting"}') === 1,
    );
    expect(of(away, 'queue_oldest_seconds')).toBeGreaterThan(0.9);
    expect(of(away, 'receiver_up')).toBe(0);
    const failures = ['RECEIVER_REFUSED', 'RECEIVER_CONNECTION_LOST'].map((code) =>
      of(away, `receiver_failures_total{code="${code}"}`),
    );
    expect(failures[0]).toBeGreaterThan(0);
    expect(failures[1]).toBe(1);
    expect(await asked('/readyz')).toMatchObject({
      status: 200,
      report: {
        warnings: [expect.stringMatching(/^the receiver is missing for \d+ s: Nothing answers at the address/)],
        receiver: { state: 'away', code: 'RECEIVER_REFUSED' },
      },
    });

    await receiver.start();
    await flows(receiver, PARTIES, 50);
    const back = await shows('the queue is empty', (scraped) => of(scraped, 'queue_messages{state="waiting"}') === 0);
    expect(of(back, 'receiver_reconnects_total')).toBe(1);
    expect(of(back, 'receiver_up')).toBe(1);
    // What was said while it was away had to wait for more than half a second.
    const late = of(back, 'fragment_delay_seconds_count') - of(back, 'fragment_delay_seconds_bucket{le="0.5"}');
    expect(late).toBeGreaterThan(10);
    expect(await asked('/readyz')).toMatchObject({ report: { warnings: [], receiver: { state: 'reached' } } });

    await call.caller.hangUp();
    const streams = await receiver.ended(PARTIES);
    await until('the connection is closed', () => receiver.connections === 0);
    const after = await shows('the call is over', (scraped) => of(scraped, 'fragments_total') > 0);
    const received = streams.reduce((sum, stream) => sum + stream.fragments.length, 0);
    // What came twice is at most what was sent twice: some of that had never come the first time.
    expect(of(after, 'fragments_sent_total')).toBe(of(after, 'fragments_total'));
    expect(received).toBeGreaterThanOrEqual(of(after, 'fragments_total'));
    expect(received).toBeLessThanOrEqual(of(after, 'fragments_total') + of(after, 'fragments_resent_total'));
  },
  TEST_LIMIT_MS,
);

test(
  'without Asterisk it is healthy and not ready, and says why; with it, it is ready again',
  async () => {
    await linked();
    await lab.pbx.kill();
    try {
      await addOn.reports('ARI_CONNECTION_LOST');
      await shows('the link is down', (scraped) => of(scraped, 'ari_up') === 0);
      const { status, report } = await asked('/readyz');
      expect([status, report.missing]).toEqual([
        503,
        [expect.stringMatching(/^the link to Asterisk is missing for \d+ s: (The connection|Nothing answers)/)],
      ]);
      expect((await asked('/healthz')).status).toBe(200);
    } finally {
      await lab.restartPbx();
    }
    const again = await shows('the link is up', (scraped) => of(scraped, 'ari_up') === 1);
    expect(of(again, 'ari_reconnects_total')).toBe(1);
    expect(of(again, 'ari_failures_total{code="ARI_CONNECTION_LOST"}')).toBe(1);
    expect((await asked('/readyz')).status).toBe(200);
  },
  TEST_LIMIT_MS,
);

test(
  'a program that hung for six seconds says so for ten, and then that it works again',
  async () => {
    await linked();
    addOn.signal('SIGSTOP');
    await pause(STUCK_AFTER_MS + BEAT_EVERY_MS + 500);
    addOn.signal('SIGCONT');
    const stuck = await until('it answers', () => asked('/healthz').then((answer) => answer.status === 503 && answer));
    expect(stuck.report).toMatchObject({ status: 'stuck', timerLateSeconds: expect.any(Number) });
    expect(stuck.report.timerLateSeconds).toBeGreaterThan(STUCK_AFTER_MS / 1000);
    expect(of(await scrape(), 'timer_late_seconds')).toBeGreaterThan(STUCK_AFTER_MS / 1000);
    await until('it works again', async () => (await asked('/healthz')).status === 200, 15_000);
  },
  TEST_LIMIT_MS,
);

test(
  'a port that is taken ends the start in words; switched off, nothing listens',
  async () => {
    await linked();
    const listen = new URL(addOn.monitoringUrl).host;
    const second = await AddOn.start(lab, receiver, { monitoring: { listen }, asterisk: { app: 'second' } });
    expect(await second.exited).toBe(1);
    expect(second.text).toContain(`MONITORING_LISTEN_FAILED: The listener for monitoring could not be opened: `);
    expect(second.text).toContain(`monitoring.listen ${listen}: `);
    expect(second.text).toContain('EADDRINUSE');

    const third = await AddOn.start(lab, receiver, { monitoring: { listen: 'off' }, asterisk: { app: 'third' } });
    try {
      await third.says('connected to Asterisk');
      expect(() => third.monitoringUrl).toThrow('has not said');
    } finally {
      await third.stop();
    }
  },
  TEST_LIMIT_MS,
);

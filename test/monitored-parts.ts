/** The parts of the add-on that are monitored, on real sockets and with an Asterisk that answers whatever is asked. */

import { AsteriskHealth } from '../src/app/asterisk-health.js';
import type { StreamingOptions } from '../src/app/call-streams.js';
import { type FigureSources, readFigures } from '../src/app/figures.js';
import { MediaPlane } from '../src/app/media/media-plane.js';
import { MediaRouter } from '../src/app/media/media-router.js';
import type { MediaTally } from '../src/app/media/media-tally.js';
import { PlaneIntake } from '../src/app/media/plane-intake.js';
import { ReceiverHealth } from '../src/app/receiver-health.js';
import { StreamedCalls } from '../src/app/streamed-calls.js';
import { Tally } from '../src/app/tally.js';
import { ResourceNames } from '../src/core/call/resource-id.js';
import type { Log } from '../src/core/log.js';
import { AriRequests } from '../src/io/ari/ari-requests.js';
import { TimedTransport } from '../src/io/ari/timed-transport.js';
import { RtpSocket } from '../src/io/media/rtp-socket.js';
import { MetricsRegistry } from '../src/io/monitoring/metrics-registry.js';
import { settings } from './call-tracking.js';
import { parsePrometheusText, type Scrape } from './prometheus-text.js';

export const SILENT_LOG: Log = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
  isDebugEnabled: () => false,
};

export interface MonitoredParts {
  readonly calls: StreamedCalls;
  /** With what lies behind them. */
  readonly sources: FigureSources & { readonly rtp: RtpSocket; readonly tally: Tally & MediaTally };
  scrape(): Promise<Scrape>;
  close(): Promise<void>;
}

/** Thousands of calls are more than an Asterisk in a test can hold, so here is none: every request succeeds at once. */
export async function monitoredParts(serverAddress: string): Promise<MonitoredParts> {
  const tally = new Tally();
  const rtp = await RtpSocket.open({ host: '127.0.0.1', port: 0 }, SILENT_LOG);
  let port = 10_000;
  const answer = async ({ query = {} }: { readonly query?: Readonly<Record<string, string>> }): Promise<unknown> => {
    if (query.variable === 'UNICASTRTP_LOCAL_ADDRESS') return { value: '127.0.0.1' };
    if (query.variable === 'UNICASTRTP_LOCAL_PORT') return { value: String(port++) };
    return { value: '' };
  };
  const ari = new TimedTransport({ request: answer }, (error) => tally.requestFailures.add(error));
  const receiver = new ReceiverHealth(SILENT_LOG);
  const createResampler = () => {
    throw new Error('nothing is resampled here');
  };
  const streaming = streamingTo(serverAddress);
  const plane = new MediaPlane({ rtp, codecs: { createResampler }, log: SILENT_LOG, streaming });
  const media = new MediaRouter([plane], streaming.stream);
  const sources = {
    tally: bothOf(tally, plane.tally),
    media,
    rtp,
    ari,
    asterisk: new AsteriskHealth(),
    receiver,
    rtpHealth: { deafTaps: 0 },
  };
  const calls = new StreamedCalls({
    tracking: settings({ extensions: ['*'] }),
    taps: {
      ari: new AriRequests(ari),
      application: 'app',
      names: new ResourceNames('app', '1'),
      advertised: () => '127.0.0.1:1',
      format: 'slin',
      sampleRate: 8000,
      log: SILENT_LOG,
    },
    media,
    intake: new PlaneIntake(media),
    streaming,
    receiver,
    tally,
    log: SILENT_LOG,
  });
  const registry = new MetricsRegistry(() => readFigures(sources, '1.2.3', 0));
  return {
    calls,
    sources,
    scrape: async () => parsePrometheusText(await registry.text()),
    close: () => media.close(),
  };
}

/** What the two sides count, in one. */
function bothOf(control: Tally, { streams, sessions, deliveries }: MediaTally): Tally & MediaTally {
  return Object.assign(control, { streams, sessions, deliveries }) as Tally & MediaTally;
}

/** How calls are streamed: at 8000 Hz to this address. */
export function streamingTo(url: string): StreamingOptions {
  return {
    destination: { url, shownAs: url, secret: undefined, ca: undefined },
    capacity: 10,
    stream: { sampleRate: 8000, fragmentSamples: 640 },
  };
}

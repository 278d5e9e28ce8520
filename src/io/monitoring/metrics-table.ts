/** Every metric of ours, once. The registry, docs/monitoring.md and the tests of dashboard and alert rules go by this table. */

import type { HistogramReading } from '../../core/histogram.js';
import type { Figures } from '../../core/monitoring/figures.js';

export const METRICS_PREFIX = 'ari_audio_stream_';

/** One label at most, and its values come from fixed lists: what calls there are makes no series. */
interface AnyMetric {
  /** Without the prefix. */
  readonly name: string;
  readonly help: string;
}

interface PlainMetric extends AnyMetric {
  readonly type: 'gauge' | 'counter';
  readonly read: (figures: Figures) => number;
}

interface LabelledMetric extends AnyMetric {
  readonly type: 'gauge' | 'counter';
  readonly labels: readonly string[];
  /** The label's value and the number; what is not known is left out. */
  readonly readEach: (figures: Figures) => readonly Sample[];
}

interface HistogramMetric extends AnyMetric {
  readonly type: 'histogram';
  readonly labels: readonly string[];
  readonly readHistograms: (figures: Figures) => readonly HistogramSample[];
}

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface HistogramSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly reading: HistogramReading;
}

export type Metric = PlainMetric | LabelledMetric | HistogramMetric;

const MS_PER_SECOND = 1000;

export const METRICS: readonly Metric[] = [
  {
    name: 'build_info',
    type: 'gauge',
    labels: ['version'],
    help: 'Always 1; its label tells the version of this program.',
    readEach: ({ version }) => [{ labels: { version }, value: 1 }],
  },
  {
    name: 'calls_active',
    type: 'gauge',
    help: 'Calls that are streamed now.',
    read: ({ calls }) => calls.now,
  },
  {
    name: 'calls_total',
    type: 'counter',
    help: 'Calls that have been streamed, those of now included.',
    read: ({ calls }) => calls.total,
  },
  {
    name: 'participants_active',
    type: 'gauge',
    help: 'Participants whose audio is streamed now.',
    read: ({ participants }) => participants.now,
  },
  {
    name: 'participants_total',
    type: 'counter',
    help: 'Participants whose audio has been streamed, those of now included.',
    read: ({ participants }) => participants.total,
  },
  {
    name: 'taps_active',
    type: 'gauge',
    help: 'Taps that exist in Asterisk now, also of parties that still ring and of those that are being removed.',
    read: ({ taps }) => taps.now,
  },
  {
    name: 'taps_made_total',
    type: 'counter',
    help: 'Taps that were begun in Asterisk.',
    read: ({ taps }) => taps.total,
  },
  {
    name: 'taps_failed_total',
    type: 'counter',
    help: 'Taps that Asterisk refused or ended while their channel lived. Each is made anew.',
    read: ({ taps }) => taps.failed,
  },
  {
    name: 'taps_without_rtp',
    type: 'gauge',
    help: 'Live taps from which no packet comes now, though Asterisk has them (RTP_MISSING in docs/errors.md).',
    read: ({ taps }) => taps.withoutRtp,
  },
  {
    name: 'fragments_total',
    type: 'counter',
    help: 'Fragments of audio that were completed, for whatever became of them.',
    read: ({ packets }) => packets.fragments,
  },
  {
    name: 'fragments_sent_total',
    type: 'counter',
    help: 'Fragments that the operating system has taken, each once however often it was sent.',
    read: ({ sent }) => sent.fragments,
  },
  {
    name: 'audio_sent_bytes_total',
    type: 'counter',
    help: 'Bytes of the samples in those fragments, before base64 and JSON.',
    read: ({ sent }) => sent.octets,
  },
  {
    name: 'messages_sent_total',
    type: 'counter',
    help: 'Messages that the operating system has taken: fragments, repeated ones too, and the ends of streams.',
    read: ({ sent }) => sent.messages,
  },
  {
    name: 'fragments_resent_total',
    type: 'counter',
    help: 'Fragments that were sent more than once, since their connection broke before the receiver had confirmed them.',
    read: ({ sent }) => sent.resent,
  },
  {
    name: 'fragments_lost_total',
    type: 'counter',
    labels: ['reason'],
    help: 'Fragments given up while the receiver was away or slow. buffer_full: never sent; unconfirmed: sent, and it is not known whether they arrived.',
    readEach: ({ sent }) => byReason({ buffer_full: sent.dropped, unconfirmed: sent.unconfirmed }),
  },
  {
    name: 'fragment_delay_seconds',
    type: 'histogram',
    labels: [],
    help: 'From the completion of a fragment until the operating system had taken its message for the first time.',
    readHistograms: ({ sent }) => [{ labels: {}, reading: sent.delay }],
  },
  {
    name: 'queue_messages',
    type: 'gauge',
    labels: ['state'],
    help: 'Messages kept now. waiting: to be sent on the present connection, or on the next; unconfirmed: sent, and not confirmed by the receiver.',
    readEach: ({ queue }) => [
      { labels: { state: 'waiting' }, value: queue.waiting },
      { labels: { state: 'unconfirmed' }, value: queue.unconfirmed },
    ],
  },
  {
    name: 'queue_oldest_seconds',
    type: 'gauge',
    help: 'Age of the oldest message that the receiver has not confirmed; 0 when there is none.',
    read: ({ queue }) => queue.oldestSeconds,
  },
  {
    name: 'receiver_up',
    type: 'gauge',
    help: '0 while connections to the receiver fail, else 1; also 1 until the first has been tried.',
    read: ({ receiver }) => (receiver.isAway ? 0 : 1),
  },
  {
    name: 'receiver_connections',
    type: 'gauge',
    labels: ['state'],
    help: 'Connections to the receiver, one per call. idle: no audio yet; connecting; open; waiting: lost, to be tried again; closing.',
    readEach: ({ connections }) => samples('state', connections),
  },
  {
    name: 'receiver_reconnects_total',
    type: 'counter',
    help: 'Connections to the receiver that came back after they had been lost.',
    read: ({ sent }) => sent.reconnects,
  },
  {
    name: 'receiver_failures_total',
    type: 'counter',
    labels: ['code'],
    help: 'Connections to the receiver that broke or never came about, by the code of docs/errors.md.',
    readEach: ({ receiver }) => samples('code', receiver.failures),
  },
  {
    name: 'rtp_packets_received_total',
    type: 'counter',
    help: 'RTP packets of taps.',
    read: ({ rtp }) => rtp.received,
  },
  {
    name: 'rtp_packets_lost_total',
    type: 'counter',
    labels: ['reason'],
    help: 'RTP packets whose audio is missing. network: not there in time; malformed, unknown_payload, undecodable: not usable; stray: of another SSRC or numbering that nothing confirmed; kernel: dropped by Linux, the receive buffer being full (such packets are counted as network, too).',
    readEach: ({ packets, rtp }) =>
      byReason({
        network: packets.lost,
        malformed: packets.malformed,
        unknown_payload: packets.unknownPayload,
        undecodable: packets.undecodable,
        stray: packets.stray,
        ...(rtp.kernelDrops === undefined ? {} : { kernel: rtp.kernelDrops }),
      }),
  },
  {
    name: 'rtp_packets_ignored_total',
    type: 'counter',
    labels: ['reason'],
    help: 'RTP packets that were not needed. duplicate; late: after their place had been given up (counted as lost, too); after_end: of a tap that has ended; stranger: from where no tap sends.',
    readEach: ({ packets, rtp }) =>
      byReason({
        duplicate: packets.duplicate,
        late: packets.late,
        after_end: rtp.afterEnd,
        stranger: rtp.strangers,
      }),
  },
  {
    name: 'rtp_packets_reordered_total',
    type: 'counter',
    help: 'RTP packets that came behind a later one, still in time.',
    read: ({ packets }) => packets.reordered,
  },
  {
    name: 'rtp_jitter_seconds',
    type: 'gauge',
    help: 'The largest interarrival jitter (RFC 3550, A.8) among the participants of now. Media threads read packets every 3 ms, which is part of it.',
    read: ({ jitterMs }) => jitterMs / MS_PER_SECOND,
  },
  {
    name: 'rtp_receive_buffer_bytes',
    type: 'gauge',
    help: 'The receive buffer of each UDP socket for audio, as the system reports it; Linux reports twice the usable size.',
    read: ({ rtp }) => rtp.receiveBufferOctets,
  },
  {
    name: 'ari_up',
    type: 'gauge',
    help: '1 while the events of Asterisk reach this program, else 0.',
    read: ({ ari }) => (ari.isLinked ? 1 : 0),
  },
  {
    name: 'ari_reconnects_total',
    type: 'counter',
    help: 'How often the link to Asterisk came back after it had been lost.',
    read: ({ ari }) => Math.max(0, ari.links - 1),
  },
  {
    name: 'ari_failures_total',
    type: 'counter',
    labels: ['code'],
    help: 'Links to Asterisk that broke or never came about, by the code of docs/errors.md.',
    readEach: ({ ari }) => samples('code', ari.failures),
  },
  {
    name: 'ari_request_duration_seconds',
    type: 'histogram',
    labels: ['request'],
    help: 'How long Asterisk took to answer, by kind of request; requests that failed are included.',
    readHistograms: ({ ari }) => [...ari.durations].map(([request, reading]) => ({ labels: { request }, reading })),
  },
  {
    name: 'ari_request_failures_total',
    type: 'counter',
    labels: ['code'],
    help: 'Requests to Asterisk that failed, by the code of docs/errors.md. That a channel is gone already (404) is no failure.',
    readEach: ({ ari }) => samples('code', ari.requestFailures),
  },
  {
    name: 'timer_late_seconds',
    type: 'gauge',
    help: 'By how much a timer of this program, or a word of the thread of the audio, came late in the last ten seconds, at the worst. Above 5, /healthz answers 503.',
    read: ({ timerLateSeconds }) => timerLateSeconds,
  },
];

/** The names of a metric's labels, without a histogram's `le`. */
export function labelsOf(metric: Metric): readonly string[] {
  return 'labels' in metric ? metric.labels : [];
}

function byReason(counts: Readonly<Record<string, number>>): Sample[] {
  return samples('reason', counts);
}

function samples(label: string, counts: Readonly<Record<string, number>>): Sample[] {
  return Object.entries(counts).map(([name, value]) => ({ labels: { [label]: name }, value }));
}

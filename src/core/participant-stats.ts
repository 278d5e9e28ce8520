/** What is counted of one participant's stream, for logs, the end of a call and the status page. */
import { UNDECODABLE, type Undecodable } from './payload-decoder.js';
import { SILENCE_REASONS, type SilenceReason } from './rtp/gap-filler.js';
import { MALFORMED_RTP, type MalformedRtp } from './rtp/packet.js';
import type { OrderCounts } from './rtp/reorder-buffer.js';

export interface StreamCounts {
  /** Datagrams received, malformed ones too. */
  packets: number;
  /** Bytes of those, RTP headers included. */
  octets: number;
  /** Samples decoded, at the rate of the payload; filled silence is not among them. */
  samplesIn: number;
  /** Samples given out in fragments, padding not among them. */
  samplesOut: number;
  fragments: number;
  readonly malformed: Record<MalformedRtp, number>;
  /** Packets in order whose payload type Asterisk does not use for audio, or not for what we can decode. */
  unknownPayload: number;
  /** Packets with which the sender said that it pauses. */
  comfortNoise: number;
  readonly undecodable: Record<Undecodable, number>;
  /** Samples of silence filled in, at the rate of the payload. */
  readonly silenceSamples: Record<SilenceReason, number>;
  /** Silence in the place of audio that did not come or could not be decoded, in ms. */
  lostMs: number;
  /** Silence in the place of audio that came while paused, in ms. */
  pausedMs: number;
  /** Samples before the answer, decoded or filled in, that were never given out; at the rate of the payload. */
  samplesBeforeAnswer: number;
  /** Samples of silence that filled the last fragment. */
  paddingSamples: number;
}

export interface ParticipantStats extends Readonly<StreamCounts>, Readonly<OrderCounts> {
  /** Times at which timestamps could not be followed and the times of arrival took over. */
  readonly resyncs: number;
  /** Pauses beyond the longest silence that is filled, in ms. */
  readonly unfilledMs: number;
  /** RFC 3550, A.8, in ms. */
  readonly jitterMs: number;
}

export function newCounts(): StreamCounts {
  return {
    packets: 0,
    octets: 0,
    samplesIn: 0,
    samplesOut: 0,
    fragments: 0,
    malformed: zeros(MALFORMED_RTP),
    unknownPayload: 0,
    comfortNoise: 0,
    undecodable: zeros(UNDECODABLE),
    silenceSamples: zeros(SILENCE_REASONS),
    lostMs: 0,
    pausedMs: 0,
    samplesBeforeAnswer: 0,
    paddingSamples: 0,
  };
}

/** A snapshot. Each figure by its name: to spread one object behind another takes a hundred times as long. */
export function statsOf(
  counts: StreamCounts,
  order: OrderCounts,
  { resyncs, unfilledMs }: Pick<ParticipantStats, 'resyncs' | 'unfilledMs'>,
  jitterMs: number,
): ParticipantStats {
  return {
    packets: counts.packets,
    octets: counts.octets,
    samplesIn: counts.samplesIn,
    samplesOut: counts.samplesOut,
    fragments: counts.fragments,
    malformed: { ...counts.malformed },
    unknownPayload: counts.unknownPayload,
    comfortNoise: counts.comfortNoise,
    undecodable: { ...counts.undecodable },
    silenceSamples: { ...counts.silenceSamples },
    lostMs: counts.lostMs,
    pausedMs: counts.pausedMs,
    samplesBeforeAnswer: counts.samplesBeforeAnswer,
    paddingSamples: counts.paddingSamples,
    lost: order.lost,
    late: order.late,
    duplicate: order.duplicate,
    reordered: order.reordered,
    stray: order.stray,
    restarts: order.restarts,
    resyncs,
    unfilledMs,
    jitterMs,
  };
}

function zeros<Word extends string>(words: readonly Word[]): Record<Word, number> {
  return Object.fromEntries(words.map((word) => [word, 0])) as Record<Word, number>;
}

/** All that the metrics tell, at one moment. Nothing in it names a call, a number or a channel. */
import type { HistogramReading } from '../histogram.js';
import type { PacketCount } from './packet-counts.js';

export interface Figures {
  readonly version: string;
  readonly calls: Count;
  readonly participants: Count;
  readonly taps: Count & { readonly failed: number; readonly withoutRtp: number };
  readonly packets: Readonly<Record<PacketCount, number>>;
  readonly rtp: {
    readonly received: number;
    readonly strangers: number;
    readonly afterEnd: number;
    readonly receiveBufferOctets: number;
    /** What Linux dropped for want of room; undefined on other systems. */
    readonly kernelDrops: number | undefined;
  };
  /** Of the participants that are there now, the largest; ms. */
  readonly jitterMs: number;
  readonly sent: {
    readonly messages: number;
    readonly fragments: number;
    readonly octets: number;
    /** Seconds. */
    readonly delay: HistogramReading;
    readonly resent: number;
    readonly dropped: number;
    readonly unconfirmed: number;
    readonly reconnects: number;
  };
  readonly queue: {
    /** Messages not sent on the present connection, and sent but not confirmed. */
    readonly waiting: number;
    readonly unconfirmed: number;
    /** Age of the oldest message that is not confirmed, in seconds; 0 for none. */
    readonly oldestSeconds: number;
  };
  /** Connections of calls by their state. */
  readonly connections: Readonly<Record<ConnectionState, number>>;
  readonly receiver: {
    readonly isAway: boolean;
    /** By error code. */
    readonly failures: Readonly<Record<string, number>>;
  };
  readonly ari: {
    readonly isLinked: boolean;
    readonly links: number;
    readonly failures: Readonly<Record<string, number>>;
    readonly requestFailures: Readonly<Record<string, number>>;
    /** Seconds, by kind of request. */
    readonly durations: ReadonlyMap<string, HistogramReading>;
  };
  /** How late the program's own timer came within the last seconds, in seconds. */
  readonly timerLateSeconds: number;
}

export interface Count {
  readonly now: number;
  readonly total: number;
}

export const CONNECTION_STATES = ['idle', 'connecting', 'open', 'waiting', 'closing'] as const;
export type ConnectionState = (typeof CONNECTION_STATES)[number];

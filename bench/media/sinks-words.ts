/** What the receiver is told, and what it tells. */

import type { Identity } from '../../test/certificates.js';

export interface SinkOptions {
  /** Of those whose times are kept; 0 counts only. */
  readonly participants: number;
  /** Fragments of each. */
  readonly capacity: number;
  /** Whether fragments tell the packet that they begin with, see stamp.ts. */
  readonly isStamped: boolean;
  /** With them it speaks wss. */
  readonly tls?: Identity | undefined;
}

export interface SinkCounts {
  readonly messages: number;
  readonly octets: number;
  readonly connections: number;
  /** Messages of nobody we know, and those beyond the room for them. */
  readonly strange: number;
  /** Version of TLS and cipher of the last connection; nothing without TLS. */
  readonly cipher: string | undefined;
}

export interface ReceivedFragments {
  readonly capacity: number;
  /** When each fragment came, in ms on the shared clock, participant by participant. */
  readonly times: Float64Array;
  /** The first packet of each, -1 where a fragment does not tell; empty unless stamped. */
  readonly stamps: Int32Array;
  /** Fragments received, by participant. */
  readonly counts: Int32Array;
}

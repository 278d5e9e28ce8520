/**
 * What the control side orders of the media planes, and asks them. All of it is plain data, so that they may run in
 * other threads. Participants, taps and links are numbers of this run; times are milliseconds of performance.now().
 */

import type { RtpSource } from '../../core/call/tap-plan.js';
import type { Callflow } from '../../core/callflow.js';
import type { OutgoingMessage } from '../../core/relay/outbox.js';
import type { StreamForm, StreamingOptions } from '../call-streams.js';

export type MediaOrder =
  /** How calls that begin from now on are streamed, and whether lines of the level debug are wanted. */
  | { readonly kind: 'settings'; readonly streaming: StreamingOptions; readonly isDebug: boolean }
  /** A stream for this participant, of the channel of this name, most likely of this call; nothing leaves it yet. */
  | { readonly kind: 'arm'; readonly participant: number; readonly channelid: string; readonly callid: string }
  /** From now on this tap's packets, and no other's, are the participant's. */
  | { readonly kind: 'tap'; readonly participant: number; readonly tap: number }
  /** The tap's packets come from there; what came before `since` is another's. */
  | { readonly kind: 'listen'; readonly tap: number; readonly source: RtpSource; readonly since: number }
  /** The tap is going. What it had sent may come up to `lateMs` later. */
  | { readonly kind: 'stop'; readonly tap: number; readonly lateMs: number }
  /** The participant's stream begins, under this call. */
  | { readonly kind: 'open'; readonly participant: number; readonly callid: string; readonly number: string }
  /** The participant's stream goes on under another call from the next fragment on. */
  | { readonly kind: 'move'; readonly participant: number; readonly callid: string }
  /** While paused, silence goes out in the place of what is said. */
  | { readonly kind: 'pause'; readonly participant: number; readonly isPaused: boolean }
  /** The same for those who join the call. */
  | { readonly kind: 'pause-call'; readonly callid: string; readonly isPaused: boolean }
  /** Its fragments are wanted as news, too, or no longer. */
  | { readonly kind: 'hear'; readonly participant: number; readonly isWanted: boolean }
  /** The participant is gone since then. */
  | { readonly kind: 'close'; readonly participant: number; readonly at: number }
  | { readonly kind: 'callflow'; readonly callid: string; readonly callflow: Callflow }
  /** No participant will join the call any more. */
  | { readonly kind: 'call-over'; readonly callid: string }
  /** How loud everybody is shall be measured, or need not be any longer. */
  | { readonly kind: 'measure'; readonly isOn: boolean }
  /** Nothing is delivered from now on: what waits is lost, and told. */
  | { readonly kind: 'give-up' };

export type MediaQuestion =
  /** What has been counted, for the metrics. */
  | { readonly kind: 'figures' }
  /** How many packets have come of each participant and of each tap, and from whom else. */
  | { readonly kind: 'packets' }
  /** What the live view shows of everybody who streams. */
  | { readonly kind: 'live' }
  /** Whether all still answers, or what this tap sends to. */
  | { readonly kind: 'pulse'; readonly tap?: number }
  /** What came of these participants' audio so far. */
  | { readonly kind: 'outcomes'; readonly participants: readonly number[] };

/** What participants in one plane give to a call in another. */
export interface Forward {
  readonly kind: 'forward';
  readonly link: number;
  /** Undefined: nothing follows. */
  readonly message: OutgoingMessage | undefined;
}

/** What one plane is told beside that. */
export type PlaneOrder =
  | MediaOrder
  /** The call is in another plane. What participants of this one give it is told as news, under this link. */
  | {
      readonly kind: 'reach';
      readonly link: number;
      readonly callid: string;
      readonly form: StreamForm;
      readonly callflow: Callflow;
      readonly isPaused: boolean;
    }
  /** Participants of another plane take part in the call, until nothing follows on this link. */
  | { readonly kind: 'admit'; readonly link: number; readonly callid: string }
  | Forward;

export type PlaneQuestion =
  | MediaQuestion
  /** How the calls fare to which these channels give their audio. */
  | { readonly kind: 'relayed'; readonly of: readonly { readonly callid: string; readonly channelid: string }[] };

/**
 * What the control side orders of the media plane, and asks it. All of it is plain data, so that the plane may run in
 * another thread. Participants and taps are numbers of this run; times are milliseconds of performance.now().
 */

import type { RtpSource } from '../../core/call/tap-plan.js';
import type { Callflow } from '../../core/callflow.js';
import type { StreamingOptions } from '../call-streams.js';

export type MediaOrder =
  /** How calls that begin from now on are streamed, and whether lines of the level debug are wanted. */
  | { readonly kind: 'settings'; readonly streaming: StreamingOptions; readonly isDebug: boolean }
  /** A stream for this participant, of the channel of this name; nothing leaves it yet. */
  | { readonly kind: 'arm'; readonly participant: number; readonly channelid: string }
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
  /** Whether it still answers. */
  | { readonly kind: 'pulse' }
  /** What came of these participants' audio so far. */
  | { readonly kind: 'outcomes'; readonly participants: readonly number[] };

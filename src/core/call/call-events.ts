/** What the call tracker is told, and what it orders. */

import type { Callflow } from '../callflow.js';
import type { Channel } from './channel.js';
import type { PartyRules } from './participant.js';
import type { Subscriptions } from './subscriptions.js';

/** What Asterisk tells as it happens. */
export type CallEvent =
  /** A channel was created or changed. */
  | { readonly kind: 'channel'; readonly channel: Channel }
  /** The channel is being dialled, by this dial string. */
  | { readonly kind: 'dialled'; readonly channel: Channel; readonly dialstring: string }
  /** `isHolding`: those in it do not hear one another (parking, waiting). */
  | {
      readonly kind: 'entered-bridge';
      readonly channel: Channel;
      readonly bridgeId: string;
      readonly isHolding: boolean;
    }
  | { readonly kind: 'left-bridge'; readonly channel: Channel; readonly bridgeId: string }
  | { readonly kind: 'channel-gone'; readonly channelId: string };

export type CallInput =
  | CallEvent
  | { readonly kind: 'linkedid'; readonly channelId: string; readonly linkedid: string }
  /** The number to which an inbound trunk call was sent, as the dialplan knows it. */
  | { readonly kind: 'did'; readonly channelId: string; readonly did: string }
  /** There is no link, and nothing comes of this channel any more. Should it live all the same, the snapshot says so. */
  | { readonly kind: 'lost'; readonly channelId: string }
  /** Events may have been missed: a snapshot is being asked for, and events flow again. */
  | { readonly kind: 'resync' }
  /** All channels and bridges that there were at some time after `resync`. */
  | { readonly kind: 'snapshot'; readonly channels: readonly Channel[]; readonly bridges: readonly BridgeSnapshot[] }
  /** An administrator wants this call streamed, or not, whatever is subscribed. A call that is not there is nobody's. */
  | { readonly kind: 'order'; readonly callid: string; readonly isStreamed: boolean }
  /** Other settings from now on, also for the calls that are up. `restart`: streams end, to begin anew if still wanted. */
  | { readonly kind: 'settings'; readonly settings: CallTrackerSettings; readonly restart: boolean };

export interface BridgeSnapshot {
  readonly id: string;
  readonly isHolding: boolean;
  readonly channelIds: readonly string[];
}

export type CallOutput =
  | { readonly kind: 'ask-linkedid'; readonly channelId: string }
  | { readonly kind: 'ask-did'; readonly channelId: string }
  /** Prepare a tap; nothing is streamed yet. */
  | { readonly kind: 'arm'; readonly channel: Channel }
  /** A tap that was made before this hears nothing any more: make another in its place. */
  | { readonly kind: 'tap-again'; readonly channelId: string }
  /** The participant's stream begins. */
  | { readonly kind: 'open'; readonly channel: Channel; readonly callid: string; readonly number: string }
  /** The participant's stream goes on under another call's id, on that call's connection. */
  | { readonly kind: 'move'; readonly channelId: string; readonly callid: string }
  /** What the call is in now; before the first of these it is in nothing. */
  | { readonly kind: 'callflow'; readonly callid: string; readonly callflow: Callflow }
  /** The participant's stream, or its tap, ends. */
  | { readonly kind: 'close'; readonly channelId: string }
  | { readonly kind: 'call-over'; readonly callid: string };

export interface CallTrackerSettings {
  readonly subscriptions: Subscriptions;
  /** For channels that are new from then on. */
  readonly rules: PartyRules;
  /** Stream from ringing on, not only from the answer. */
  readonly earlyMedia: boolean;
}

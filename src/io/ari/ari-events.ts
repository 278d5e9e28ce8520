/**
 * ARI's events, from raw JSON to a typed union of those that we use. Kinds that we do not know are skipped: Asterisk adds
 * new ones in minor versions.
 */

import type { BridgeSnapshot, CallEvent } from '../../core/call/call-events.js';
import type { Channel } from '../../core/call/channel.js';

export type AriEvent =
  | CallEvent
  /** A channel entered our application. */
  | { readonly kind: 'entered'; readonly channelId: string }
  /** A channel left our application. */
  | { readonly kind: 'left'; readonly channelId: string }
  | { readonly kind: 'bridge-gone'; readonly bridgeId: string }
  /** Another client has connected under our application's name. */
  | { readonly kind: 'replaced' };

/** What Asterisk need not send to us is cut off there: a plain call alone has some 60 ChannelVarset events. */
export const EVENT_TYPES = [
  'ChannelCreated',
  'ChannelStateChange',
  'ChannelCallerId',
  'ChannelDialplan',
  'ChannelDestroyed',
  'ChannelEnteredBridge',
  'ChannelLeftBridge',
  'Dial',
  'StasisStart',
  'StasisEnd',
  'BridgeDestroyed',
  'ApplicationReplaced',
] as const;

type EventType = (typeof EVENT_TYPES)[number];

const READERS: Readonly<Record<EventType, (event: RawEvent) => AriEvent | undefined>> = {
  ChannelCreated: readChannelEvent,
  ChannelStateChange: readChannelEvent,
  ChannelCallerId: readChannelEvent,
  ChannelDialplan: readChannelEvent,
  ChannelEnteredBridge: (event) => readBridgeEvent('entered-bridge', event),
  ChannelLeftBridge: (event) => readBridgeEvent('left-bridge', event),
  Dial: readDial,
  ChannelDestroyed: ({ channel }) => withId(channel, (channelId) => ({ kind: 'channel-gone', channelId })),
  StasisStart: ({ channel }) => withId(channel, (channelId) => ({ kind: 'entered', channelId })),
  StasisEnd: ({ channel }) => withId(channel, (channelId) => ({ kind: 'left', channelId })),
  BridgeDestroyed: ({ bridge }) => withId(bridge, (bridgeId) => ({ kind: 'bridge-gone', bridgeId })),
  ApplicationReplaced: () => ({ kind: 'replaced' }),
};

/** The event in a text frame; undefined for what we do not use; 'malformed' for what is no event at all. */
export function readEvent(text: string): AriEvent | 'malformed' | undefined {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return 'malformed';
  }
  if (!isRecord(raw) || typeof raw.type !== 'string') return 'malformed';
  if (!isEventType(raw.type)) return undefined;
  return READERS[raw.type](raw) ?? 'malformed';
}

/** A channel as ARI describes it; undefined when it is no such description. */
export function readChannel(raw: unknown): Channel | undefined {
  if (!isRecord(raw)) return undefined;
  const { id, name, state } = raw;
  if (typeof id !== 'string' || typeof name !== 'string') return undefined;
  const dialplan = recordIn(raw.dialplan);
  // Only with `channelvars` in ari.conf do these come with the channel; otherwise they are asked for.
  const told = recordIn(raw.channelvars);
  return {
    id,
    name,
    isUp: state === 'Up',
    number: textIn(recordIn(raw.caller).number),
    homeContext: undefined,
    context: textIn(dialplan.context),
    exten: textIn(dialplan.exten),
    application: textIn(dialplan.app_name),
    applicationData: textIn(dialplan.app_data),
    linkedid: textIn(told['CHANNEL(linkedid)']) || undefined,
    fromDid: textIn(told.FROM_DID) || undefined,
  };
}

/** A bridge as ARI describes it; undefined when it is no such description. */
export function readBridge(raw: unknown): BridgeSnapshot | undefined {
  if (!isRecord(raw) || typeof raw.id !== 'string') return undefined;
  const channels = Array.isArray(raw.channels) ? raw.channels : [];
  return {
    id: raw.id,
    isHolding: raw.bridge_type === 'holding' || raw.technology === 'holding_bridge',
    channelIds: channels.filter((id) => typeof id === 'string'),
  };
}

type RawEvent = Readonly<Record<string, unknown>>;

function readChannelEvent({ channel }: RawEvent): AriEvent | undefined {
  const read = readChannel(channel);
  return read === undefined ? undefined : { kind: 'channel', channel: read };
}

function readBridgeEvent(kind: 'entered-bridge' | 'left-bridge', event: RawEvent): AriEvent | undefined {
  const [channel, bridge] = [readChannel(event.channel), readBridge(event.bridge)];
  if (channel === undefined || bridge === undefined) return undefined;
  return kind === 'left-bridge'
    ? { kind, channel, bridgeId: bridge.id }
    : { kind, channel, bridgeId: bridge.id, isHolding: bridge.isHolding };
}

/** Dial comes when the dialling begins, and again as the leg rings and ends; the first one has the dial string. */
function readDial({ peer, dialstring }: RawEvent): AriEvent | undefined {
  const channel = readChannel(peer);
  if (channel === undefined) return undefined;
  return typeof dialstring === 'string' && dialstring !== ''
    ? { kind: 'dialled', channel, dialstring }
    : { kind: 'channel', channel };
}

function withId(thing: unknown, make: (id: string) => AriEvent): AriEvent | undefined {
  return isRecord(thing) && typeof thing.id === 'string' ? make(thing.id) : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function recordIn(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isEventType(type: string): type is EventType {
  return Object.hasOwn(READERS, type);
}

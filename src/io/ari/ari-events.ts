/**
 * ARI's events, from raw JSON to a typed union of those that we use. Kinds that we do not know are skipped: Asterisk adds
 * new ones in minor versions.
 */

import type { Channel } from '../../core/call/channel.js';

export type AriEvent =
  | { readonly kind: 'channel'; readonly channel: Channel }
  | { readonly kind: 'channel-gone'; readonly channelId: string }
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
  'ChannelDestroyed',
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
  const { id, name, state, caller, channelvars } = raw;
  if (typeof id !== 'string' || typeof name !== 'string') return undefined;
  const number = isRecord(caller) ? caller.number : undefined;
  // Only with `channelvars = CHANNEL(linkedid)` in ari.conf does it come with the channel; otherwise it is asked for.
  const linkedid = isRecord(channelvars) ? channelvars['CHANNEL(linkedid)'] : undefined;
  return {
    id,
    name,
    isUp: state === 'Up',
    number: typeof number === 'string' ? number : '',
    linkedid: typeof linkedid === 'string' && linkedid !== '' ? linkedid : undefined,
  };
}

type RawEvent = Readonly<Record<string, unknown>>;

function readChannelEvent({ channel }: RawEvent): AriEvent | undefined {
  const read = readChannel(channel);
  return read === undefined ? undefined : { kind: 'channel', channel: read };
}

function withId(thing: unknown, make: (id: string) => AriEvent): AriEvent | undefined {
  return isRecord(thing) && typeof thing.id === 'string' ? make(thing.id) : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEventType(type: string): type is EventType {
  return Object.hasOwn(READERS, type);
}

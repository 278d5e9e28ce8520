/**
 * Which channels make up which call, which calls are to be streamed, and which of their participants.
 *
 * A call is all channels of one linkedid. It is streamed, with all its participants, from the moment that a subscribed one
 * is answered until its last participant has gone. Taps are armed before that, while a subscribed phone still rings, so
 * that nothing after the answer is lost.
 */

import { type Channel, endpointOf, isParticipant } from './channel.js';
import type { NameMatcher } from './name-pattern.js';

export type CallInput =
  /** A channel was created or changed. */
  | { readonly kind: 'channel'; readonly channel: Channel }
  | { readonly kind: 'linkedid'; readonly channelId: string; readonly linkedid: string }
  | { readonly kind: 'channel-gone'; readonly channelId: string }
  /** Events may have been missed: a snapshot is being asked for, and events flow again. */
  | { readonly kind: 'resync' }
  /** All channels that there were at some time after `resync`. */
  | { readonly kind: 'snapshot'; readonly channels: readonly Channel[] };

export type CallOutput =
  | { readonly kind: 'ask-linkedid'; readonly channelId: string }
  /** Prepare a tap; nothing is streamed yet. */
  | { readonly kind: 'arm'; readonly channel: Channel }
  /** The participant's stream begins. */
  | { readonly kind: 'open'; readonly channel: Channel; readonly callid: string; readonly number: string }
  /** The participant's stream, or its tap, ends. */
  | { readonly kind: 'close'; readonly channelId: string }
  | { readonly kind: 'call-over'; readonly callid: string };

interface Participant {
  channel: Channel;
  readonly isSubscribed: boolean;
  callid: string | undefined;
  stage: 'seen' | 'armed' | 'open';
}

interface Call {
  readonly callid: string;
  readonly participants: Set<Participant>;
  isStreamed: boolean;
}

export class CallTracker {
  readonly #isSubscribed: NameMatcher;
  readonly #participants = new Map<string, Participant>();
  readonly #calls = new Map<string, Call>();
  /** Between a resync and its snapshot: channels of which nothing has been heard yet, and those that went meanwhile. */
  #unheard = new Set<string>();
  #departed = new Set<string>();

  /** `isSubscribed` is asked for each endpoint's name. */
  constructor(isSubscribed: NameMatcher) {
    this.#isSubscribed = isSubscribed;
  }

  handle(input: CallInput): CallOutput[] {
    switch (input.kind) {
      case 'channel':
        return this.#onChannel(input.channel);
      case 'linkedid':
        return this.#onLinkedid(input.channelId, input.linkedid);
      case 'channel-gone':
        return this.#onGone(input.channelId);
      case 'resync':
        this.#unheard = new Set(this.#participants.keys());
        this.#departed.clear();
        return [];
      case 'snapshot':
        return this.#onSnapshot(input.channels);
    }
  }

  #onChannel(channel: Channel): CallOutput[] {
    if (!isParticipant(channel.name)) return [];
    this.#unheard.delete(channel.id);
    const known = this.#participants.get(channel.id);
    if (known !== undefined) {
      known.channel = channel;
      if (known.callid !== undefined) return this.#decide(known.callid);
      return channel.linkedid === undefined ? [] : this.#onLinkedid(channel.id, channel.linkedid);
    }

    const isSubscribed = this.#isSubscribed(endpointOf(channel.name));
    const participant: Participant = { channel, isSubscribed, callid: undefined, stage: 'seen' };
    this.#participants.set(channel.id, participant);
    // A subscribed channel is armed at once: which call it belongs to matters only when its stream begins.
    const outputs = isSubscribed ? this.#arm(participant) : [];
    if (channel.linkedid === undefined) return [...outputs, { kind: 'ask-linkedid', channelId: channel.id }];
    return [...outputs, ...this.#onLinkedid(channel.id, channel.linkedid)];
  }

  #onLinkedid(channelId: string, linkedid: string): CallOutput[] {
    const participant = this.#participants.get(channelId);
    if (participant === undefined || participant.callid !== undefined) return [];
    participant.callid = linkedid;
    let call = this.#calls.get(linkedid);
    if (call === undefined) {
      call = { callid: linkedid, participants: new Set(), isStreamed: false };
      this.#calls.set(linkedid, call);
    }
    call.participants.add(participant);
    return this.#decide(linkedid);
  }

  #onGone(channelId: string): CallOutput[] {
    this.#departed.add(channelId);
    const participant = this.#participants.get(channelId);
    if (participant === undefined) return [];
    this.#participants.delete(channelId);
    const outputs = this.#close(participant);

    const call = participant.callid === undefined ? undefined : this.#calls.get(participant.callid);
    if (call === undefined) return outputs;
    call.participants.delete(participant);
    if (call.participants.size > 0) return [...outputs, ...this.#decide(call.callid)];
    this.#calls.delete(call.callid);
    return call.isStreamed ? [...outputs, { kind: 'call-over', callid: call.callid }] : outputs;
  }

  /** The list may be older than events that came while it was on its way: those count. */
  #onSnapshot(channels: readonly Channel[]): CallOutput[] {
    const listed = new Set(channels.map(({ id }) => id));
    const missing = [...this.#unheard].filter((id) => !listed.has(id));
    const present = channels.filter(({ id }) => !this.#departed.has(id));
    const unknown = present.filter(({ id }) => this.#unheard.has(id) || !this.#participants.has(id));
    const outputs = [
      ...missing.flatMap((id) => this.#onGone(id)),
      ...unknown.flatMap((channel) => this.#onChannel(channel)),
    ];
    this.#unheard.clear();
    this.#departed.clear();
    return outputs;
  }

  /** Brings every participant of a call to the stage that the call as a whole asks for. */
  #decide(callid: string): CallOutput[] {
    const call = this.#calls.get(callid);
    if (call === undefined) return [];
    const participants = [...call.participants];
    const subscribed = participants.filter(({ isSubscribed }) => isSubscribed);
    call.isStreamed ||= subscribed.some(({ channel }) => channel.isUp);
    if (!call.isStreamed && subscribed.length === 0)
      return participants.flatMap((participant) => this.#close(participant));

    const outputs: CallOutput[] = [];
    for (const participant of participants) {
      outputs.push(...this.#arm(participant));
      if (call.isStreamed && participant.channel.isUp) outputs.push(...this.#open(participant, callid));
    }
    return outputs;
  }

  #arm(participant: Participant): CallOutput[] {
    if (participant.stage !== 'seen') return [];
    participant.stage = 'armed';
    return [{ kind: 'arm', channel: participant.channel }];
  }

  #open(participant: Participant, callid: string): CallOutput[] {
    if (participant.stage !== 'armed') return [];
    participant.stage = 'open';
    const { channel } = participant;
    return [{ kind: 'open', channel, callid, number: channel.number || endpointOf(channel.name) }];
  }

  #close(participant: Participant): CallOutput[] {
    if (participant.stage === 'seen') return [];
    participant.stage = 'seen';
    return [{ kind: 'close', channelId: participant.channel.id }];
  }
}

/**
 * Which calls are to be streamed, and which of their participants, from what Asterisk tells of its channels and bridges.
 *
 * A call is streamed, with all its participants, from the moment that a subscribed one takes part (is answered) until its
 * last participant has gone. Taps are armed before that, while a subscribed phone still rings, so that nothing after the
 * answer is lost.
 */

import type { Callflow } from '../callflow.js';
import type { BridgeSnapshot, CallInput, CallOutput, CallTrackerSettings } from './call-events.js';
import { type CallView, callidOf, viewOfCall } from './call-view.js';
import { type Call, Calls, type Merger } from './calls.js';
import type { Channel } from './channel.js';
import { callflowOf } from './channel-callflow.js';
import { didIn } from './did.js';
import { isParty, Participant } from './participant.js';

/** More are not needed to choose from, and strangers may dial any number. */
const DIDS_KEPT = 1000;

export class CallTracker {
  readonly #participants = new Map<string, Participant>();
  readonly #calls = new Calls();
  readonly #callflows = new Map<string, Callflow>();
  readonly #dids = new Set<string>();
  #settings: CallTrackerSettings;
  /** Between a resync and its snapshot: channels of which nothing has been heard yet, and those that went meanwhile. */
  #unheard = new Set<string>();
  readonly #departed = new Set<string>();
  #awaitsSnapshot = false;

  constructor(settings: CallTrackerSettings) {
    this.#settings = settings;
  }

  handle(input: CallInput): CallOutput[] {
    switch (input.kind) {
      case 'channel':
        return this.#onChannel(input.channel);
      case 'linkedid':
        return this.#onLinkedid(input.channelId, input.linkedid);
      case 'did':
        return this.#onDid(input.channelId, input.did);
      case 'dialled':
        // Before the channel itself is looked at, so that a trunk that is dialled is never taken for an inbound one.
        return this.#onChannel(input.channel, (participant) => participant.onDialled(input.dialstring));
      case 'entered-bridge':
        return [
          ...this.#onChannel(input.channel),
          ...this.#onBridge(input.channel.id, input.bridgeId, input.isHolding),
        ];
      case 'left-bridge':
        return this.#onChannel(input.channel, (participant) => this.#calls.leaveBridge(participant, input.bridgeId));
      case 'channel-gone':
        return this.#onGone(input.channelId);
      case 'lost':
        return this.#forget(input.channelId);
      case 'resync':
        this.#unheard = new Set(this.#participants.keys());
        this.#departed.clear();
        this.#awaitsSnapshot = true;
        return [];
      case 'snapshot':
        return this.#onSnapshot(input.channels, input.bridges);
      case 'order':
        return this.#onOrder(input.callid, input.isStreamed);
      case 'settings':
        return this.#onSettings(input.settings, input.restart);
    }
  }

  /** All calls that there are, in no order. */
  get calls(): CallView[] {
    return this.#calls.all().map(viewOfCall);
  }

  /** The DID numbers by which calls came in, normalised. */
  get dids(): ReadonlySet<string> {
    return this.#dids;
  }

  #onChannel(channel: Channel, also: (participant: Participant) => void = () => {}): CallOutput[] {
    this.#unheard.delete(channel.id);
    const known = this.#participants.get(channel.id);
    if (known === undefined) return isParty(channel, this.#settings.rules) ? this.#onNew(channel, also) : [];
    if (known.isReplacedBy(channel)) return [...this.#onGone(channel.id), ...this.#onChannel(channel, also)];

    const wasUp = known.channel.isUp;
    const retap = known.stage !== 'seen' && known.picksUp(channel) ? [tapAgain(known)] : [];
    const tellsCallflow = known.update(channel);
    also(known);
    const asked = !wasUp && channel.isUp ? this.#askDid(known) : [];
    const merged = channel.linkedid === undefined ? [] : this.#assign(known, channel.linkedid);
    return [...retap, ...asked, ...merged, ...this.#decide(this.#calls.of(known), tellsCallflow || merged.length > 0)];
  }

  #onNew(channel: Channel, also: (participant: Participant) => void): CallOutput[] {
    const participant = new Participant(channel, this.#settings.rules);
    also(participant);
    this.#participants.set(channel.id, participant);
    // A subscribed channel is armed at once: which call it belongs to matters only when its stream begins.
    const outputs = this.#settings.subscriptions.include(participant) ? this.#arm(participant) : [];
    if (channel.isUp) outputs.push(...this.#askDid(participant));
    if (channel.linkedid === undefined) return [...outputs, { kind: 'ask-linkedid', channelId: channel.id }];
    return [...outputs, ...this.#onLinkedid(channel.id, channel.linkedid)];
  }

  #onLinkedid(channelId: string, linkedid: string): CallOutput[] {
    const participant = this.#participants.get(channelId);
    if (participant === undefined) return [];
    return [...this.#assign(participant, linkedid), ...this.#decide(this.#calls.of(participant))];
  }

  #assign(participant: Participant, linkedid: string): CallOutput[] {
    return this.#onMerger(this.#calls.assign(participant, linkedid));
  }

  /** Where the first extension was no number, the dialplan has found out by the answer. */
  #askDid(participant: Participant): CallOutput[] {
    if (
      !this.#settings.subscriptions.wantsDids ||
      !participant.mayBeInbound ||
      this.#settings.subscriptions.include(participant)
    )
      return [];
    return [{ kind: 'ask-did', channelId: participant.id }];
  }

  #onDid(channelId: string, text: string): CallOutput[] {
    const participant = this.#participants.get(channelId);
    const did = didIn(text);
    if (participant === undefined || did === undefined) return [];
    participant.dids.add(did);
    return this.#decide(this.#calls.of(participant));
  }

  #onBridge(channelId: string, bridgeId: string, isHolding: boolean): CallOutput[] {
    const participant = this.#participants.get(channelId);
    if (participant === undefined || isHolding) return [];
    const merger = this.#calls.enterBridge(participant, bridgeId);
    return [...this.#onMerger(merger), ...this.#decide(this.#calls.of(participant), merger !== undefined)];
  }

  /** The streams of the younger call go on under the older one's id; one that is not streamed has none to give. */
  #onMerger(merger: Merger | undefined): CallOutput[] {
    const ended = merger?.from.streamid;
    if (merger === undefined || ended === undefined) return [];
    const { into, moved } = merger;
    into.streamid ??= ended;
    const callid = into.streamid;
    if (callid === ended) return [];
    this.#callflows.delete(ended);
    const open = moved.filter(({ stage }) => stage === 'open');
    return [
      ...open.map(({ id }): CallOutput => ({ kind: 'move', channelId: id, callid })),
      { kind: 'call-over', callid: ended },
    ];
  }

  #onGone(channelId: string): CallOutput[] {
    // Nobody asks for them at other times, and there is no end of channels that go.
    if (this.#awaitsSnapshot) this.#departed.add(channelId);
    return this.#forget(channelId);
  }

  #forget(channelId: string): CallOutput[] {
    const participant = this.#participants.get(channelId);
    if (participant === undefined) return [];
    this.#participants.delete(channelId);
    const outputs = this.#close(participant);
    const call = this.#calls.remove(participant);
    if (call === undefined) return outputs;
    return [...outputs, ...(call.participants.size > 0 ? this.#decide(call, false) : this.#endStream(call))];
  }

  /** The lists may be older than events that came while they were on their way: those count. */
  #onSnapshot(channels: readonly Channel[], bridges: readonly BridgeSnapshot[]): CallOutput[] {
    const listed = new Set(channels.map(({ id }) => id));
    const missing = [...this.#unheard].filter((id) => !listed.has(id));
    const present = channels.filter(({ id }) => !this.#departed.has(id));
    const unknown = present.filter(({ id }) => this.#unheard.has(id) || !this.#participants.has(id));
    const outputs = [
      ...missing.flatMap((id) => this.#onGone(id)),
      ...unknown.flatMap((channel) => this.#onChannel(channel)),
      ...bridges.flatMap(({ id, isHolding, channelIds }) =>
        channelIds.flatMap((channelId) => this.#onBridge(channelId, id, isHolding)),
      ),
    ];
    this.#unheard.clear();
    this.#departed.clear();
    this.#awaitsSnapshot = false;
    return outputs;
  }

  #onOrder(callid: string, isStreamed: boolean): CallOutput[] {
    const call = this.#calls.all().find((one) => callidOf(one) === callid);
    if (call === undefined) return [];
    call.order = isStreamed ? 'stream' : 'leave';
    return this.#decide(call);
  }

  #onSettings(settings: CallTrackerSettings, restart: boolean): CallOutput[] {
    this.#settings = settings;
    const calls = this.#calls.all();
    const ended = restart ? calls.flatMap((call) => this.#endStream(call)) : [];
    const astray = [...this.#participants.values()].filter((one) => this.#calls.of(one) === undefined);
    const unwanted = astray.filter((one) => !settings.subscriptions.include(one)).flatMap((one) => this.#close(one));
    return [...ended, ...unwanted, ...calls.flatMap((call) => this.#decide(call))];
  }

  /**
   * Brings every participant of a call to the stage that the call as a whole asks for. Its callflow is told anew when
   * somebody has come to another place: who merely goes takes nothing away.
   */
  #decide(call: Call | undefined, tellsCallflow = true): CallOutput[] {
    if (call === undefined) return [];
    this.#noteDids(call);
    if (call.order === 'leave') return this.#endStream(call);
    const participants = [...call.participants];
    const { subscriptions } = this.#settings;
    const isOrdered = call.order === 'stream' && !subscriptions.isOff;
    const subscribed = participants.filter((participant) => isOrdered || subscriptions.include(participant));
    const isNew = call.streamid === undefined && subscribed.some((participant) => this.#takesPart(participant));
    if (isNew) call.streamid = call.id;
    const { streamid } = call;
    if (streamid === undefined && subscribed.length === 0) return participants.flatMap((one) => this.#close(one));

    const outputs = participants.flatMap((participant) => this.#arm(participant));
    if (streamid === undefined) return outputs;
    if (tellsCallflow || isNew)
      outputs.push(...this.#tellCallflow(streamid, callflowOf(participants.map(({ callflow }) => callflow))));
    for (const participant of participants) {
      if (this.#takesPart(participant)) outputs.push(...this.#open(participant, streamid));
    }
    return outputs;
  }

  #noteDids({ participants }: Call): void {
    for (const { role, dids } of participants) {
      if (role !== 'trunk') continue;
      for (const did of dids) if (this.#dids.size < DIDS_KEPT) this.#dids.add(did);
    }
  }

  #takesPart({ channel }: Participant): boolean {
    return channel.isUp || this.#settings.earlyMedia;
  }

  #tellCallflow(callid: string, callflow: Callflow): CallOutput[] {
    if ((this.#callflows.get(callid) ?? '') === callflow) return [];
    this.#callflows.set(callid, callflow);
    return [{ kind: 'callflow', callid, callflow }];
  }

  #arm(participant: Participant): CallOutput[] {
    if (participant.stage !== 'seen') return [];
    participant.stage = 'armed';
    return [{ kind: 'arm', channel: participant.channel }];
  }

  #open(participant: Participant, callid: string): CallOutput[] {
    if (participant.stage !== 'armed') return [];
    participant.stage = 'open';
    return [{ kind: 'open', channel: participant.channel, callid, number: participant.number }];
  }

  #close(participant: Participant): CallOutput[] {
    if (participant.stage === 'seen') return [];
    participant.stage = 'seen';
    return [{ kind: 'close', channelId: participant.id }];
  }

  #endStream(call: Call): CallOutput[] {
    const outputs = [...call.participants].flatMap((participant) => this.#close(participant));
    const callid = call.streamid;
    if (callid === undefined) return outputs;
    call.streamid = undefined;
    this.#callflows.delete(callid);
    return [...outputs, { kind: 'call-over', callid }];
  }
}

function tapAgain({ id }: Participant): CallOutput {
  return { kind: 'tap-again', channelId: id };
}

/** All calls that are streamed: carries out the call tracker's orders, and sees to it that nothing of ours is left over. */

import { type CallOutput, CallTracker } from '../core/call/call-tracker.js';
import type { Channel } from '../core/call/channel.js';
import type { NameMatcher } from '../core/call/name-pattern.js';
import type { Log } from '../core/log.js';
import type { ParticipantStreamOptions } from '../core/participant-stream.js';
import type { AriEvent } from '../io/ari/ari-events.js';
import type { RelayDestination } from '../io/relay/relay-socket.js';
import { CallStream } from './call-stream.js';
import { Participant } from './participant.js';
import { ReceiverHealth } from './receiver-health.js';
import type { Tap, TapContext } from './tap.js';

export interface StreamedCallsOptions {
  readonly isSubscribed: NameMatcher;
  readonly taps: TapContext;
  readonly stream: ParticipantStreamOptions;
  readonly destination: RelayDestination;
  /** Fragments kept for each participant while the receiver is away. */
  readonly capacity: number;
  readonly log: Log;
}

interface StreamedCall {
  readonly stream: CallStream;
  /** Participants whose last message is yet to come. */
  readonly streaming: Set<Participant>;
  isOver: boolean;
}

const LINKEDID_TRIES = 3;

export class StreamedCalls {
  readonly #options: StreamedCallsOptions;
  readonly #tracker: CallTracker;
  readonly #health: ReceiverHealth;
  readonly #participants = new Map<string, Participant>();
  readonly #calls = new Map<string, StreamedCall>();
  readonly #taps = new Map<number, Tap>();
  #tapSerial = 0;
  #undelivered = 0;
  #onIdle: (() => void) | undefined;

  constructor(options: StreamedCallsOptions) {
    this.#options = options;
    this.#tracker = new CallTracker(options.isSubscribed);
    this.#health = new ReceiverHealth(options.log);
  }

  onEvent(event: AriEvent): void {
    switch (event.kind) {
      case 'channel':
        this.#carryOut(this.#tracker.handle({ kind: 'channel', channel: event.channel }));
        break;
      case 'channel-gone':
        this.#hearOfTap('vanished', event.channelId);
        this.#carryOut(this.#tracker.handle({ kind: 'channel-gone', channelId: event.channelId }));
        break;
      case 'entered':
        this.#hearOfTap('entered', event.channelId);
        break;
      case 'left':
        this.#hearOfTap('vanished', event.channelId);
        break;
      case 'bridge-gone':
        this.#hearOfTap('vanished', event.bridgeId);
        break;
      case 'replaced':
        break;
    }
  }

  /** Events flow again after a time without; the snapshot follows. */
  resync(): void {
    this.#tracker.handle({ kind: 'resync' });
  }

  /** What there is in Asterisk now. Removes what an earlier run, or a broken connection, has left of ours. */
  async onSnapshot(channels: readonly Channel[], bridgeIds: readonly string[]): Promise<void> {
    const existing = new Set([...channels.map(({ id }) => id), ...bridgeIds]);
    for (const [serial, tap] of this.#taps) {
      if (!tap.isLive) continue;
      for (const piece of ['snoop', 'media', 'bridge'] as const) {
        if (!existing.has(this.#options.taps.names.idOf(serial, piece))) tap.hear('vanished', piece);
      }
    }
    this.#carryOut(this.#tracker.handle({ kind: 'snapshot', channels }));
    await this.#sweep(channels, bridgeIds);
  }

  /**
   * Ends all streams and removes all taps; resolves when the receiver has everything and nothing of ours is left in
   * Asterisk, as far as that could be done by then.
   */
  async shutDown(): Promise<void> {
    for (const participant of this.#participants.values()) participant.close();
    this.#participants.clear();
    for (const call of this.#calls.values()) this.#endCall(call);
    if (this.#isIdle()) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }

  #carryOut(outputs: readonly CallOutput[]): void {
    for (const output of outputs) {
      switch (output.kind) {
        case 'ask-linkedid':
          void this.#askLinkedid(output.channelId);
          break;
        case 'arm':
          this.#arm(output.channel);
          break;
        case 'open':
          this.#open(output);
          break;
        case 'close':
          this.#participants.get(output.channelId)?.close();
          this.#participants.delete(output.channelId);
          break;
        case 'call-over':
          this.#endCall(this.#calls.get(output.callid));
          break;
      }
    }
  }

  #arm(channel: Channel): void {
    const { taps, stream } = this.#options;
    const participant: Participant = new Participant({
      channel,
      taps,
      stream,
      nextTap: () => ++this.#tapSerial,
      onTap: (serial, tap) => this.#onTap(serial, tap),
      onEnded: () => this.#onEnded(participant),
    });
    this.#participants.set(channel.id, participant);
  }

  #open({ channel, callid, number }: Extract<CallOutput, { kind: 'open' }>): void {
    const participant = this.#participants.get(channel.id);
    if (participant === undefined) return;
    const call = this.#calls.get(callid) ?? this.#beginCall(callid);
    call.streaming.add(participant);
    participant.open(call.stream, { callid, callflow: '', number, channelid: channel.name });
  }

  #beginCall(callid: string): StreamedCall {
    const { destination, capacity, log } = this.#options;
    this.#undelivered += 1;
    const onOver = () => {
      this.#undelivered -= 1;
      this.#tellIfIdle();
    };
    const stream = new CallStream({ callid, destination, capacity, health: this.#health, log, onOver });
    const call: StreamedCall = { stream, streaming: new Set(), isOver: false };
    this.#calls.set(callid, call);
    return call;
  }

  #endCall(call: StreamedCall | undefined): void {
    if (call === undefined) return;
    call.isOver = true;
    this.#finishIfDone(call);
  }

  #onEnded(participant: Participant): void {
    for (const call of this.#calls.values()) {
      if (call.streaming.delete(participant)) this.#finishIfDone(call);
    }
  }

  /** The call's connection is closed once its last participant has sent its end. */
  #finishIfDone(call: StreamedCall): void {
    if (!call.isOver || call.streaming.size > 0) return;
    for (const [callid, other] of this.#calls) if (other === call) this.#calls.delete(callid);
    call.stream.finish();
  }

  #onTap(serial: number, tap: Tap | undefined): void {
    if (tap === undefined) this.#taps.delete(serial);
    else this.#taps.set(serial, tap);
    this.#tellIfIdle();
  }

  #hearOfTap(kind: 'entered' | 'vanished', id: string): void {
    const ours = this.#options.taps.names.parse(id);
    if (ours !== undefined) this.#taps.get(ours.tap)?.hear(kind, ours.piece);
  }

  async #askLinkedid(channelId: string): Promise<void> {
    const { taps, log } = this.#options;
    for (let attempt = 1; attempt <= LINKEDID_TRIES; attempt++) {
      try {
        const linkedid = await taps.ari.variable(channelId, 'CHANNEL(linkedid)');
        if (linkedid) this.#carryOut(this.#tracker.handle({ kind: 'linkedid', channelId, linkedid }));
        return;
      } catch (error) {
        const level = attempt === LINKEDID_TRIES ? 'warn' : 'debug';
        log[level]('could not learn which call a channel belongs to', { channelId, attempt, error: String(error) });
      }
    }
  }

  /** One at a time: Asterisk has crashed on parallel removals after a reconnect. */
  async #sweep(channels: readonly Channel[], bridgeIds: readonly string[]): Promise<void> {
    const { taps, log } = this.#options;
    const isLeftover = (id: string): boolean => {
      const ours = taps.names.parse(id);
      return taps.names.isOurs(id) && (ours === undefined || !this.#taps.has(ours.tap));
    };
    const leftChannels = channels.map(({ id }) => id).filter(isLeftover);
    const leftBridges = bridgeIds.filter(isLeftover);
    for (const id of leftChannels) await taps.ari.hangUp(id);
    for (const id of leftBridges) await taps.ari.destroyBridge(id);
    if (leftChannels.length + leftBridges.length > 0) {
      log.info('removed what was left in Asterisk', { channels: leftChannels.length, bridges: leftBridges.length });
    }
  }

  #isIdle(): boolean {
    return this.#undelivered === 0 && this.#taps.size === 0 && this.#calls.size === 0;
  }

  #tellIfIdle(): void {
    if (this.#isIdle()) this.#onIdle?.();
  }
}

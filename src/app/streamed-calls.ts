/** All calls that are streamed: carries out the call tracker's orders on real taps and streams. */

import type { BridgeSnapshot, CallInput, CallOutput, CallTrackerSettings } from '../core/call/call-events.js';
import { CallHistory } from '../core/call/call-history.js';
import { CallTracker } from '../core/call/call-tracker.js';
import type { CallView } from '../core/call/call-view.js';
import type { Channel } from '../core/call/channel.js';
import { PIECES } from '../core/call/resource-id.js';
import { Subscriptions } from '../core/call/subscriptions.js';
import type { Log } from '../core/log.js';
import type { AriEvent } from '../io/ari/ari-events.js';
import type { DeliveryCounts } from './call-stream.js';
import { CallStreams, type StreamedCall, type StreamingOptions } from './call-streams.js';
import { withHomeContexts } from './home-contexts.js';
import { Participant, type ParticipantOutcome } from './participant.js';
import type { ReceiverHealth } from './receiver-health.js';
import { sweep } from './sweep.js';
import type { Tally } from './tally.js';
import type { Tap, TapContext } from './tap.js';

export interface StreamedCallsOptions {
  readonly tracking: CallTrackerSettings;
  readonly taps: TapContext;
  readonly streaming: StreamingOptions;
  readonly receiver: ReceiverHealth;
  readonly tally: Tally;
  readonly log: Log;
}

const QUESTION_TRIES = 3;

export class StreamedCalls {
  /** What calls there were, for later questions. */
  readonly history = new CallHistory<ParticipantOutcome, DeliveryCounts>();
  readonly #taps: TapContext;
  readonly #tally: Tally;
  readonly #log: Log;
  readonly #tracker: CallTracker;
  readonly #streams: CallStreams;
  readonly #participants = new Map<string, Participant>();
  readonly #livingTaps = new Map<number, Tap>();
  #tracking: CallTrackerSettings;
  #streaming: StreamingOptions;
  #tapSerial = 0;
  #onIdle: (() => void) | undefined;
  #onCallOver: (callid: string) => void = () => undefined;

  constructor({ tracking, taps, streaming, receiver, tally, log }: StreamedCallsOptions) {
    this.#taps = taps;
    this.#tally = tally;
    this.#tracking = tracking;
    this.#streaming = streaming;
    this.#log = log;
    this.#tracker = new CallTracker(tracking);
    this.#streams = new CallStreams({
      health: receiver,
      tally,
      log,
      onIdle: () => this.#tellIfIdle(),
      onDelivered: (callid, counts) => this.history.recordDelivery(callid, counts),
    });
  }

  onEvent(event: AriEvent): void {
    switch (event.kind) {
      case 'entered':
        this.#hearOfTap('entered', event.channelId);
        break;
      case 'left':
        this.#hearOfTap('left', event.channelId);
        break;
      case 'bridge-gone':
        this.#hearOfTap('vanished', event.bridgeId);
        break;
      case 'channel-gone':
        this.#hearOfTap('vanished', event.channelId);
        this.#track(event);
        break;
      case 'replaced':
        break;
      default:
        this.#track(event);
    }
  }

  /** Events flow again after a time without; the snapshot follows. */
  resync(): void {
    this.#track({ kind: 'resync' });
  }

  /** All calls that there are now, streamed or not. */
  get views(): CallView[] {
    return this.#tracker.calls;
  }

  /** The DID numbers by which calls came in since the start. */
  get didsSeen(): string[] {
    return [...this.#tracker.dids];
  }

  /** The listener hears of each call whose stream is over. */
  onCallOver(listener: (callid: string) => void): void {
    this.#onCallOver = listener;
  }

  /** By the channel's id. */
  participant(channelId: string): Participant | undefined {
    return this.#participants.get(channelId);
  }

  /** A call that is streamed now. */
  streamedCall(callid: string): StreamedCall | undefined {
    return this.#streams.find(callid);
  }

  /** Has one call streamed, or not, whatever is subscribed. */
  order(callid: string, isStreamed: boolean): void {
    this.#track({ kind: 'order', callid, isStreamed });
  }

  /** What there is in Asterisk now. Removes what an earlier run, or a broken connection, has left of ours. */
  async onSnapshot(channels: readonly Channel[], bridges: readonly BridgeSnapshot[]): Promise<void> {
    const existing = new Set([...channels, ...bridges].map(({ id }) => id));
    for (const [serial, tap] of this.#livingTaps) {
      if (!tap.isLive) continue;
      for (const piece of PIECES) {
        if (!existing.has(this.#taps.names.idOf(serial, piece))) tap.hear('vanished', piece);
      }
    }
    const parties = await withHomeContexts(this.#taps.ari, channels, this.#tracking.rules);
    this.#track({ kind: 'snapshot', channels: parties, bridges });
    await sweep(this.#taps, (tap) => this.#livingTaps.has(tap), channels, bridges);
  }

  /** Other settings: how to stream, for calls that begin from now on, and with `restart` at once for all. */
  apply(tracking: CallTrackerSettings, streaming: StreamingOptions, restart: boolean): void {
    this.#tracking = tracking;
    this.#streaming = streaming;
    this.#track({ kind: 'settings', settings: tracking, restart });
  }

  /**
   * Ends all streams and removes all taps; resolves when the receiver has everything and nothing of ours is left in
   * Asterisk, as far as that could be done by then.
   */
  async shutDown(): Promise<void> {
    const settings = { ...this.#tracking, subscriptions: Subscriptions.none() };
    this.#track({ kind: 'settings', settings, restart: true });
    if (this.#isIdle()) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }

  /** What is not delivered by now is lost, and told. */
  giveUp(): void {
    this.#streams.giveUp();
  }

  #track(input: CallInput): void {
    for (const output of this.#tracker.handle(input)) {
      this.#carryOut(output);
      this.history.record(output, Date.now());
    }
  }

  #carryOut(output: CallOutput): void {
    switch (output.kind) {
      case 'ask-linkedid':
        void this.#ask(output.channelId, ['CHANNEL(linkedid)'], (linkedid) => ({
          kind: 'linkedid',
          channelId: output.channelId,
          linkedid,
        }));
        break;
      case 'ask-did':
        void this.#ask(output.channelId, ['FROM_DID', 'CALLERID(dnid)'], (did) => ({
          kind: 'did',
          channelId: output.channelId,
          did,
        }));
        break;
      case 'arm':
        this.#arm(output.channel);
        break;
      case 'tap-again':
        this.#participants.get(output.channelId)?.tapAgain();
        break;
      case 'open':
        this.#participants
          .get(output.channel.id)
          ?.open(this.#streams.obtain(output.callid, this.#streaming), output.number);
        break;
      case 'move':
        this.#participants.get(output.channelId)?.move(this.#streams.obtain(output.callid, this.#streaming));
        break;
      case 'callflow':
        this.#streams.obtain(output.callid, this.#streaming).callflow = output.callflow;
        break;
      case 'close':
        this.#participants.get(output.channelId)?.close();
        this.#participants.delete(output.channelId);
        break;
      case 'call-over':
        this.#streams.end(output.callid);
        this.#onCallOver(output.callid);
        break;
    }
  }

  #arm(channel: Channel): void {
    const participant = new Participant({
      channel,
      taps: this.#taps,
      stream: this.#streaming.stream,
      tally: this.#tally,
      nextTap: () => ++this.#tapSerial,
      onTap: (serial, tap) => this.#onTap(serial, tap),
      onEnded: ({ callid, channelid }, outcome) => this.history.recordFigures(callid, channelid, outcome),
    });
    this.#participants.set(channel.id, participant);
  }

  #onTap(serial: number, tap: Tap | undefined): void {
    if (tap === undefined) {
      this.#livingTaps.delete(serial);
      this.#tally.taps.delete(serial);
    } else {
      this.#livingTaps.set(serial, tap);
      this.#tally.taps.add(serial);
    }
    this.#tellIfIdle();
  }

  #hearOfTap(kind: 'entered' | 'left' | 'vanished', id: string): void {
    const ours = this.#taps.names.parse(id);
    if (ours !== undefined) this.#livingTaps.get(ours.tap)?.hear(kind, ours.piece);
  }

  /** Asks for the first of these variables that has a value. A channel that is gone has none. */
  async #ask(channelId: string, variables: readonly string[], toInput: (value: string) => CallInput): Promise<void> {
    for (let attempt = 1; attempt <= QUESTION_TRIES; attempt++) {
      try {
        for (const variable of variables) {
          const value = await this.#taps.ari.variable(channelId, variable);
          if (value) return this.#track(toInput(value));
        }
        return;
      } catch (error) {
        const level = attempt === QUESTION_TRIES ? 'warn' : 'debug';
        this.#log[level]('a question about a channel was not answered', {
          channelId,
          variables,
          attempt,
          error: String(error),
        });
      }
    }
  }

  #isIdle(): boolean {
    return this.#streams.isIdle && this.#livingTaps.size === 0;
  }

  #tellIfIdle(): void {
    if (this.#isIdle()) this.#onIdle?.();
  }
}

/** All calls that are streamed: carries out the call tracker's orders on real taps and streams. */

import type { BridgeSnapshot, CallInput, CallOutput, CallTrackerSettings } from '../core/call/call-events.js';
import { CallHistory } from '../core/call/call-history.js';
import { CallTracker } from '../core/call/call-tracker.js';
import type { CallView } from '../core/call/call-view.js';
import type { Channel } from '../core/call/channel.js';
import { Subscriptions } from '../core/call/subscriptions.js';
import { UnlinkedSilence } from '../core/call/unlinked-silence.js';
import type { Log } from '../core/log.js';
import type { AriEvent } from '../io/ari/ari-events.js';
import type { DeliveryCounts } from './call-stream.js';
import { CallStreams, type StreamedCall, type StreamingOptions } from './call-streams.js';
import { firstVariable } from './channel-questions.js';
import { drive, monotonicMs } from './drive.js';
import { withHomeContexts } from './home-contexts.js';
import { LivingTaps } from './living-taps.js';
import { Participant, type ParticipantOutcome } from './participant.js';
import type { ReceiverHealth } from './receiver-health.js';
import type { Tally } from './tally.js';
import type { TapContext } from './tap.js';

export interface StreamedCallsOptions {
  readonly tracking: CallTrackerSettings;
  readonly taps: TapContext;
  readonly streaming: StreamingOptions;
  readonly receiver: ReceiverHealth;
  readonly tally: Tally;
  readonly log: Log;
}

export class StreamedCalls {
  /** What calls there were, for later questions. */
  readonly history = new CallHistory<ParticipantOutcome, DeliveryCounts>();
  readonly #taps: LivingTaps;
  readonly #tally: Tally;
  readonly #log: Log;
  readonly #tracker: CallTracker;
  readonly #streams: CallStreams;
  readonly #participants = new Map<string, Participant>();
  #tracking: CallTrackerSettings;
  #streaming: StreamingOptions;
  readonly #silence = drive(new UnlinkedSilence(), (output) => {
    if (output.kind === 'silent') this.#lose(output.channelId);
    else this.#silence({ kind: 'packets', counts: this.#packetCounts() });
  });
  #isClosing = false;
  #onIdle: (() => void) | undefined;
  #onCallOver: (callid: string) => void = () => undefined;

  constructor({ tracking, taps, streaming, receiver, tally, log }: StreamedCallsOptions) {
    this.#taps = new LivingTaps(taps, tally, () => this.#tellIfIdle());
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
        this.#taps.hear('entered', event.channelId);
        break;
      case 'left':
        this.#taps.hear('left', event.channelId);
        break;
      case 'bridge-gone':
        this.#taps.hear('vanished', event.bridgeId);
        break;
      case 'channel-gone':
        this.#taps.hear('vanished', event.channelId);
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
    this.#taps.linked();
    this.#track({ kind: 'resync' });
    for (const participant of this.#participants.values()) participant.onLinked();
  }

  /** No events flow any more. Streams go on for as long as their packets come. */
  unlinked(): void {
    if (!this.#isClosing) this.#silence({ kind: 'unlinked' });
    this.#taps.unlinked();
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
    this.#silence({ kind: 'linked' });
    this.#taps.compare(new Set([...channels, ...bridges].map(({ id }) => id)));
    const parties = await withHomeContexts(this.#taps.context.ari, channels, this.#tracking.rules);
    this.#track({ kind: 'snapshot', channels: parties, bridges });
    await this.#taps.removeLeftovers(channels, bridges);
  }

  /** Other settings: how to stream, for calls that begin from now on, and with `restart` at once for all. */
  apply(tracking: CallTrackerSettings, streaming: StreamingOptions, restart: boolean): void {
    this.#tracking = tracking;
    this.#streaming = streaming;
    this.#streams.useTrust(streaming.destination);
    this.#track({ kind: 'settings', settings: tracking, restart });
  }

  /**
   * Ends all streams and removes all taps; resolves when the receiver has everything and nothing of ours is left in
   * Asterisk, as far as that could be done by then.
   */
  async shutDown(): Promise<void> {
    this.#isClosing = true;
    this.#silence({ kind: 'linked' });
    const settings = { ...this.#tracking, subscriptions: Subscriptions.none() };
    this.#track({ kind: 'settings', settings, restart: true });
    if (this.#isIdle()) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }

  /** Waits no longer for what `shutDown` has asked for, and says what was not done. */
  giveUp(): void {
    this.#streams.giveUp();
    const taps = this.#taps.count;
    if (taps > 0)
      this.#log.warn('Asterisk did not remove every tap in time: the next start removes what is left', { taps });
  }

  #track(input: CallInput): void {
    for (const output of this.#tracker.handle(input)) {
      this.#carryOut(output);
      this.history.record(output, monotonicMs(), Date.now() - monotonicMs());
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
      onEnded: ({ callid, channelid }, outcome) => this.history.recordFigures(callid, channelid, outcome),
    });
    this.#participants.set(channel.id, participant);
  }

  #packetCounts(): ReadonlyMap<string, number> {
    return new Map([...this.#participants].map(([channelId, { stats }]) => [channelId, stats.packets]));
  }

  #lose(channelId: string): void {
    this.#log.info('nothing comes from Asterisk any more, and there is no link: the participant is taken for gone', {
      channel: this.#participants.get(channelId)?.channelid,
    });
    this.#track({ kind: 'lost', channelId });
  }

  async #ask(channelId: string, variables: readonly string[], toInput: (value: string) => CallInput): Promise<void> {
    const value = await firstVariable(this.#taps.context, channelId, variables);
    if (value !== undefined) this.#track(toInput(value));
  }

  #isIdle(): boolean {
    return this.#streams.isIdle && this.#taps.isIdle;
  }

  #tellIfIdle(): void {
    if (this.#isIdle()) this.#onIdle?.();
  }
}

/** All calls that are streamed: carries out the call tracker's orders on real taps and streams. */

import type { BridgeSnapshot, CallInput, CallOutput, CallTrackerSettings } from '../core/call/call-events.js';
import { CallHistory } from '../core/call/call-history.js';
import { CallTracker } from '../core/call/call-tracker.js';
import type { CallView } from '../core/call/call-view.js';
import type { Channel } from '../core/call/channel.js';
import { Subscriptions } from '../core/call/subscriptions.js';
import type { Log } from '../core/log.js';
import { streamErrorOf } from '../core/plain-error.js';
import type { AriEvent } from '../io/ari/ari-events.js';
import { CallRegister, type RegisteredCall } from './call-register.js';
import type { DeliveryCounts } from './call-stream.js';
import type { StreamingOptions } from './call-streams.js';
import { firstVariable } from './channel-questions.js';
import { monotonicMs } from './drive.js';
import { withHomeContexts } from './home-contexts.js';
import { LivingTaps } from './living-taps.js';
import type { Media } from './media/media.js';
import type { MediaNews } from './media/media-news.js';
import type { PlaneIntake } from './media/plane-intake.js';
import type { Participant, ParticipantOutcome } from './participant.js';
import { Participants } from './participants.js';
import type { ReceiverHealth } from './receiver-health.js';
import { SilenceWatch } from './silence-watch.js';
import type { Tally } from './tally.js';
import type { TapContext } from './tap.js';

export interface StreamedCallsOptions {
  readonly tracking: CallTrackerSettings;
  readonly taps: Omit<TapContext, 'intake'>;
  readonly media: Media;
  readonly intake: PlaneIntake;
  readonly streaming: StreamingOptions;
  readonly receiver: ReceiverHealth;
  readonly tally: Tally;
  readonly log: Log;
}

export class StreamedCalls {
  /** What calls there were, for later questions. */
  readonly history = new CallHistory<ParticipantOutcome, DeliveryCounts>();
  readonly #taps: LivingTaps;
  readonly #media: Media;
  readonly #receiver: ReceiverHealth;
  readonly #log: Log;
  readonly #tracker: CallTracker;
  readonly #calls: CallRegister;
  readonly #participants: Participants;
  #tracking: CallTrackerSettings;
  #options: StreamingOptions;
  readonly #silence: SilenceWatch;
  #isClosing = false;
  #onIdle: (() => void) | undefined;
  #onCallOver: (callid: string) => void = () => undefined;

  constructor({ tracking, taps, media, intake, streaming, receiver, tally, log }: StreamedCallsOptions) {
    this.#taps = new LivingTaps({ ...taps, intake }, tally, () => this.#tellIfIdle());
    this.#media = media;
    this.#receiver = receiver;
    this.#tracking = tracking;
    this.#options = streaming;
    this.#log = log;
    this.#tracker = new CallTracker(tracking);
    this.#calls = new CallRegister(tally);
    this.#participants = new Participants({
      taps: this.#taps,
      media,
      intake,
      calls: this.#calls,
      tally,
      onEnded: (callid, channelid, outcome) => this.history.recordFigures(callid, channelid, outcome),
    });
    this.#silence = new SilenceWatch(this.#participants, (channelId) => this.#lose(channelId));
    media.hear((news) => this.#onNews(news));
    this.#orderSettings();
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
    this.#participants.onLinked();
  }

  /** No events flow any more. Streams go on for as long as their packets come. */
  unlinked(): void {
    if (!this.#isClosing) this.#silence.unlinked();
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
    return this.#participants.find(channelId);
  }

  /** A call that is streamed now. */
  streamedCall(callid: string): RegisteredCall | undefined {
    return this.#calls.find(callid);
  }

  /** Sends silence in the place of what is said in a call, also by those who join it. False: it is not streamed. */
  setPaused(callid: string, isPaused: boolean): boolean {
    const call = this.#calls.find(callid);
    if (call === undefined) return false;
    call.isPaused = isPaused;
    this.#media.order({ kind: 'pause-call', callid, isPaused });
    return true;
  }

  /** Has one call streamed, or not, whatever is subscribed. */
  order(callid: string, isStreamed: boolean): void {
    this.#track({ kind: 'order', callid, isStreamed });
  }

  /** What there is in Asterisk now. Removes what an earlier run, or a broken connection, has left of ours. */
  async onSnapshot(channels: readonly Channel[], bridges: readonly BridgeSnapshot[]): Promise<void> {
    this.#silence.linked();
    this.#taps.compare(new Set([...channels, ...bridges].map(({ id }) => id)));
    const parties = await withHomeContexts(this.#taps.context.ari, channels, this.#tracking.rules);
    this.#track({ kind: 'snapshot', channels: parties, bridges });
    await this.#taps.removeLeftovers(channels, bridges);
  }

  /** Other settings: how to stream, for calls that begin from now on, and with `restart` at once for all. */
  apply(tracking: CallTrackerSettings, streaming: StreamingOptions, restart: boolean): void {
    this.#tracking = tracking;
    this.#options = streaming;
    this.#orderSettings();
    this.#track({ kind: 'settings', settings: tracking, restart });
  }

  /**
   * Ends all streams and removes all taps; resolves when the receiver has everything and nothing of ours is left in
   * Asterisk, as far as that could be done by then.
   */
  async shutDown(): Promise<void> {
    this.#isClosing = true;
    this.#silence.linked();
    const settings = { ...this.#tracking, subscriptions: Subscriptions.none() };
    this.#track({ kind: 'settings', settings, restart: true });
    if (this.#isIdle()) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }

  /** Waits no longer for what `shutDown` has asked for, and says what was not done. */
  giveUp(): void {
    this.#media.order({ kind: 'give-up' });
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
        this.#participants.arm(output.channel);
        break;
      case 'tap-again':
        this.#participants.find(output.channelId)?.tapAgain();
        break;
      case 'open':
        this.#participants.find(output.channel.id)?.open(this.#obtain(output.callid), output.number);
        break;
      case 'move':
        this.#obtain(output.callid);
        this.#participants.find(output.channelId)?.move(output.callid);
        break;
      case 'callflow':
        this.#obtain(output.callid);
        this.#media.order(output);
        break;
      case 'close':
        this.#participants.close(output.channelId);
        break;
      case 'call-over':
        this.#calls.end(output.callid);
        this.#media.order(output);
        this.#onCallOver(output.callid);
        break;
    }
  }

  #onNews(news: MediaNews): void {
    switch (news.kind) {
      case 'first-packet':
        this.#taps.onFirstPacket(news.tap);
        return;
      case 'delivered':
        this.history.recordDelivery(news.callid, news.counts);
        this.#calls.delivered();
        this.#tellIfIdle();
        return;
      case 'receiver-connected':
        this.#receiver.connected(news.shownAs, news.callid);
        return;
      case 'receiver-failed':
        this.#receiver.failed(streamErrorOf(news.error), news.callid);
        return;
      default:
        this.#participants.onNews(news);
    }
  }

  /** The call's stream; begun as calls are streamed now if there is none. The media plane does the same by itself. */
  #obtain(callid: string): RegisteredCall {
    return this.#calls.obtain(callid, this.#options);
  }

  #orderSettings(): void {
    this.#media.order({ kind: 'settings', streaming: this.#options, isDebug: this.#log.isDebugEnabled() });
  }

  #lose(channelId: string): void {
    this.#log.info('nothing comes from Asterisk any more, and there is no link: the participant is taken for gone', {
      channel: this.#participants.find(channelId)?.channelid,
    });
    this.#track({ kind: 'lost', channelId });
  }

  async #ask(channelId: string, variables: readonly string[], toInput: (value: string) => CallInput): Promise<void> {
    const value = await firstVariable(this.#taps.context, channelId, variables);
    if (value !== undefined) this.#track(toInput(value));
  }

  #isIdle(): boolean {
    return this.#calls.isIdle && this.#taps.isIdle;
  }

  #tellIfIdle(): void {
    if (this.#isIdle()) this.#onIdle?.();
  }
}

/**
 * A media plane: all that packets and fragments pass through, from the UDP socket to the receiver. It does what the
 * control side orders, tells it what comes of that, and waits for nobody.
 */

import type { RtpSource } from '../../core/call/tap-plan.js';
import type { StreamError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import { plainError } from '../../core/plain-error.js';
import type { PacketTaker, RtpSocket, StopListening } from '../../io/media/rtp-socket.js';
import { CallStreams, type StreamedCall, type StreamingOptions } from '../call-streams.js';
import type { Codecs } from '../streaming-options.js';
import { CallLinks } from './call-links.js';
import type { AnyAnswer } from './clock-shift.js';
import type { MediaSocket, Plane } from './media.js';
import type { PacketReading, PlaneAnswers, PlaneNews } from './media-news.js';
import type { PlaneOrder, PlaneQuestion } from './media-orders.js';
import { MediaTally } from './media-tally.js';
import { ParticipantMedia, type PlaneContext } from './participant-media.js';

export interface MediaPlaneOptions {
  readonly rtp: RtpSocket;
  readonly codecs: Codecs;
  readonly log: Log;
  /** How calls are streamed that begin before the first order about that. */
  readonly streaming: StreamingOptions;
  /** How many media planes there are, this one among them. Default: 1. */
  readonly planes?: number;
}

/** A tap's packets on their way to the participant, as long as the tap is its own. */
class TapIntake implements PacketTaker {
  readonly #tap: number;
  readonly #participant: ParticipantMedia;
  readonly #onFirst: (tap: number) => void;
  packets = 0;
  stop: StopListening | undefined;

  constructor(tap: number, participant: ParticipantMedia, onFirst: (tap: number) => void) {
    this.#tap = tap;
    this.#participant = participant;
    this.#onFirst = onFirst;
  }

  take(packet: Uint8Array): void {
    if (this.packets === 0) this.#onFirst(this.#tap);
    this.packets += 1;
    if (this.#participant.tap === this.#tap) this.#participant.receive(packet);
  }
}

export class MediaPlane implements Plane {
  readonly tally = new MediaTally();
  readonly #options: MediaPlaneOptions;
  readonly #context: PlaneContext;
  readonly #streams: CallStreams;
  readonly #links: CallLinks;
  #streaming: StreamingOptions;
  readonly #participants = new Map<number, ParticipantMedia>();
  readonly #taps = new Map<number, TapIntake>();
  #tell: (news: PlaneNews) => void = () => undefined;
  readonly #onFirstPacket = (tap: number): void => this.#tell({ kind: 'first-packet', tap });

  constructor(options: MediaPlaneOptions) {
    const { codecs, log, streaming, planes = 1 } = options;
    this.#options = options;
    this.#streaming = streaming;
    this.#context = { codecs, tally: this.tally, log, isMeasuring: false, tell: (news) => this.#tell(news) };
    this.#streams = new CallStreams({
      health: {
        connected: (shownAs, callid) => this.#tell({ kind: 'receiver-connected', shownAs, callid }),
        failed: (problem: StreamError, callid) =>
          this.#tell({ kind: 'receiver-failed', error: plainError(problem), callid }),
      },
      tally: this.tally,
      log,
      onDelivered: (callid, counts) => this.#tell({ kind: 'delivered', callid, counts }),
      planes,
    });
    this.#links = new CallLinks(this.#streams, (forward) => this.#tell(forward));
  }

  get socket(): MediaSocket {
    const { host, port, receiveBufferOctets } = this.#options.rtp;
    return { host, port, receiveBufferOctets };
  }

  hear(listener: (news: PlaneNews) => void): void {
    this.#tell = listener;
  }

  order(order: PlaneOrder): void {
    switch (order.kind) {
      case 'settings':
        this.#streaming = order.streaming;
        this.#streams.useTrust(order.streaming.destination);
        return;
      case 'arm':
        this.#arm(order.participant, order.channelid);
        return;
      case 'tap':
        this.#useTap(order.participant, order.tap);
        return;
      case 'listen':
        this.#listen(order.tap, order.source, order.since);
        return;
      case 'stop':
        this.#taps.get(order.tap)?.stop?.(order.lateMs);
        this.#taps.delete(order.tap);
        return;
      case 'open':
        this.#participants.get(order.participant)?.open(this.#obtain(order.callid), order.number);
        return;
      case 'move':
        this.#participants.get(order.participant)?.move(this.#obtain(order.callid));
        return;
      case 'pause':
        this.#participants.get(order.participant)?.setPaused(order.isPaused);
        return;
      case 'close':
        this.#participants.get(order.participant)?.close(order.at);
        return;
      default:
        this.#orderMore(order);
    }
  }

  async ask<Kind extends PlaneQuestion['kind']>(
    question: Extract<PlaneQuestion, { readonly kind: Kind }>,
  ): Promise<PlaneAnswers[Kind]> {
    // TypeScript does not narrow a type parameter by a switch.
    return this.answer(question) as PlaneAnswers[Kind];
  }

  /** The same, at once. */
  answer(question: PlaneQuestion): AnyAnswer {
    switch (question.kind) {
      case 'figures':
        return this.tally.figures(this.#options.rtp.counts);
      case 'packets':
        return this.#packets();
      case 'live':
        return [...this.#participants.values()].flatMap((participant) => participant.takeReading() ?? []);
      case 'pulse':
        return true;
      case 'outcomes':
        return new Map(
          question.participants.flatMap((id) => {
            const participant = this.#participants.get(id);
            return participant === undefined ? [] : [[id, participant.outcome] as const];
          }),
        );
      case 'relayed':
        return question.of.map(({ callid, channelid }) => this.#links.reading(callid, channelid));
    }
  }

  async close(): Promise<void> {
    await this.#options.rtp.close();
  }

  #orderMore(
    order: Extract<
      PlaneOrder,
      {
        kind: 'pause-call' | 'hear' | 'callflow' | 'call-over' | 'measure' | 'give-up' | 'reach' | 'admit' | 'forward';
      }
    >,
  ): void {
    switch (order.kind) {
      case 'pause-call': {
        const call = this.#streams.find(order.callid);
        if (call !== undefined) call.isPaused = order.isPaused;
        return;
      }
      case 'hear': {
        const participant = this.#participants.get(order.participant);
        if (participant !== undefined) participant.isHeard = order.isWanted;
        return;
      }
      case 'callflow':
        this.#obtain(order.callid).callflow = order.callflow;
        return;
      case 'call-over':
        this.#streams.end(order.callid);
        return;
      case 'measure':
        this.#context.isMeasuring = order.isOn;
        return;
      case 'give-up':
        this.#streams.giveUp();
        return;
      case 'reach':
        this.#links.reach(order);
        return;
      case 'admit':
        this.#links.admit(order.link, this.#obtain(order.callid));
        return;
      case 'forward':
        this.#links.forward(order);
        return;
    }
  }

  #packets(): PacketReading {
    return {
      ofParticipants: new Map([...this.#participants].map(([id, { packets }]) => [id, packets])),
      ofTaps: new Map([...this.#taps].map(([tap, { packets }]) => [tap, packets])),
      strangers: this.#options.rtp.strangers,
    };
  }

  #arm(id: number, channelid: string): void {
    const onOver = () => this.#participants.delete(id);
    this.#participants.set(id, new ParticipantMedia(id, channelid, this.#streaming.stream, this.#context, onOver));
  }

  #useTap(id: number, tap: number): void {
    const participant = this.#participants.get(id);
    if (participant === undefined) return;
    participant.tap = tap;
    this.#taps.set(tap, new TapIntake(tap, participant, this.#onFirstPacket));
  }

  #listen(tap: number, source: RtpSource, since: number): void {
    const intake = this.#taps.get(tap);
    if (intake === undefined) return;
    intake.stop = this.#options.rtp.listen(source, intake, since);
  }

  #obtain(callid: string): StreamedCall {
    return this.#streams.obtain(callid, this.#streaming);
  }
}

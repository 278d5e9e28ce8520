/** One participant in the media plane: its audio from RTP packets to messages for the receiver. */

import { joinLevels, type Level, levelOf, NO_AUDIO } from '../../core/audio/level.js';
import type { Tick } from '../../core/core.js';
import type { Log } from '../../core/log.js';
import { ParticipantStream } from '../../core/participant-stream.js';
import type { Label } from '../../core/relay/protocol.js';
import { leaveCall, type StreamedCall, type StreamForm } from '../call-streams.js';
import { Driven, monotonicMs } from '../drive.js';
import type { Codecs } from '../streaming-options.js';
import { LATE_LIMIT_MS } from '../tap.js';
import type { LiveReading, MediaNews, ParticipantOutcome } from './media-news.js';
import type { MediaTally } from './media-tally.js';

/** What all participants of a plane share. */
export interface PlaneContext {
  readonly codecs: Codecs;
  readonly tally: MediaTally;
  readonly log: Log;
  /** Whether it is measured how loud everybody is. */
  isMeasuring: boolean;
  readonly tell: (news: MediaNews) => void;
}

/** What is on its way from Asterisk when a channel ends still belongs to the stream: on a line that jitters for longer. */
const LINGER_MS = 60;
/** Three times the jitter (RFC 3550, A.8) is the most that a packet is late when any time up to it is as likely; and one to spare. */
const JITTER_TIMES = 4;

type StreamInput =
  /** A packet. */
  | Uint8Array
  | { readonly kind: 'open' }
  /** `at`: since when the participant is gone, in ms. */
  | { readonly kind: 'end'; readonly at: number };

interface Destination {
  readonly call: StreamedCall;
  readonly number: string;
  /** As long as nothing in it changes, all fragments have the same one. */
  label: Label;
  /** Fragments sent to this call. */
  fragments: number;
}

export class ParticipantMedia extends Driven<StreamInput, Int16Array> {
  // Packets come so seldom to each of many participants that the processor fetches all they need from memory: what each packet
  // needs stands together.
  #stream: ParticipantStream;
  /** The tap whose packets are its own; one before it may still be on its way out. */
  tap: number | undefined;
  readonly id: number;
  readonly #channelid: string;
  readonly #context: PlaneContext;
  #form: StreamForm;
  #isClosed = false;
  #destination: Destination | undefined;
  /** The call to go on under from the next fragment. One whose channel ends before that stays where it was. */
  #next: StreamedCall | undefined;
  #isPaused = false;
  #level: Level = NO_AUDIO;
  readonly #onOver: () => void;
  /** Its fragments are told. */
  isHeard = false;

  /** `onOver` is called when its stream has ended. */
  constructor(id: number, channelid: string, form: StreamForm, context: PlaneContext, onOver: () => void) {
    super();
    this.id = id;
    this.#channelid = channelid;
    this.#form = form;
    this.#context = context;
    this.#onOver = onOver;
    this.#stream = this.#newStream();
  }

  /** A packet of its tap, whose memory the caller leaves alone from now on. */
  receive(packet: Uint8Array): void {
    this.feed(packet);
  }

  /** The participant has answered: from now on its audio goes to the call's stream. */
  open(call: StreamedCall, number: string): void {
    const { tally, log } = this.#context;
    if (call.form.sampleRate !== this.#form.sampleRate) {
      // The call began before the settings changed, and keeps its sample rate to its end.
      this.#stream.close();
      tally.streams.delete(this.#stream);
      this.#form = call.form;
      this.#stream = this.#newStream();
    }
    this.#join(call, number);
    this.feed({ kind: 'open' });
    const { callid, callflow } = call;
    log.info('participant streams', { callid, channel: this.#channelid, number, callflow });
  }

  /** Its stream ends under its present call, and goes on without a gap under another. */
  move(call: StreamedCall): void {
    if (this.#destination !== undefined) this.#next = call;
  }

  /** While paused, silence goes out in the place of what is said. */
  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
    if (isPaused) this.#stream.pause();
    else this.#stream.resume(monotonicMs());
  }

  get packets(): number {
    return this.#stream.stats.packets;
  }

  get outcome(): ParticipantOutcome {
    return { stats: this.#stream.stats, gaps: this.#stream.gaps };
  }

  /** Undefined before it is opened. Takes the level of what was said since the last time. */
  takeReading(): LiveReading | undefined {
    if (this.#destination === undefined) return undefined;
    const { callid, stream } = this.#destination.call;
    const { fragments, lostMs, pausedMs } = this.#stream.stats;
    const level = this.#level;
    this.#level = NO_AUDIO;
    const waiting = stream.waitingOf(this.#channelid);
    return { participant: this.id, callid, level, fragments, waiting, lostMs, pausedMs, reconnects: stream.reconnects };
  }

  /** The participant has gone since `at`, or is not wanted any more. A second call does nothing. */
  close(at: number): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#next = undefined;
    const lateMs = JITTER_TIMES * this.#stream.stats.jitterMs;
    const untilMs = at + Math.min(LATE_LIMIT_MS, Math.max(LINGER_MS, lateMs));
    setTimeout(() => this.#end(at), Math.max(0, untilMs - monotonicMs()));
  }

  #newStream(): ParticipantStream {
    const { codecs, tally } = this.#context;
    const stream = new ParticipantStream({ ...this.#form, ...codecs });
    tally.streams.add(stream);
    return stream;
  }

  #join(call: StreamedCall, number: string): void {
    call.participants.add(this);
    this.#destination = { call, number, label: this.#labelOf(call, number), fragments: 0 };
    this.setPaused(this.#isPaused || call.isPaused);
  }

  /** A stream that had audio is ended at the receiver. */
  #leave(destination: Destination): void {
    const { call, fragments } = destination;
    if (fragments > 0) call.stream.send({ label: this.#labelIn(destination), pcm: undefined });
    leaveCall(call, this);
  }

  #goOn(present: Destination, call: StreamedCall): void {
    const { log, tell } = this.#context;
    this.#leave(present);
    this.#join(call, present.number);
    const { callid } = call;
    log.info('participant goes on under another call', {
      channel: this.#channelid,
      from: present.call.callid,
      fragments: present.fragments,
      callid,
    });
    tell({ kind: 'moved', participant: this.id, callid, isPaused: this.#isPaused });
  }

  protected override handle(input: StreamInput | Tick, now: number): readonly Int16Array[] {
    // Nearly always a packet, and then nothing is made around it.
    if (input instanceof Uint8Array) return this.#stream.receive(input, now);
    switch (input.kind) {
      case 'open':
        return this.#stream.open(now);
      case 'end':
        return this.#stream.end(input.at);
      case 'tick':
        return this.#stream.tick(now);
    }
  }

  protected override nextWake(): number | undefined {
    return this.#stream.nextWake();
  }

  protected override carryOut(pcm: Int16Array): void {
    if (this.#destination === undefined) return;
    if (this.#next !== undefined && this.#next !== this.#destination.call) this.#goOn(this.#destination, this.#next);
    this.#next = undefined;
    this.#destination.fragments += 1;
    if (this.#context.isMeasuring) this.#level = joinLevels(this.#level, levelOf(pcm));
    if (this.isHeard) this.#context.tell({ kind: 'fragment', participant: this.id, pcm: pcm.slice() });
    this.#destination.call.stream.send({ label: this.#labelIn(this.#destination), pcm });
  }

  #labelIn(destination: Destination): Label {
    const { call, number, label } = destination;
    if (label.callflow !== call.callflow) destination.label = this.#labelOf(call, number);
    return destination.label;
  }

  #labelOf({ callid, callflow }: StreamedCall, number: string): Label {
    return { callid, callflow, number, channelid: this.#channelid };
  }

  #end(at: number): void {
    const { log, tally, tell } = this.#context;
    const path = this.#stream.signalPath;
    this.feed({ kind: 'end', at });
    tally.streams.delete(this.#stream);
    const destination = this.#destination;
    const { outcome } = this;
    if (destination !== undefined) {
      const { callid } = destination.call;
      const channel = this.#channelid;
      log.info('participant ended', { callid, channel, fragments: destination.fragments, path });
      if (log.isDebugEnabled()) log.debug('figures of the participant', { channel, ...outcome.stats });
      this.#leave(destination);
    }
    this.#onOver();
    tell({ kind: 'ended', participant: this.id, callid: destination?.call.callid, outcome });
  }
}

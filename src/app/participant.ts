/** One participant of a call: its tap in Asterisk, and its audio from RTP packets to messages for the receiver. */

import type { Core, Tick } from '../core/core.js';
import type { Gap } from '../core/gap-list.js';
import type { ParticipantStats } from '../core/participant-stats.js';
import { ParticipantStream, type ParticipantStreamOptions } from '../core/participant-stream.js';
import type { Label } from '../core/relay/protocol.js';
import { leaveCall, type StreamedCall } from './call-streams.js';
import { drive, type Feed, monotonicMs } from './drive.js';
import { LastingTap, type LastingTapOptions } from './lasting-tap.js';
import { LATE_LIMIT_MS } from './tap.js';

/** Hears the fragments as they leave: the samples are not its own. */
export type FragmentListener = (pcm: Int16Array) => void;

/** What came of a participant's audio. */
export interface ParticipantOutcome {
  readonly stats: ParticipantStats;
  readonly gaps: readonly Gap[];
}

export interface ParticipantOptions extends LastingTapOptions {
  readonly stream: ParticipantStreamOptions;
  /** Its stream is over, with these figures. */
  readonly onEnded: (label: Label, outcome: ParticipantOutcome) => void;
}

/** What is on its way from Asterisk when a channel ends still belongs to the stream: on a line that jitters for longer. */
const LINGER_MS = 60;
/** Three times the jitter (RFC 3550, A.8) is the most that a packet is late when any time up to it is as likely; and one to spare. */
const JITTER_TIMES = 4;

type StreamInput =
  | { readonly kind: 'packet'; readonly packet: Uint8Array }
  | { readonly kind: 'open' }
  /** `at`: since when the participant is gone, in ms. */
  | { readonly kind: 'end'; readonly at: number };

interface Destination {
  readonly call: StreamedCall;
  readonly number: string;
  /** One object for as long as it holds: its text is made once (`encodeProcess`). */
  label: Label;
  /** Fragments sent to this call. */
  fragments: number;
}

export class Participant {
  readonly #options: ParticipantOptions;
  #streamOptions: ParticipantStreamOptions;
  #stream: ParticipantStream;
  #feed: Feed<StreamInput>;
  readonly #tap: LastingTap;
  #closed = false;
  #destination: Destination | undefined;
  /** The call to go on under from the next fragment. One whose channel ends before that stays where it was. */
  #next: StreamedCall | undefined;
  #isPaused = false;
  readonly #listeners = new Set<FragmentListener>();

  constructor(options: ParticipantOptions) {
    this.#options = options;
    this.#streamOptions = options.stream;
    [this.#stream, this.#feed] = this.#newStream();
    this.#tap = new LastingTap(options, (packet) => this.#feed({ kind: 'packet', packet }));
  }

  /** The participant has answered: from now on its audio goes to the call's stream. */
  open(call: StreamedCall, number: string): void {
    if (call.options.stream !== this.#streamOptions) {
      // The call began before the settings changed, and keeps its sample rate to its end.
      this.#stream.close();
      this.#options.tally.streams.delete(this.#stream);
      this.#streamOptions = call.options.stream;
      [this.#stream, this.#feed] = this.#newStream();
    }
    this.#join(call, number);
    this.#feed({ kind: 'open' });
    const { taps, channel, tally } = this.#options;
    const { callid, callflow } = call;
    tally.participants.add(this);
    taps.context.log.info('participant streams', { callid, channel: channel.name, number, callflow });
  }

  /** Its stream ends under its present call, and goes on without a gap under another. */
  move(call: StreamedCall): void {
    if (this.#destination !== undefined) this.#next = call;
  }

  get channelid(): string {
    return this.#options.channel.name;
  }

  /** The party's own number; empty before it is opened. */
  get number(): string {
    return this.#destination?.number ?? '';
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** The call to which its audio goes; nothing before it is opened. */
  get call(): StreamedCall | undefined {
    return this.#destination?.call;
  }

  get stats(): ParticipantStats {
    return this.#stream.stats;
  }

  get outcome(): ParticipantOutcome {
    return { stats: this.stats, gaps: this.#stream.gaps };
  }

  /** While paused, silence goes out in the place of what is said. */
  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
    if (isPaused) this.#stream.pause();
    else this.#stream.resume(monotonicMs());
  }

  /** Hands what leaves to the listener, too, until the returned function is called. */
  listen(listener: FragmentListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Its tap is deaf from now on: another takes its place. */
  tapAgain(): void {
    this.#tap.makeAnew();
  }

  /** There is a link to Asterisk again. */
  onLinked(): void {
    this.#tap.onLinked();
  }

  /** The participant has gone, or is not wanted any more. A second call does nothing. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#next = undefined;
    this.#tap.expectEnd();
    const at = monotonicMs();
    const lateMs = JITTER_TIMES * this.#stream.stats.jitterMs;
    setTimeout(() => this.#end(at), Math.min(LATE_LIMIT_MS, Math.max(LINGER_MS, lateMs)));
  }

  #newStream(): [ParticipantStream, Feed<StreamInput>] {
    const stream = new ParticipantStream(this.#streamOptions);
    this.#options.tally.streams.add(stream);
    return [stream, drive(coreOf(stream), (fragment) => this.#send(fragment))];
  }

  #join(call: StreamedCall, number: string): void {
    call.participants.add(this);
    this.#tap.streamsIn(call.callid);
    this.#destination = { call, number, label: this.#labelIn(call, number), fragments: 0 };
    this.setPaused(this.#isPaused || call.isPaused);
  }

  /** A stream that had audio is ended at the receiver. */
  #leave(destination: Destination): void {
    const { call, fragments } = destination;
    if (fragments > 0) call.stream.send({ label: this.#presentLabel(destination), pcm: undefined });
    leaveCall(call, this);
  }

  #goOn(present: Destination, call: StreamedCall): void {
    this.#leave(present);
    this.#join(call, present.number);
    this.#options.taps.context.log.info('participant goes on under another call', {
      channel: this.#options.channel.name,
      from: present.call.callid,
      fragments: present.fragments,
      callid: call.callid,
    });
  }

  #send(pcm: Int16Array): void {
    if (this.#destination === undefined) return;
    if (this.#next !== undefined && this.#next !== this.#destination.call) this.#goOn(this.#destination, this.#next);
    this.#next = undefined;
    this.#destination.fragments += 1;
    this.#destination.call.stream.send({ label: this.#presentLabel(this.#destination), pcm });
    for (const listener of this.#listeners) listener(pcm);
  }

  #presentLabel(destination: Destination): Label {
    const { call, number, label } = destination;
    if (label.callflow !== call.callflow) destination.label = this.#labelIn(call, number);
    return destination.label;
  }

  #labelIn({ callid, callflow }: StreamedCall, number: string): Label {
    return { callid, callflow, number, channelid: this.#options.channel.name };
  }

  #end(at: number): void {
    const { log } = this.#options.taps.context;
    const path = this.#stream.signalPath;
    this.#feed({ kind: 'end', at });
    this.#tap.release();
    this.#options.tally.streams.delete(this.#stream);
    this.#options.tally.participants.delete(this);
    const destination = this.#destination;
    if (destination === undefined) return;
    const label = this.#presentLabel(destination);
    log.info('participant ended', {
      callid: label.callid,
      channel: label.channelid,
      fragments: destination.fragments,
      path,
    });
    if (log.isDebugEnabled())
      log.debug('figures of the participant', { channel: label.channelid, ...this.#stream.stats });
    this.#leave(destination);
    this.#options.onEnded(label, this.outcome);
  }
}

/** The stream as a core, so that it is driven like every other. */
function coreOf(stream: ParticipantStream): Core<StreamInput, Int16Array> {
  return {
    handle(input: StreamInput | Tick, now: number): readonly Int16Array[] {
      switch (input.kind) {
        case 'packet':
          return stream.receive(input.packet, now);
        case 'open':
          return stream.open(now);
        case 'end':
          return stream.end(input.at);
        case 'tick':
          return stream.tick(now);
      }
    },
    nextWake: () => stream.nextWake(),
  };
}

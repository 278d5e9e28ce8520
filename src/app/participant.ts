/** One participant of a call, as the control side knows it: its tap in Asterisk, and orders about its audio. */

import type { CallRegister, RegisteredCall } from './call-register.js';
import { monotonicMs } from './drive.js';
import { LastingTap, type LastingTapOptions } from './lasting-tap.js';
import type { Media } from './media/media.js';
import type { MediaNews, ParticipantOutcome } from './media/media-news.js';

export type { ParticipantOutcome } from './media/media-news.js';

/** Hears the fragments as they leave: the samples are not its own. */
export type FragmentListener = (pcm: Int16Array) => void;

export interface ParticipantOptions extends LastingTapOptions {
  /** Its number in the media plane, unique in this run. */
  readonly id: number;
  readonly media: Media;
  readonly calls: CallRegister;
  /** Its stream is over, under this call if it was ever opened. */
  readonly onEnded: (callid: string | undefined, outcome: ParticipantOutcome) => void;
}

/** News about one participant. */
export type ParticipantNews = Extract<MediaNews, { readonly participant: number }>;

export class Participant {
  readonly #options: ParticipantOptions;
  readonly #tap: LastingTap;
  #isClosed = false;
  #call: RegisteredCall | undefined;
  #number = '';
  #isPaused = false;
  readonly #listeners = new Set<FragmentListener>();

  constructor(options: ParticipantOptions) {
    const { id, media, channel } = options;
    this.#options = options;
    const callid = channel.linkedid ?? channel.id;
    media.order({ kind: 'arm', participant: id, channelid: channel.name, callid });
    this.#tap = new LastingTap(options, (tap) => media.order({ kind: 'tap', participant: id, tap }));
  }

  /** The participant has answered: from now on its audio goes to the call's stream. */
  open(call: RegisteredCall, number: string): void {
    const { id, media, tally } = this.#options;
    const { callid } = call;
    tally.participants.add(this);
    this.#number = number;
    this.#isPaused ||= call.isPaused;
    this.#streamsIn(call);
    media.order({ kind: 'open', participant: id, callid, number });
  }

  /** Its stream ends under its present call, and goes on without a gap under another. */
  move(callid: string): void {
    const { id, media } = this.#options;
    media.order({ kind: 'move', participant: id, callid });
  }

  get id(): number {
    return this.#options.id;
  }

  get channelid(): string {
    return this.#options.channel.name;
  }

  /** The party's own number; empty before it is opened. */
  get number(): string {
    return this.#number;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** The call to which its audio goes; nothing before it is opened. */
  get call(): RegisteredCall | undefined {
    return this.#call;
  }

  /** While paused, silence goes out in the place of what is said. */
  setPaused(isPaused: boolean): void {
    const { id, media } = this.#options;
    this.#isPaused = isPaused;
    media.order({ kind: 'pause', participant: id, isPaused });
  }

  /** Hands what leaves to the listener, too, until the returned function is called. */
  listen(listener: FragmentListener): () => void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#hear(true);
    return () => {
      if (this.#listeners.delete(listener) && this.#listeners.size === 0) this.#hear(false);
    };
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
    if (this.#isClosed) return;
    const { id, media } = this.#options;
    this.#isClosed = true;
    this.#tap.expectEnd();
    media.order({ kind: 'close', participant: id, at: monotonicMs() });
  }

  onNews(news: ParticipantNews): void {
    switch (news.kind) {
      case 'fragment':
        for (const listener of this.#listeners) listener(news.pcm);
        return;
      case 'moved':
        this.#isPaused = news.isPaused;
        this.#streamsIn(this.#options.calls.find(news.callid) ?? this.#call);
        return;
      case 'ended':
        this.#tap.release();
        this.#options.tally.participants.delete(this);
        this.#options.onEnded(news.callid, news.outcome);
        return;
    }
  }

  #streamsIn(call: RegisteredCall | undefined): void {
    if (call === undefined) return;
    this.#call = call;
    this.#tap.streamsIn(call.callid);
  }

  #hear(isWanted: boolean): void {
    const { id, media } = this.#options;
    media.order({ kind: 'hear', participant: id, isWanted });
  }
}

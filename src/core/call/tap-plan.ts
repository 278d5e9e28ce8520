/**
 * The life of one tap in Asterisk: a snoop channel on the participant, an externalMedia channel to us, a bridge of both.
 *
 *     arm ──> create snoop, media, bridge, side by side ──> all there, both channels entered Stasis ──> join ──> joined ──> live
 *                                  └──> media is there, and says where its RTP comes from ──> listen
 *     release, or anything refused or vanished ──> remove what is there, one by one ──> over
 *
 * Asterisk answers "Channel not in Stasis application" to a join before both channels have entered, hence that wait. The
 * RTP source comes with the answer that the media channel is there, so that who listens does so before anything is sent. An
 * answer that does not tell it is followed by a question, whose answer is not waited for: the socket keeps early packets of
 * sources unknown to it for a moment, so that a party who is tapped while it speaks already loses as little as may be.
 *
 * A snoop sends a frame each 20 ms, whatever its party does, so packets that stay away say that the way here is blocked.
 */

import type { Core, Tick } from '../core.js';
import { Timers } from '../timers.js';
import { PIECES, type Piece } from './resource-id.js';

/** Where the externalMedia channel's RTP comes from. */
export interface RtpSource {
  readonly address: string;
  readonly port: number;
}

export type TapInput =
  | { readonly kind: 'arm' }
  /** `source` where the answer that a media channel was made tells it. */
  | { readonly kind: 'created'; readonly piece: Piece; readonly source?: RtpSource | undefined }
  /** `mayExist` when no answer came: the request may have been carried out all the same. */
  | { readonly kind: 'not-created'; readonly piece: Piece; readonly mayExist: boolean; readonly reason: string }
  /** The channel entered our Stasis application. */
  | { readonly kind: 'entered'; readonly piece: Piece }
  | { readonly kind: 'source'; readonly source: RtpSource }
  | { readonly kind: 'joined' }
  /** The source could not be learnt, or the channels not be joined. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** The channel left our Stasis application, and may still be there. */
  | { readonly kind: 'left'; readonly piece: Piece }
  /** The piece is no more, because of us or by itself. */
  | { readonly kind: 'vanished'; readonly piece: Piece }
  /** Asterisk hangs the channel up; that it is no more comes as `vanished`, some milliseconds later. */
  | { readonly kind: 'going'; readonly piece: Piece }
  /** A removal was carried out, or there was nothing to remove. */
  | { readonly kind: 'removed'; readonly piece: Piece }
  /** How many packets have come, ever. */
  | { readonly kind: 'packets'; readonly count: number }
  | { readonly kind: 'release' };

export type TapOutput =
  | { readonly kind: 'create'; readonly piece: Piece }
  | { readonly kind: 'ask-source' }
  | { readonly kind: 'listen'; readonly source: RtpSource }
  | { readonly kind: 'join' }
  | { readonly kind: 'live' }
  | { readonly kind: 'count-packets' }
  /** Packets have begun to come, or stay away. Said once for each change. */
  | { readonly kind: 'rtp'; readonly arrives: boolean }
  | { readonly kind: 'remove'; readonly piece: Piece }
  /** Nothing of the tap is left; `failure` says why it ended before it was released. */
  | { readonly kind: 'over'; readonly failure: string | undefined };

export type TapState = 'new' | 'preparing' | 'joining' | 'live' | 'removing' | 'over';

/** `leaving`: it left our application by itself, as a channel does that ends; `removing`: we asked for its end. */
type PieceState = 'absent' | 'asked' | 'there' | 'entered' | 'leaving' | 'removing';

/** How long Asterisk may take from the first request to a tap that is joined. */
export const PREPARE_LIMIT_MS = 10_000;
/** How long Asterisk may take to end a channel that it hangs up; the news of it may also have been lost. */
export const HANG_UP_LIMIT_MS = 1000;
/**
 * How long a live tap may be without a packet: 150 packets. Asterisk 22.10 sends them for ringing, muted and held channels
 * too; longer pauses come from a machine that hangs, and three seconds is still soon enough for who waits for audio.
 */
export const NO_RTP_LIMIT_MS = 3000;

type TimerName = 'prepare' | 'hang-up' | 'rtp';

export class TapPlan implements Core<TapInput, TapOutput> {
  readonly #pieces: Record<Piece, PieceState> = { snoop: 'absent', media: 'absent', bridge: 'absent' };
  readonly #timers = new Timers<TimerName>();
  #state: TapState = 'new';
  #mediaAnswered = false;
  #isListening = false;
  #isJoined = false;
  #packets = 0;
  #rtpArrives: boolean | undefined;
  #failure: string | undefined;

  get state(): TapState {
    return this.#state;
  }

  nextWake(): number | undefined {
    return this.#timers.soonest();
  }

  handle(input: TapInput | Tick, now: number): TapOutput[] {
    if (this.#state === 'over') return [];
    switch (input.kind) {
      case 'arm':
        return this.#arm(now);
      case 'created':
        if (this.#pieces[input.piece] === 'asked') this.#pieces[input.piece] = 'there';
        if (input.piece !== 'media') return this.#proceed();
        this.#mediaAnswered = true;
        return [...this.#learnSource(input.source, now), ...this.#proceed()];
      case 'not-created':
        if (this.#pieces[input.piece] === 'asked') this.#pieces[input.piece] = input.mayExist ? 'there' : 'absent';
        return this.#fail(`${input.piece}: ${input.reason}`);
      case 'entered':
        if (this.#pieces[input.piece] !== 'removing') this.#pieces[input.piece] = 'entered';
        return this.#proceed();
      case 'source':
        return this.#learnSource(input.source, now);
      case 'joined':
        this.#isJoined = true;
        return this.#completed(now);
      case 'refused':
        return this.#fail(input.reason);
      case 'left':
        return this.#onLeft(input.piece, now);
      case 'vanished':
        this.#pieces[input.piece] = 'absent';
        return this.#fail(`${input.piece} ended`);
      case 'going':
        if (this.#pieces[input.piece] === 'removing') this.#timers.set('hang-up', now + HANG_UP_LIMIT_MS);
        return [];
      case 'removed':
        this.#pieces[input.piece] = 'absent';
        return this.#removeNext();
      case 'packets':
        return this.#onPackets(input.count);
      case 'release':
        return this.#startRemoval();
      case 'tick':
        return this.#timers.takeDue(now).flatMap((name) => this.#onDue(name, now));
    }
  }

  #onDue(name: TimerName, now: number): TapOutput[] {
    if (name === 'rtp') {
      this.#timers.set('rtp', now + NO_RTP_LIMIT_MS);
      return [{ kind: 'count-packets' }];
    }
    if (name === 'prepare') return this.#fail('Asterisk did not complete it in time');
    for (const piece of PIECES) {
      if (this.#pieces[piece] === 'removing') this.#pieces[piece] = 'absent';
      // It left, and did not end: somebody has moved it elsewhere.
      if (this.#pieces[piece] === 'leaving') this.#pieces[piece] = 'there';
    }
    return this.#removeNext();
  }

  #onLeft(piece: Piece, now: number): TapOutput[] {
    if (this.#pieces[piece] !== 'entered') return [];
    this.#pieces[piece] = 'leaving';
    const outputs = this.#fail(`${piece} left`);
    this.#timers.set('hang-up', now + HANG_UP_LIMIT_MS);
    return outputs;
  }

  #arm(now: number): TapOutput[] {
    if (this.#state !== 'new') return [];
    this.#state = 'preparing';
    this.#timers.set('prepare', now + PREPARE_LIMIT_MS);
    for (const piece of PIECES) this.#pieces[piece] = 'asked';
    return PIECES.map((piece) => ({ kind: 'create', piece }));
  }

  /** The next step on the way to a live tap, or, once it is to go, on the way out. */
  #proceed(): TapOutput[] {
    if (this.#state === 'removing') return this.#removeNext();
    if (this.#state !== 'preparing') return [];

    const { snoop, media, bridge } = this.#pieces;
    if (snoop !== 'entered' || media !== 'entered' || !this.#mediaAnswered || bridge !== 'there') return [];
    this.#state = 'joining';
    return [{ kind: 'join' }];
  }

  #learnSource(source: RtpSource | undefined, now: number): TapOutput[] {
    if (this.#state !== 'preparing' && this.#state !== 'joining') return [];
    if (source === undefined) return [{ kind: 'ask-source' }];
    this.#isListening = true;
    return [{ kind: 'listen', source }, ...this.#completed(now)];
  }

  #completed(now: number): TapOutput[] {
    if (this.#state !== 'joining' || !this.#isJoined || !this.#isListening) return [];
    this.#state = 'live';
    this.#timers.clearAll();
    this.#timers.set('rtp', now + NO_RTP_LIMIT_MS);
    return [{ kind: 'live' }];
  }

  #onPackets(count: number): TapOutput[] {
    const arrives = count > this.#packets;
    this.#packets = count;
    if (this.#state !== 'live' || arrives === this.#rtpArrives) return [];
    this.#rtpArrives = arrives;
    return [{ kind: 'rtp', arrives }];
  }

  #fail(reason: string): TapOutput[] {
    if (this.#state !== 'removing') this.#failure = reason;
    return this.#startRemoval();
  }

  #startRemoval(): TapOutput[] {
    this.#state = 'removing';
    this.#timers.clear('prepare');
    this.#timers.clear('rtp');
    return this.#removeNext();
  }

  /** Removes one piece at a time: Asterisk has crashed on parallel removals. What is still being made is awaited. */
  #removeNext(): TapOutput[] {
    const states = PIECES.map((piece) => this.#pieces[piece]);
    if (states.includes('removing') || states.includes('leaving')) return [];
    this.#timers.clear('hang-up');
    const next = PIECES.find((piece) => ['there', 'entered'].includes(this.#pieces[piece]));
    if (next !== undefined) {
      this.#pieces[next] = 'removing';
      return [{ kind: 'remove', piece: next }];
    }
    if (states.includes('asked')) return [];
    this.#state = 'over';
    return [{ kind: 'over', failure: this.#failure }];
  }
}

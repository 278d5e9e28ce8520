/** One participant of a call: its tap in Asterisk, and its audio from RTP packets to messages for the receiver. */

import type { Channel } from '../core/call/channel.js';
import type { Core, Tick } from '../core/core.js';
import { StreamError } from '../core/errors.js';
import { ParticipantStream, type ParticipantStreamOptions } from '../core/participant-stream.js';
import type { Label } from '../core/relay/protocol.js';
import type { CallStream } from './call-stream.js';
import { drive, type Feed } from './drive.js';
import { Tap, type TapContext } from './tap.js';

export interface ParticipantOptions {
  readonly channel: Channel;
  readonly taps: TapContext;
  readonly stream: ParticipantStreamOptions;
  /** Serial numbers for taps, unique in this run. */
  readonly nextTap: () => number;
  /** A tap begins or has ended, so that Asterisk's events about it find their way. */
  readonly onTap: (serial: number, tap: Tap | undefined) => void;
  /** Its last message is with the call's stream. */
  readonly onEnded: () => void;
}

/** What is on its way from Asterisk when a channel ends still belongs to the stream. */
const LINGER_MS = 60;
/** A tap that failed while its channel lives is made anew, a few times, with growing pauses. */
const MAX_TAPS = 6;
const FIRST_PAUSE_MS = 100;

type StreamInput =
  | { readonly kind: 'packet'; readonly packet: Uint8Array }
  | { readonly kind: 'open' }
  | { readonly kind: 'end' };

export class Participant {
  readonly #options: ParticipantOptions;
  readonly #stream: ParticipantStream;
  readonly #feed: Feed<StreamInput>;
  #tap: Tap | undefined;
  #tapsMade = 0;
  #closed = false;
  #destination: { readonly call: CallStream; readonly label: Label } | undefined;
  #fragments = 0;

  constructor(options: ParticipantOptions) {
    this.#options = options;
    this.#stream = new ParticipantStream(options.stream);
    this.#feed = drive(coreOf(this.#stream), (fragment) => this.#send(fragment));
    this.#makeTap();
  }

  /** The participant has answered: from now on its audio goes to the call's stream. */
  open(call: CallStream, label: Label): void {
    this.#destination = { call, label };
    this.#feed({ kind: 'open' });
    this.#options.taps.log.info('participant streams', {
      callid: label.callid,
      channel: label.channelid,
      number: label.number,
    });
  }

  /** The participant has gone, or is not wanted any more. A second call does nothing. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    setTimeout(() => this.#end(), LINGER_MS);
  }

  #makeTap(): void {
    const { taps, channel, nextTap, onTap } = this.#options;
    const serial = nextTap();
    this.#tapsMade += 1;
    // The plan's first orders go out from within the constructor; none of their answers can come before it returns.
    this.#tap = new Tap(taps, serial, channel, {
      onPacket: (packet) => this.#feed({ kind: 'packet', packet }),
      onOver: (failure) => {
        onTap(serial, undefined);
        this.#tap = undefined;
        if (failure !== undefined && !this.#closed) this.#tapAgain(failure);
      },
    });
    onTap(serial, this.#tap);
  }

  #tapAgain(failure: string): void {
    const { log } = this.#options.taps;
    const { name } = this.#options.channel;
    if (this.#tapsMade >= MAX_TAPS) {
      const error = new StreamError('TAP_FAILED', 'asterisk', `${name}: ${failure}`);
      log.error(error.message, { code: error.code, channel: name, tries: this.#tapsMade });
      return;
    }
    log.debug('tap ended; making another', { channel: name, failure });
    setTimeout(
      () => {
        if (!this.#closed) this.#makeTap();
      },
      FIRST_PAUSE_MS * 2 ** (this.#tapsMade - 1),
    );
  }

  #send(pcm: Int16Array): void {
    if (this.#destination === undefined) return;
    const { call, label } = this.#destination;
    this.#fragments += 1;
    call.send({ label, pcm });
  }

  #end(): void {
    const { log } = this.#options.taps;
    const path = this.#stream.signalPath;
    this.#feed({ kind: 'end' });
    if (this.#destination !== undefined) {
      const { call, label } = this.#destination;
      if (this.#fragments > 0) call.send({ label, pcm: undefined });
      log.info('participant ended', {
        callid: label.callid,
        channel: label.channelid,
        fragments: this.#fragments,
        path,
      });
      if (log.isDebugEnabled())
        log.debug('figures of the participant', { channel: label.channelid, ...this.#stream.stats });
    }
    this.#tap?.release();
    this.#options.onEnded();
  }
}

/** The stream as a core, so that it is driven like every other. */
function coreOf(stream: ParticipantStream): Core<StreamInput, Int16Array> {
  return {
    handle(input: StreamInput | Tick, now: number): Int16Array[] {
      switch (input.kind) {
        case 'packet':
          return stream.receive(input.packet, now);
        case 'open':
          return stream.open(now);
        case 'end':
          return stream.end(now);
        case 'tick':
          return stream.tick(now);
      }
    },
    nextWake: () => stream.nextWake(),
  };
}

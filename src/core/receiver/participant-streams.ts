/** Sorts the messages of any number of connections into streams: one per participant of a call, from its first fragment to its end. */
import type { Label } from '../relay/protocol.js';
import type { DecodedMessage } from './decoded-message.js';

export interface ParticipantStream {
  readonly callid: string;
  readonly channelid: string;
  /** As it was told last; it is the same throughout in nearly every call. */
  readonly number: string;
  readonly callflow: Label['callflow'];
  /** How many samples have come. */
  readonly samples: number;
}

export interface StreamChange {
  readonly stream: ParticipantStream;
  /** `begins` with its first fragment, `goes-on` with the others, `ends` once. An end that comes twice is `unknown`. */
  readonly change: 'begins' | 'goes-on' | 'ends' | 'unknown';
}

/**
 * The streams that have begun and not ended. A connection that breaks ends none of them: the sender comes back on another
 * one, and each stream goes on there under the same ids. Call `forget` for a call that you do not wait for any longer.
 */
export class ParticipantStreams {
  readonly #streams = new Map<string, ParticipantStream>();

  /** The streams that are open, in the order in which they began. */
  open(): ParticipantStream[] {
    return [...this.#streams.values()];
  }

  /** Takes the next message of whatever connection. */
  take(message: DecodedMessage): StreamChange {
    const { callid, channelid, number, callflow } = message;
    const key = JSON.stringify([callid, channelid]);
    const known = this.#streams.get(key);
    const came = message.status === 'process' ? message.pcm.length : 0;
    const stream = { callid, channelid, number, callflow, samples: (known?.samples ?? 0) + came };
    if (message.status === 'process') {
      this.#streams.set(key, stream);
      return { stream, change: known === undefined ? 'begins' : 'goes-on' };
    }
    this.#streams.delete(key);
    return { stream, change: known === undefined ? 'unknown' : 'ends' };
  }

  /** Gives up the streams of a call, and returns those that had not ended. */
  forget(callid: string): ParticipantStream[] {
    const forgotten: ParticipantStream[] = [];
    for (const [key, stream] of this.#streams) {
      if (stream.callid !== callid) continue;
      this.#streams.delete(key);
      forgotten.push(stream);
    }
    return forgotten;
  }
}

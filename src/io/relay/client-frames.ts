/**
 * A client's WebSocket frames (RFC 6455, 5.2), one behind the other in one room that is used again for every write. `ws` makes
 * a string, a copy of it and another Buffer for each message, masks octet by octet, and hands over each frame in two pieces.
 */

import { randomFillSync } from 'node:crypto';
import type { OutgoingMessage } from '../../core/relay/outbox.js';
import { encodeEnd, framingOf, type Label } from '../../core/relay/protocol.js';

const FINAL_TEXT = 0x81;
const FINAL_PING = 0x89;
const MASKED = 0x80;
/** Lengths above these need two, and eight octets more. */
const SHORT_OCTETS = 125;
const MEDIUM_OCTETS = 0xffff;
const KEY_OCTETS = 4;
/** Room for a fragment at 48 kHz and the ping behind it. A larger one is used once. */
const ROOM_OCTETS = 8192;
/** So many rooms are kept for writes that end later than they begin. */
const MOST_SPARE = 64;
/** Masking may touch so many octets behind the last frame. */
const SPARE_OCTETS = 3;
/** Random words are fetched so many at a time. */
const KEYS_AT_ONCE = 1024;

/** What stands before and after the base64. */
interface Framing {
  readonly before: Buffer;
  readonly after: Buffer;
}

const framings = new WeakMap<Label, Framing>();

export class ClientFrames {
  #room: Buffer = Buffer.alloc(0);
  /** Of the same memory: it takes words that begin at any octet. */
  #view = new DataView(this.#room.buffer);
  #end = 0;
  readonly #spare: Buffer[] = [];
  /** The masking key of the frame that is added. */
  #key = 0;
  readonly #keys = new Uint32Array(KEYS_AT_ONCE);
  #nextKey = KEYS_AT_ONCE;

  /** A fragment, or the end of a participant's stream. */
  addMessage({ label, pcm }: OutgoingMessage): void {
    if (pcm === undefined) {
      this.#addText(FINAL_TEXT, encodeEnd(label));
      return;
    }
    const { before, after } = octetsAround(label);
    // As signed 16-bit little-endian, which is how Node's machines hold samples.
    const audio = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64');
    const from = this.#begin(FINAL_TEXT, before.length + audio.length + after.length);
    this.#room.set(before, from);
    this.#room.write(audio, from + before.length, 'latin1');
    this.#room.set(after, from + before.length + audio.length);
    this.#mask(from);
  }

  addPing(payload: string): void {
    this.#addText(FINAL_PING, payload);
  }

  /** All that was added since the last time. With the next frame that is added, something else stands there. */
  take(): Buffer {
    const frames = this.#room.subarray(0, this.#end);
    this.#end = 0;
    if (this.#room.length > ROOM_OCTETS) this.leave();
    return frames;
  }

  /** What was taken last stays as it is. */
  leave(): void {
    this.#useRoom(Buffer.alloc(0));
  }

  /** Nobody reads any more what was taken before leave(): its room is used again. */
  giveBack({ buffer }: Buffer): void {
    if (buffer.byteLength === ROOM_OCTETS && this.#spare.length < MOST_SPARE) this.#spare.push(Buffer.from(buffer));
  }

  #addText(kind: number, payload: string): void {
    const from = this.#begin(kind, Buffer.byteLength(payload));
    this.#room.write(payload, from);
    this.#mask(from);
  }

  /** Writes the header of a frame whose payload has so many octets, and returns where that begins. */
  #begin(kind: number, octets: number): number {
    const lengthOctets = octets <= SHORT_OCTETS ? 0 : octets <= MEDIUM_OCTETS ? 2 : 8;
    this.#insistOn(2 + lengthOctets + KEY_OCTETS + octets);
    const room = this.#room;
    let at = this.#end;
    room[at++] = kind;
    room[at++] = MASKED | (lengthOctets === 0 ? octets : lengthOctets === 2 ? SHORT_OCTETS + 1 : SHORT_OCTETS + 2);
    if (lengthOctets === 2) at = room.writeUInt16BE(octets, at);
    else if (lengthOctets === 8) at = room.writeBigUInt64BE(BigInt(octets), at);
    this.#key = this.#newKey();
    this.#view.setUint32(at, this.#key);
    const from = at + KEY_OCTETS;
    this.#end = from + octets;
    return from;
  }

  #newKey(): number {
    if (this.#nextKey === KEYS_AT_ONCE) {
      randomFillSync(this.#keys);
      this.#nextKey = 0;
    }
    return this.#keys[this.#nextKey++] ?? 0;
  }

  /** Masks what stands from there on to the end, four octets at a time. */
  #mask(from: number): void {
    const view = this.#view;
    const key = this.#key;
    // The last word may reach beyond the end, where nothing stands yet.
    for (let at = from; at < this.#end; at += KEY_OCTETS) view.setUint32(at, view.getUint32(at) ^ key);
  }

  #insistOn(octets: number): void {
    const needed = this.#end + octets + SPARE_OCTETS;
    if (needed <= this.#room.length) return;
    const spare = needed <= ROOM_OCTETS ? this.#spare.pop() : undefined;
    const larger = spare ?? Buffer.allocUnsafeSlow(Math.max(ROOM_OCTETS, 2 ** Math.ceil(Math.log2(needed))));
    larger.set(this.#room.subarray(0, this.#end));
    this.#useRoom(larger);
  }

  #useRoom(room: Buffer): void {
    this.#room = room;
    this.#view = new DataView(room.buffer, room.byteOffset, room.length);
  }
}

/** Made once for each label object. */
function octetsAround(label: Label): Framing {
  const present = framings.get(label);
  if (present !== undefined) return present;
  const { before, after } = framingOf(label);
  const framing = { before: Buffer.from(before), after: Buffer.from(after) };
  framings.set(label, framing);
  return framing;
}

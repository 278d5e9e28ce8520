/**
 * A client's WebSocket frames (RFC 6455, 5.2), one behind the other in one room that is used again for every write. `ws` makes
 * a string, a copy of it and another Buffer for each message, masks octet by octet, and hands over each frame in two pieces.
 */

import { randomFillSync } from 'node:crypto';
import type { OutgoingMessage } from '../../core/relay/outbox.js';
import { encodeEnd, framingOf } from '../../core/relay/protocol.js';

const FINAL_TEXT = 0x81;
const FINAL_PING = 0x89;
const MASKED = 0x80;
/** Lengths above these need two, and eight octets more. */
const SHORT_OCTETS = 125;
const MEDIUM_OCTETS = 0xffff;
const KEY_OCTETS = 4;
/** Room for a fragment at 48 kHz and the ping behind it. A larger one is used once. */
const ROOM_OCTETS = 8192;
/** Masking may touch so many octets behind the last frame. */
const SPARE_OCTETS = 3;
/** Random words are fetched so many at a time. */
const KEYS_AT_ONCE = 1024;

export class ClientFrames {
  #room: Buffer = Buffer.alloc(0);
  #words: Uint32Array = new Uint32Array(0);
  #end = 0;
  readonly #keys = new Uint32Array(KEYS_AT_ONCE);
  #nextKey = KEYS_AT_ONCE;
  /** The masking key, octet by octet, and turned for words that do not begin with its first octet. */
  readonly #key = new Uint8Array(KEY_OCTETS);
  readonly #turned = new Uint8Array(KEY_OCTETS);
  readonly #keyWord = new Uint32Array(this.#key.buffer);
  readonly #turnedWord = new Uint32Array(this.#turned.buffer);

  /** A fragment, or the end of a participant's stream. */
  addMessage({ label, pcm }: OutgoingMessage): void {
    if (pcm === undefined) {
      this.#addText(FINAL_TEXT, encodeEnd(label));
      return;
    }
    const { before, after } = framingOf(label);
    // As signed 16-bit little-endian, which is how Node's machines hold samples.
    const audio = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64');
    const from = this.#begin(FINAL_TEXT, Buffer.byteLength(before) + audio.length + Buffer.byteLength(after));
    this.#end += this.#room.write(before, this.#end);
    this.#end += this.#room.write(audio, this.#end, 'latin1');
    this.#end += this.#room.write(after, this.#end);
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

  #addText(kind: number, payload: string): void {
    const from = this.#begin(kind, Buffer.byteLength(payload));
    this.#end += this.#room.write(payload, this.#end);
    this.#mask(from);
  }

  /** Writes the frame's header, and returns where its payload begins. */
  #begin(kind: number, octets: number): number {
    const lengthOctets = octets <= SHORT_OCTETS ? 0 : octets <= MEDIUM_OCTETS ? 2 : 8;
    this.#insistOn(2 + lengthOctets + KEY_OCTETS + octets);
    const room = this.#room;
    let at = this.#end;
    room[at++] = kind;
    room[at++] = MASKED | (lengthOctets === 0 ? octets : lengthOctets === 2 ? SHORT_OCTETS + 1 : SHORT_OCTETS + 2);
    if (lengthOctets === 2) at = room.writeUInt16BE(octets, at);
    else if (lengthOctets === 8) at = room.writeBigUInt64BE(BigInt(octets), at);
    this.#keyWord[0] = this.#newKey();
    room.set(this.#key, at);
    this.#end = at + KEY_OCTETS;
    return this.#end;
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
    const room = this.#room;
    const words = this.#words;
    const key = this.#key;
    let at = from;
    for (; at % KEY_OCTETS !== 0; at++) room[at] = (room[at] ?? 0) ^ (key[at - from] ?? 0);
    for (let n = 0; n < KEY_OCTETS; n++) this.#turned[n] = key[(at - from + n) % KEY_OCTETS] ?? 0;
    const turned = this.#turnedWord[0] ?? 0;
    // The last word may reach beyond the end, where nothing stands yet.
    for (let word = at / KEY_OCTETS; word * KEY_OCTETS < this.#end; word++) words[word] = (words[word] ?? 0) ^ turned;
  }

  #insistOn(octets: number): void {
    const needed = this.#end + octets + SPARE_OCTETS;
    if (needed <= this.#room.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(ROOM_OCTETS, 2 ** Math.ceil(Math.log2(needed))));
    larger.set(this.#room.subarray(0, this.#end));
    this.#useRoom(larger);
  }

  #useRoom(room: Buffer): void {
    this.#room = room;
    this.#words = new Uint32Array(room.buffer, room.byteOffset, Math.floor(room.length / KEY_OCTETS));
  }
}

/**
 * The messages of WebSocket Audio Streaming in its compatible mode: JSON text frames of exactly six keys, in this order.
 *
 *     {"callid":"1755940023.7","callflow":"queue","audio":"<base64>","number":"1009","status":"process","channelid":"PJSIP/1009-00000007"}
 *
 * `audio` is base64 of signed 16-bit little-endian mono PCM, of fixed length per sample rate; it is empty when `status` is `end`.
 */

import { CALLFLOWS, type Callflow } from '../callflow.js';

export const SAMPLE_RATES = [8000, 16000, 24000, 48000] as const;
export type SampleRate = (typeof SAMPLE_RATES)[number];

/** Samples of one fragment: 80 ms at 8000 Hz, 40 ms at the other rates. */
export const FRAGMENT_SAMPLES: Readonly<Record<SampleRate, number>> = {
  8000: 640,
  16000: 640,
  24000: 960,
  48000: 1920,
};

/** Whose audio a message carries. */
export interface Label {
  /** The call: an Asterisk uniqueid by shape, the linkedid at the first fragment. */
  readonly callid: string;
  readonly callflow: Callflow;
  /** The party's own number. */
  readonly number: string;
  /** The participant's channel name, such as `PJSIP/1009-00000007`. */
  readonly channelid: string;
}

export interface ProcessMessage extends Label {
  readonly status: 'process';
  /** Base64 of the PCM. */
  readonly audio: string;
}

export interface EndMessage extends Label {
  readonly status: 'end';
  readonly audio: '';
}

export type Message = ProcessMessage | EndMessage;

/** The text frame of one fragment; `audio` is base64 already. */
export function encodeProcess(label: Label, audio: string): string {
  const { before, after } = framingOf(label);
  return before + audio + after;
}

/** The text frame that says that a participant's stream has ended. */
export function encodeEnd({ callid, callflow, number, channelid }: Label): string {
  return JSON.stringify({ callid, callflow, audio: '', number, status: 'end', channelid });
}

export type Undecodable =
  | 'not-json'
  | 'not-an-object'
  | 'wrong-keys'
  | 'wrong-type'
  | 'unknown-status'
  | 'audio-in-end';

const KEYS = ['callid', 'callflow', 'audio', 'number', 'status', 'channelid'] as const;

/** Reads a text frame as a receiver does. What is not of the protocol comes back as a word that says why. */
export function decode(text: string): Message | Undecodable {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return 'not-json';
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return 'not-an-object';
  const fields = parsed as Record<string, unknown>;
  if (Object.keys(fields).length !== KEYS.length || KEYS.some((key) => !(key in fields))) return 'wrong-keys';
  if (KEYS.some((key) => typeof fields[key] !== 'string')) return 'wrong-type';

  const { callid, callflow, audio, number, status, channelid } = fields as Record<(typeof KEYS)[number], string>;
  if (!isCallflow(callflow)) return 'wrong-type';
  const label = { callid, callflow, number, channelid };
  if (status === 'process') return { ...label, status, audio };
  if (status !== 'end') return 'unknown-status';
  return audio === '' ? { ...label, status, audio } : 'audio-in-end';
}

/** What stands before and after the base64, which needs no escapes. */
export interface Framing {
  readonly before: string;
  readonly after: string;
}

export function framingOf({ callid, callflow, number, channelid }: Label): Framing {
  return {
    before: JSON.stringify({ callid, callflow, audio: '' }).slice(0, -'"}'.length),
    after: `",${JSON.stringify({ number, status: 'process', channelid }).slice('{'.length)}`,
  };
}

function isCallflow(word: string): word is Callflow {
  return (CALLFLOWS as readonly string[]).includes(word);
}

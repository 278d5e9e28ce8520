/** One text frame of a relay connection, read as a receiver of a known sample rate reads it. */
import { readPcm } from '../core/audio/wav.js';
import type { Problem } from '../core/receiver/problems.js';
import { decode, FRAGMENT_SAMPLES, type Label, SAMPLE_RATES, type SampleRate } from '../core/relay/protocol.js';

export interface ReceivedFragment {
  readonly kind: 'fragment';
  readonly label: Label;
  /** Signed 16-bit little-endian, as on the wire. */
  readonly bytes: Uint8Array;
  readonly samples: Int16Array;
}

export interface ReceivedEnd {
  readonly kind: 'end';
  readonly label: Label;
}

/** What is not of the protocol. */
export interface Refused {
  readonly kind: 'refused';
  readonly problem: Problem;
  /** What more can be said than the word. */
  readonly detail: string;
}

const BYTES_PER_SAMPLE = 2;

export function readFrame(text: string, sampleRate: SampleRate): ReceivedFragment | ReceivedEnd | Refused {
  const message = decode(text);
  if (typeof message === 'string') return { kind: 'refused', problem: message, detail: '' };
  const { callid, callflow, number, channelid } = message;
  const label = { callid, callflow, number, channelid };
  if (message.status === 'end') return { kind: 'end', label };

  const bytes = Buffer.from(message.audio, 'base64');
  // Node skips what is not base64; only what encodes back to the same text was wholly so.
  if (bytes.toString('base64') !== message.audio) return { kind: 'refused', problem: 'not-base64', detail: '' };
  const expected = FRAGMENT_SAMPLES[sampleRate] * BYTES_PER_SAMPLE;
  if (bytes.length !== expected) {
    return { kind: 'refused', problem: 'wrong-length', detail: wrongLength(bytes.length, expected, sampleRate) };
  }
  return { kind: 'fragment', label, bytes, samples: readPcm(bytes) };
}

function wrongLength(bytes: number, expected: number, sampleRate: SampleRate): string {
  const rate = SAMPLE_RATES.find((candidate) => FRAGMENT_SAMPLES[candidate] * BYTES_PER_SAMPLE === bytes);
  const hint = rate === undefined ? '' : ` Fragments at ${rate} Hz have that length: is --rate right?`;
  return `${bytes} bytes where a fragment at ${sampleRate} Hz has ${expected}.${hint}`;
}

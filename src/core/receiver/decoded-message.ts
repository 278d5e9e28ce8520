/** A text frame as a receiver wants it: who speaks, and the samples. What is not of the protocol is an error that says why. */
import { decodeBase64 } from '../audio/base64.js';
import { readPcm } from '../audio/wav.js';
import { decode, FRAGMENT_SAMPLES, type Label, SAMPLE_RATES, type SampleRate } from '../relay/protocol.js';
import { PROBLEMS, type Problem } from './problems.js';

/** A fragment of one participant's audio. */
export interface AudioMessage extends Label {
  readonly status: 'process';
  /** Signed 16-bit mono samples, as many in each message: `FRAGMENT_SAMPLES` says how many at which rate. */
  readonly pcm: Int16Array;
}

/** The participant has gone; nothing more comes under this `channelid`. */
export interface EndOfAudio extends Label {
  readonly status: 'end';
}

export type DecodedMessage = AudioMessage | EndOfAudio;

/** What can be wrong with a frame. */
export type ProtocolFault = Extract<
  Problem,
  | 'not-json'
  | 'not-an-object'
  | 'wrong-keys'
  | 'wrong-type'
  | 'unknown-status'
  | 'audio-in-end'
  | 'not-base64'
  | 'wrong-length'
>;

/** A frame that is not of the protocol. The message is a sentence for whoever builds the sender, or has set the wrong rate. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly fault: ProtocolFault;

  constructor(fault: ProtocolFault, detail = '') {
    super(`${PROBLEMS[fault]}.${detail}`);
    this.fault = fault;
  }
}

const BYTES_PER_SAMPLE = 2;

/**
 * Reads one text frame. The protocol does not carry the sample rate (in Hz): give the one that is set as
 * `streaming.sampleRate`, and a fragment of another length is refused; without it every length is taken.
 * Throws ProtocolError.
 */
export function decodeMessage(frame: string, sampleRate?: SampleRate): DecodedMessage {
  const message = decode(frame);
  if (typeof message === 'string') throw new ProtocolError(message);
  const { callid, callflow, number, channelid } = message;
  if (message.status === 'end') return { callid, callflow, number, channelid, status: 'end' };

  const octets = decodeBase64(message.audio);
  if (octets === undefined) throw new ProtocolError('not-base64');
  checkLength(octets.length, sampleRate);
  return { callid, callflow, number, channelid, status: 'process', pcm: readPcm(octets) };
}

function checkLength(octets: number, sampleRate: SampleRate | undefined): void {
  if (sampleRate === undefined) {
    if (octets % BYTES_PER_SAMPLE !== 0)
      throw new ProtocolError('wrong-length', ` ${octets} octets are no whole samples.`);
    return;
  }
  const expected = FRAGMENT_SAMPLES[sampleRate] * BYTES_PER_SAMPLE;
  if (octets === expected) return;
  const rates = SAMPLE_RATES.filter((rate) => FRAGMENT_SAMPLES[rate] * BYTES_PER_SAMPLE === octets);
  const hint = rates.length === 0 ? '' : ` Is the sample rate ${rates.join(' or ')} Hz?`;
  throw new ProtocolError(
    'wrong-length',
    ` It has ${octets} octets; at ${sampleRate} Hz there are ${expected}.${hint}`,
  );
}

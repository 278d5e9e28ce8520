/** The ways audio may take through the program: what Asterisk sends, and what the receiver is to get. */
import { FRAGMENT_SAMPLES, type SampleRate } from '../../src/core/relay/protocol.js';
import type { MediaFormat } from '../../src/core/rtp/payload-format.js';

export interface MediaPath {
  readonly name: string;
  readonly title: string;
  readonly format: MediaFormat;
  /** As Asterisk numbers it. */
  readonly payloadType: number;
  /** Hz of what comes, and of its timestamps. */
  readonly inputHz: number;
  readonly outputHz: SampleRate;
  readonly octetsPerSample: number;
  /** The same path to a ws:// address, where this one is to a wss:// address. */
  readonly withoutTls: MediaPath | undefined;
}

export const PACKET_MS = 20;
export const RTP_HEADER_OCTETS = 12;

export const PATHS_WITHOUT_TLS: readonly MediaPath[] = [
  path('8-8', 'slin 8 → 8 kHz', 'slin', 10, 8_000, 8_000),
  path('8-16', 'slin 8 → 16 kHz', 'slin', 10, 8_000, 16_000),
  path('16-16', 'slin 16 → 16 kHz', 'slin16', 118, 16_000, 16_000),
  path('48-16', 'slin 48 → 16 kHz', 'slin48', 126, 48_000, 16_000),
  path('ulaw', 'ulaw 8 → 8 kHz', 'ulaw', 0, 8_000, 8_000, 1),
];

/** Those of which there is one with TLS as well. */
const WITH_TLS: readonly string[] = ['8-8', '8-16'];

export const PATHS: readonly MediaPath[] = [
  ...PATHS_WITHOUT_TLS,
  ...PATHS_WITHOUT_TLS.filter(({ name }) => WITH_TLS.includes(name)).map(overTls),
];

/** Throws for a name that no path has. */
export function pathNamed(name: string): MediaPath {
  const found = PATHS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no path "${name}".`);
  return found;
}

export function samplesPerPacket({ inputHz }: MediaPath): number {
  return (inputHz * PACKET_MS) / 1000;
}

export function payloadOctets(one: MediaPath): number {
  return samplesPerPacket(one) * one.octetsPerSample;
}

export function fragmentMs({ outputHz }: MediaPath): number {
  return (FRAGMENT_SAMPLES[outputHz] * 1000) / outputHz;
}

function path(
  name: string,
  title: string,
  format: MediaFormat,
  payloadType: number,
  inputHz: number,
  outputHz: SampleRate,
  octetsPerSample = 2,
): MediaPath {
  return { name, title, format, payloadType, inputHz, outputHz, octetsPerSample, withoutTls: undefined };
}

function overTls(plain: MediaPath): MediaPath {
  return { ...plain, name: `${plain.name}-wss`, title: `${plain.title}, wss`, withoutTls: plain };
}

/**
 * WAV files of 16-bit mono PCM (Microsoft and IBM, "Multimedia Programming Interface and Data Specifications 1.0", 1991).
 *
 *      0  'RIFF'   file size - 8      'WAVE'
 *     12  'fmt '   16   format  channels  rate  bytes/s  bytes/frame  bits
 *     36  'data'   data size
 *     44  samples, little-endian
 */

export interface Wav {
  readonly sampleRate: number;
  readonly samples: Int16Array;
}

export type Unreadable = 'too-short' | 'not-riff' | 'no-format' | 'not-16-bit-mono' | 'no-data';

export const WAV_HEADER_BYTES = 44;

/** RIFF counts in 32 bits, and counts 36 bytes of the header too; a whole number of samples lies below that. */
export const MAX_WAV_DATA_BYTES = 0xffff_ffff - 37;

const PCM_FORMAT = 1;
const BYTES_PER_SAMPLE = 2;
const CHUNK_HEADER_BYTES = 8;
const FORMAT_CHUNK_BYTES = 16;

/** The header of a file of `dataBytes` bytes of samples; `sampleRate` in Hz. */
export function wavHeader(sampleRate: number, dataBytes: number): Uint8Array {
  const header = new Uint8Array(WAV_HEADER_BYTES);
  const view = new DataView(header.buffer);
  writeName(view, 0, 'RIFF');
  view.setUint32(4, WAV_HEADER_BYTES - CHUNK_HEADER_BYTES + dataBytes, true);
  writeName(view, 8, 'WAVE');
  writeName(view, 12, 'fmt ');
  view.setUint32(16, FORMAT_CHUNK_BYTES, true);
  view.setUint16(20, PCM_FORMAT, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * BYTES_PER_SAMPLE, true);
  view.setUint16(32, BYTES_PER_SAMPLE, true);
  view.setUint16(34, 8 * BYTES_PER_SAMPLE, true);
  writeName(view, 36, 'data');
  view.setUint32(40, dataBytes, true);
  return header;
}

/**
 * Reads a 16-bit mono WAV, whatever chunks it has besides. A data chunk that claims more than the file holds (a writer
 * was killed) gives what is there.
 */
export function parseWav(file: Uint8Array): Wav | Unreadable {
  if (file.length < 12) return 'too-short';
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (readName(view, 0) !== 'RIFF' || readName(view, 8) !== 'WAVE') return 'not-riff';

  let sampleRate: number | Unreadable = 'no-format';
  for (const { name, start, size } of chunksOf(view)) {
    if (name === 'fmt ') sampleRate = readFormat(view, start);
    if (name !== 'data') continue;
    if (typeof sampleRate === 'string') return sampleRate;
    return { sampleRate, samples: readPcm(file.subarray(start, start + size)) };
  }
  return typeof sampleRate === 'string' ? sampleRate : 'no-data';
}

/** Samples from signed 16-bit little-endian bytes; a last odd byte is left out. */
export function readPcm(bytes: Uint8Array): Int16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const samples = new Int16Array(Math.floor(bytes.length / BYTES_PER_SAMPLE));
  for (let index = 0; index < samples.length; index++) samples[index] = view.getInt16(index * BYTES_PER_SAMPLE, true);
  return samples;
}

function writeName(view: DataView, at: number, name: string): void {
  for (let index = 0; index < 4; index++) view.setUint8(at + index, name.charCodeAt(index));
}

function readName(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((index) => view.getUint8(at + index)));
}

function* chunksOf(view: DataView): Generator<{ name: string; start: number; size: number }> {
  for (let at = 12; at + CHUNK_HEADER_BYTES <= view.byteLength; ) {
    const size = view.getUint32(at + 4, true);
    const start = at + CHUNK_HEADER_BYTES;
    yield { name: readName(view, at), start, size };
    at = start + size + (size % 2); // Chunks of odd length are followed by a byte of padding.
  }
}

/** The sample rate in Hz, if the format is ours. */
function readFormat(view: DataView, start: number): number | Unreadable {
  if (start + FORMAT_CHUNK_BYTES > view.byteLength) return 'too-short';
  const isOurs =
    view.getUint16(start, true) === PCM_FORMAT &&
    view.getUint16(start + 2, true) === 1 &&
    view.getUint16(start + 14, true) === 8 * BYTES_PER_SAMPLE;
  return isOurs ? view.getUint32(start + 4, true) : 'not-16-bit-mono';
}

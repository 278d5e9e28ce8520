/**
 * Opus by @discordjs/opus, which is libopus as a native addon. It is an optional dependency, since it needs a compiler:
 * it is loaded only when somebody wants Opus. The addon gives no access to concealment, so what is lost is silence.
 */
import type { OpusDecoder, OpusDecoderFactory } from '../../core/audio/opus.js';
import { StreamError } from '../../core/errors.js';

/** As much of the package as is used here; its own types are not there when the package is not. */
interface OpusEncoder {
  /** Native-endian 16-bit samples in fresh memory. Throws on a packet that is not Opus. */
  decode(packet: Buffer): Buffer;
}
type OpusEncoderClass = new (sampleRate: number, channels: number) => OpusEncoder;

const PACKAGE = '@discordjs/opus';
const MONO = 1;

/**
 * Loads the package and returns what makes decoders of it.
 * Rejects with OPUS_UNAVAILABLE when the package is absent or was built for another Node.
 */
export async function loadOpusDecoder(load = importPackage): Promise<OpusDecoderFactory> {
  const Encoder = await loadEncoderClass(load);
  return (sampleRate) => createDecoder(new Encoder(sampleRate, MONO));
}

/** The name is in a variable so that this file compiles where the optional package is not installed. */
async function importPackage(): Promise<unknown> {
  const name: string = PACKAGE;
  return import(name);
}

async function loadEncoderClass(load: () => Promise<unknown>): Promise<OpusEncoderClass> {
  let loaded: unknown;
  try {
    loaded = await load();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw unavailable(`${PACKAGE} could not be loaded (${why})`, cause);
  }
  // A CommonJS package: Node puts all of it under `default`.
  const encoder = property(property(loaded, 'default'), 'OpusEncoder') ?? property(loaded, 'OpusEncoder');
  if (typeof encoder !== 'function') throw unavailable(`${PACKAGE} has no OpusEncoder`);
  return encoder as OpusEncoderClass;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function unavailable(what: string, cause?: unknown): StreamError {
  const advice = `install it with "npm install ${PACKAGE}", which needs a C++ compiler, make and python3, or set media.format to another format than opus`;
  return new StreamError('OPUS_UNAVAILABLE', 'machine', `${what}; ${advice}`, cause);
}

function createDecoder(encoder: OpusEncoder): OpusDecoder {
  let open: OpusEncoder | undefined = encoder;
  return {
    decode(packet) {
      // An empty packet is to libopus a lost one: it would make up sound out of nothing.
      if (open === undefined || packet.length === 0) return 'bad-opus';
      try {
        const pcm = open.decode(Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength));
        return new Int16Array(pcm.buffer.slice(pcm.byteOffset, pcm.byteOffset + pcm.byteLength));
      } catch {
        return 'bad-opus';
      }
    },
    close() {
      // The addon frees its memory when it is collected; there is nothing else to call.
      open = undefined;
    },
  };
}

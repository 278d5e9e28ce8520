/** The pieces of work that are done for each packet or fragment, against the best packages of npm or Node's own. */
import fastJson from 'fast-json-stringify';
import speexOfNpm from 'speex-resampler';
import { Sender } from 'ws';
import { seededRandom } from '../../lab/seeded-random.js';
import { createFirResampler } from '../../src/core/audio/fir-resampler.js';
import { decodeL16 } from '../../src/core/audio/l16.js';
import { encodeProcess, type Label } from '../../src/core/relay/protocol.js';
import { parseRtp } from '../../src/core/rtp/packet.js';
import { loadResamplers } from '../../src/io/media/resamplers.js';
import { ClientFrames } from '../../src/io/relay/client-frames.js';
import { l16, rtp } from '../../test/rtp-packets.js';
import { labelOf } from '../media/parties.js';
import type { Progress } from '../progress.js';
import { loadSpeex } from './speex.js';
import { type Candidate, stopwatch, type Timed } from './stopwatch.js';

export interface KernelResult {
  readonly title: string;
  /** What is done once. */
  readonly unit: string;
  /** The program's way first. */
  readonly candidates: readonly Timed[];
}

interface Kernel {
  readonly title: string;
  readonly unit: string;
  readonly candidates: readonly Candidate[];
}

/** A CommonJS module: what it calls its default is a field of what we get. */
const { default: SpeexResamplerOfNpm } = speexOfNpm;

const PACKET_MS = 20;
const RATES: readonly (readonly [number, number])[] = [
  [8_000, 16_000],
  [16_000, 8_000],
  [48_000, 16_000],
];
/** The lowest ones without images or aliases that could be heard, see docs/decisions/0002-resampler.md. */
const QUALITY_UP = 7;
const QUALITY_DOWN = 5;
const FRAGMENT_OCTETS = 1280;
const RTP_HEADER_OCTETS = 12;
const PACKET_SAMPLES = 160;

/** `roundMs` is for each candidate in each round. */
export async function kernelBench(rounds: number, roundMs: number, progress: Progress): Promise<KernelResult[]> {
  const results: KernelResult[] = [];
  for (const kernel of [...(await resamplers()), parsing(), decoding(), base64(), messages()]) {
    progress.signal.throwIfAborted();
    progress.say(`kernels: ${kernel.title} …`);
    const { title, unit, candidates } = kernel;
    results.push({ title, unit, candidates: stopwatch(candidates, rounds, roundMs) });
  }
  return results;
}

async function resamplers(): Promise<Kernel[]> {
  const chosen = loadResamplers({ error() {}, warn() {}, info() {}, debug() {}, isDebugEnabled: () => false });
  const speex = await loadSpeex();
  await SpeexResamplerOfNpm.initPromise;
  return RATES.map(([from, to]) => {
    const samples = noise((from * PACKET_MS) / 1000);
    const quality = to > from ? QUALITY_UP : QUALITY_DOWN;
    const ofNpm = new SpeexResamplerOfNpm(1, from, to, quality);
    const speexWithSimd = speex(from, to, quality);
    const octets = Buffer.from(samples.buffer);
    return {
      title: `resample ${from / 1000} → ${to / 1000} kHz`,
      unit: 'packet of 20 ms',
      candidates: [
        ...[chosen(from, to), createFirResampler(from, to)].map((one) => ({
          name: one.name,
          work: () => one.push(samples).length,
        })),
        { name: `@echogarden/speex-resampler-wasm q${quality}`, work: () => speexWithSimd(samples).length },
        { name: `speex-resampler q${quality}`, work: () => ofNpm.processChunk(octets).length },
      ],
    };
  });
}

function parsing(): Kernel {
  const packet = Buffer.from(rtp({ payload: new Uint8Array(320) }));
  return {
    title: 'read an RTP packet',
    unit: 'packet',
    candidates: [
      {
        name: 'parseRtp',
        work: () => {
          const parsed = parseRtp(packet);
          return typeof parsed === 'string' ? 0 : parsed.sequence + parsed.payload.length;
        },
      },
      // The least that has to be read, without a look at padding, extension or what is no RTP.
      {
        name: "Node's Buffer, header fields only",
        work: () =>
          packet.readUInt16BE(2) +
          packet.readUInt32BE(4) +
          packet.readUInt32BE(8) +
          packet.subarray(RTP_HEADER_OCTETS).length,
      },
    ],
  };
}

function decoding(): Kernel {
  const payload = Buffer.from(rtp({ payload: l16(noise(PACKET_SAMPLES)) })).subarray(RTP_HEADER_OCTETS);
  const octets = new Uint8Array(payload.length);
  const pairs = new Uint32Array(octets.buffer);
  return {
    title: 'decode L16',
    unit: 'packet of 160 samples',
    candidates: [
      { name: 'decodeL16', work: () => decodeL16(payload).length },
      {
        name: "Node's Buffer.swap16, in a copy",
        work: () => Buffer.from(payload).swap16().length,
      },
      {
        name: 'DataView, into an array of its own',
        work: () => {
          const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
          const samples = new Int16Array(PACKET_SAMPLES);
          for (let i = 0; i < samples.length; i++) samples[i] = view.getInt16(i * 2);
          return samples.length;
        },
      },
      {
        name: 'two samples at a time, into an array that is there',
        work: () => {
          octets.set(payload);
          for (let i = 0; i < pairs.length; i++) {
            const pair = pairs[i] ?? 0;
            pairs[i] = ((pair & 0x00ff_00ff) << 8) | ((pair >>> 8) & 0x00ff_00ff);
          }
          return pairs.length;
        },
      },
    ],
  };
}

function base64(): Kernel {
  const pcm = noise(FRAGMENT_OCTETS / 2);
  const binary = Buffer.from(pcm.buffer).toString('latin1');
  return {
    title: 'base64 of a fragment',
    unit: 'fragment of 640 samples',
    candidates: [
      {
        name: "Node's Buffer",
        work: () => Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64').length,
      },
      { name: "Node's btoa, from a ready binary string", work: () => btoa(binary).length },
    ],
  };
}

function messages(): Kernel {
  const label: Label = labelOf(7);
  const pcm = noise(FRAGMENT_OCTETS / 2);
  const { callid, callflow, number, channelid } = label;
  const text = { type: 'string' } as const;
  const fields = { callid: text, callflow: text, audio: text, number: text, status: text, channelid: text };
  const stringify = fastJson({ type: 'object', properties: fields });
  const frames = new ClientFrames();
  const audio = (): string => Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64');
  const framed = (message: string): number =>
    Sender.frame(Buffer.from(message), { fin: true, opcode: 1, mask: true, readOnly: false }).length;
  return {
    title: 'make a frame of a fragment: base64, JSON, masked',
    unit: 'fragment of 640 samples',
    candidates: [
      {
        name: 'ClientFrames',
        work: () => {
          frames.addMessage({ label, pcm });
          return frames.take().length;
        },
      },
      { name: 'JSON made once for a label, and ws', work: () => framed(encodeProcess(label, audio())) },
      {
        name: 'fast-json-stringify and ws',
        work: () => framed(stringify({ callid, callflow, audio: audio(), number, status: 'process', channelid })),
      },
      {
        name: 'JSON.stringify and ws',
        work: () => framed(JSON.stringify({ callid, callflow, audio: audio(), number, status: 'process', channelid })),
      },
    ],
  };
}

function noise(samples: number): Int16Array {
  const random = seededRandom(1);
  return Int16Array.from({ length: samples }, () => Math.floor(random() * 0x1_0000) - 0x8000);
}

/** Which packet completes which fragment: asked of the program's own stream, since a resampler holds some samples back. */
import type { ResamplerFactory } from '../../src/core/audio/resampler.js';
import { ParticipantStream } from '../../src/core/participant-stream.js';
import { FRAGMENT_SAMPLES } from '../../src/core/relay/protocol.js';
import { rtp } from '../../test/rtp-packets.js';
import { fragmentMs, type MediaPath, PACKET_MS, payloadOctets, samplesPerPacket } from './path.js';

/** By fragment, from the first packet of the stream on: the number of its last packet. As many as `packets` complete. */
export function completions(path: MediaPath, packets: number, createResampler: ResamplerFactory): number[] {
  const fragmentSamples = FRAGMENT_SAMPLES[path.outputHz];
  const stream = new ParticipantStream({ sampleRate: path.outputHz, fragmentSamples, createResampler });
  stream.open(0);
  const completedBy: number[] = [];
  const payload = new Uint8Array(payloadOctets(path));
  for (let number = 0; number < packets; number++) {
    const packet = rtp({
      payloadType: path.payloadType,
      sequence: number & 0xffff,
      timestamp: (number * samplesPerPacket(path)) >>> 0,
      payload,
    });
    for (const _ of stream.receive(packet, number * PACKET_MS)) completedBy.push(number);
  }
  stream.close();
  return completedBy;
}

/** The same for who resamples nothing: every so many packets. */
export function plainCompletions(path: MediaPath, packets: number): number[] {
  const perFragment = fragmentMs(path) / PACKET_MS;
  return Array.from({ length: Math.floor(packets / perFragment) }, (_, index) => (index + 1) * perFragment - 1);
}

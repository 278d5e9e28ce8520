/** What the API's WebSockets send: `/api/v1/live` (text frames) and `/api/v1/calls/{callid}/audio` (text, then binary frames). */
import { z } from 'zod';
import { RunningCall } from './calls.js';
import { Health } from './health.js';

/** Per participant: [level in dBFS of the last stretch, peak in dBFS, fragments, fragments that wait, lost ms, paused ms]. */
export const LiveFigures = z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number()]);

export const LiveMessage = z.discriminatedUnion('kind', [
  /** All running calls: first, and whenever one of them, or a participant, comes, goes or changes. */
  z.object({ kind: z.literal('calls'), calls: z.array(RunningCall) }),
  /** Five times a second: by channelid; and by callid how often the connection to the receiver came back. */
  z.object({
    kind: z.literal('figures'),
    participants: z.record(z.string(), LiveFigures),
    reconnects: z.record(z.string(), z.number().int()),
  }),
  z.object({ kind: z.literal('health'), health: Health }),
  /** Somebody saved settings. */
  z.object({ kind: z.literal('settings'), revision: z.number().int(), savedBy: z.string() }),
  /** A call is over and can be found under /calls/recent. */
  z.object({ kind: z.literal('call-over'), callid: z.string() }),
]);

/**
 * The text frame that begins an audio connection, and comes again when participants come or go. After it: binary frames,
 * the first octet the index of the participant, then signed 16-bit little-endian mono samples.
 */
export const AudioHead = z.object({
  kind: z.literal('participants'),
  sampleRate: z.number().int(),
  participants: z.array(z.object({ index: z.number().int(), channelid: z.string(), number: z.string() })),
});

export type LiveFigures = z.infer<typeof LiveFigures>;
export type LiveMessage = z.infer<typeof LiveMessage>;
export type AudioHead = z.infer<typeof AudioHead>;

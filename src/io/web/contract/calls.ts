/** What the API says of calls: those that run, those that were, and orders for those that run. */
import { z } from 'zod';

export const Callflow = z
  .enum(['', 'ivr', 'queue', 'ringgroup', 'cfd', 'conference', 'multicast_paging'])
  .meta({ description: 'What the call is in; empty for nothing in particular.' });

/** What became of a participant's audio, in milliseconds and counts, since it began. */
export const ParticipantFigures = z.object({
  fragments: z.number().int(),
  /** Silence that stands in the place of audio which did not come. */
  lostMs: z.number(),
  /** Silence that was sent while paused. */
  pausedMs: z.number(),
  packets: z.number().int(),
  jitterMs: z.number(),
});

export const RunningParticipant = z.object({
  channelid: z.string(),
  number: z.string(),
  role: z.enum(['extension', 'trunk']),
  begunAt: z.iso.datetime(),
  isPaused: z.boolean(),
});

export const RunningCall = z.object({
  callid: z.string(),
  callflow: Callflow,
  begunAt: z.iso.datetime(),
  /** False: an administrator has stopped the streaming of this call. */
  isStreamed: z.boolean(),
  participants: z.array(RunningParticipant),
});

export const TimelineParticipant = z.object({
  channelid: z.string(),
  number: z.string(),
  begunAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  /** The call under which its stream went on. */
  movedTo: z.string().nullable(),
  figures: ParticipantFigures.nullable(),
  /** Where audio was missing or paused. */
  gaps: z.array(z.object({ at: z.iso.datetime(), milliseconds: z.number(), why: z.enum(['lost', 'paused']) })),
});

export const CallRecord = z.object({
  callid: z.string(),
  begunAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  callflows: z.array(z.object({ at: z.iso.datetime(), callflow: Callflow })),
  participants: z.array(TimelineParticipant),
  /** Of the connection to the receiver; nothing before it is over. */
  delivery: z
    .object({
      reconnects: z.number().int(),
      resent: z.number().int(),
      dropped: z.number().int(),
      unconfirmed: z.number().int(),
    })
    .nullable(),
});

export const CallQuery = z.strictObject({
  search: z.string().max(255).default('').meta({ description: 'Part of a number, a callid or a channel.' }),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});

export const StreamingOrder = z.strictObject({ isStreamed: z.boolean() });
export const PauseOrder = z.strictObject({ isPaused: z.boolean() });

export type RunningParticipant = z.infer<typeof RunningParticipant>;
export type RunningCall = z.infer<typeof RunningCall>;
export type CallRecord = z.infer<typeof CallRecord>;
export type TimelineParticipant = z.infer<typeof TimelineParticipant>;
export type ParticipantFigures = z.infer<typeof ParticipantFigures>;

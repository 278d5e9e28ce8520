/** The content of calls.json: every call that was received, in the order in which they began. */
import { peakDbfs, rmsDbfs, roundLevel } from '../audio/level.js';
import type { Callflow } from '../callflow.js';
import type { ProblemCounts } from './problems.js';
import { type Call, endOf, type Participant } from './received-calls.js';

export interface CallReport {
  readonly callid: string;
  /** ISO 8601, as all times here. */
  readonly begun: string;
  /** Null while a stream goes on. */
  readonly ended: string | null;
  readonly participants: readonly ParticipantReport[];
  readonly problems: ProblemCounts;
}

export interface ParticipantReport {
  readonly channelid: string;
  readonly number: string;
  /** Those seen, in order of first sight; the empty one too. */
  readonly callflow: readonly Callflow[];
  readonly begun: string;
  readonly ended: string | null;
  readonly fragments: number;
  /** Duration of the audio, to the millisecond. */
  readonly seconds: number;
  /** One decimal; -120.0 is digital silence. */
  readonly level: { readonly rmsDbfs: number; readonly peakDbfs: number };
  /** Relative to the folder of calls.json. */
  readonly wav: string;
  /** Whether its end message came. */
  readonly complete: boolean;
}

export function callsReport(calls: Iterable<Call>, sampleRate: number): CallReport[] {
  return Array.from(calls, (call) => ({
    callid: call.callid,
    begun: isoTime(call.begun),
    ended: isoTimeOrNull(endOf(call)),
    participants: Array.from(call.participants.values(), (participant) => participantReport(participant, sampleRate)),
    problems: call.problems,
  }));
}

function participantReport(participant: Participant, sampleRate: number): ParticipantReport {
  return {
    channelid: participant.channelid,
    number: participant.number,
    callflow: participant.callflows,
    begun: isoTime(participant.begun),
    ended: isoTimeOrNull(participant.ended),
    fragments: participant.fragments,
    seconds: Math.round((participant.level.samples / sampleRate) * 1000) / 1000,
    level: {
      rmsDbfs: roundLevel(rmsDbfs(participant.level)),
      peakDbfs: roundLevel(peakDbfs(participant.level)),
    },
    wav: participant.wav,
    complete: participant.complete,
  };
}

function isoTime(unixMs: number): string {
  return new Date(unixMs).toISOString();
}

function isoTimeOrNull(unixMs: number | undefined): string | null {
  return unixMs === undefined ? null : isoTime(unixMs);
}

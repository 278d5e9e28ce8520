/** A recorded call in one line of the list. */
import type { CallRecord, TimelineParticipant } from '../../src/io/web/contract/calls.js';
import { CALLFLOW_WORDS } from '../words/callflow.js';

export function partiesOf({ participants, callid }: CallRecord): string {
  const numbers = [...new Set(participants.map(({ number }) => number).filter((number) => number !== ''))];
  return numbers.length === 0 ? `Call ${callid}` : numbers.join(' · ');
}

/** The callflows that it went through, without what is nothing in particular. */
export function stepsOf({ callflows }: CallRecord): string[] {
  return [...new Set(callflows.map(({ callflow }) => callflow))]
    .filter((callflow) => callflow !== '')
    .map((callflow) => CALLFLOW_WORDS[callflow]);
}

export function lengthMsOf({ begunAt, endedAt }: Pick<CallRecord, 'begunAt' | 'endedAt'>, now: number): number {
  return (endedAt === null ? now : Date.parse(endedAt)) - Date.parse(begunAt);
}

/** Of the final figures when they are there, else of the gaps that were noted. */
export function gapMsOf({ figures, gaps }: TimelineParticipant, why: 'lost' | 'paused'): number {
  if (figures !== null) return why === 'lost' ? figures.lostMs : figures.pausedMs;
  return gaps.filter((gap) => gap.why === why).reduce((sum, { milliseconds }) => sum + milliseconds, 0);
}

export function lostMsOf({ participants }: CallRecord): number {
  return participants.reduce((sum, participant) => sum + gapMsOf(participant, 'lost'), 0);
}

/** The calls as they are now, for people to see: streamed or not. */

import type { Callflow } from '../callflow.js';
import type { Call } from './calls.js';
import { callflowOf } from './channel-callflow.js';
import type { Participant } from './participant.js';

export interface CallView {
  /** The one under which it is streamed; else the one under which it would be. */
  readonly callid: string;
  readonly isStreamed: boolean;
  readonly callflow: Callflow;
  readonly participants: readonly ParticipantView[];
}

export interface ParticipantView {
  readonly channelId: string;
  /** The channel's name. */
  readonly channelid: string;
  readonly number: string;
  readonly role: 'extension' | 'trunk';
  /** It has answered. */
  readonly isUp: boolean;
}

export function callidOf({ id, streamid }: Call): string {
  return streamid ?? id;
}

export function viewOfCall(call: Call): CallView {
  const participants = [...call.participants];
  return {
    callid: callidOf(call),
    isStreamed: call.streamid !== undefined,
    callflow: callflowOf(participants.map(({ callflow }) => callflow)),
    participants: participants.map(viewOfParticipant),
  };
}

function viewOfParticipant({ id, channel, number, role }: Participant): ParticipantView {
  return { channelId: id, channelid: channel.name, number, role, isUp: channel.isUp };
}

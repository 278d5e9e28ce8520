/** What a receiver knows of the calls it hears: who took part, from when to when, how loud, and what was not of the protocol. */
import { joinLevels, type Level, NO_AUDIO } from '../audio/level.js';
import type { Callflow } from '../callflow.js';
import type { Label } from '../relay/protocol.js';
import { addProblems, type Problem, type ProblemCounts } from './problems.js';
import { SafeNames } from './safe-names.js';

interface ParticipantState {
  readonly callid: string;
  readonly channelid: string;
  /** The WAV file, relative to the output folder. */
  readonly wav: string;
  /** Unix time in milliseconds, as all times here. */
  readonly begun: number;
  number: string;
  readonly callflows: Callflow[];
  /** When the end message came, or the connection went; absent while audio may come. */
  ended: number | undefined;
  complete: boolean;
  fragments: number;
  level: Level;
  connection: number;
}

interface CallState {
  readonly callid: string;
  readonly folder: string;
  readonly begun: number;
  readonly participants: Map<string, ParticipantState>;
  readonly names: SafeNames;
  readonly problems: ProblemCounts;
}

export type Participant = Readonly<ParticipantState>;
export type Call = Pick<Readonly<CallState>, 'callid' | 'begun' | 'problems'> & {
  readonly participants: ReadonlyMap<string, Participant>;
};

/** What a message changed. */
export interface Taken {
  /** Whose message it was; undefined when there is no room for it. */
  readonly participant: Participant | undefined;
  /** A stream `begins` again when it comes back after its end, or on another connection. */
  readonly change: 'begins' | 'goes-on' | 'ends' | 'none';
  /** What was odd about it; counted already. */
  readonly problems: readonly Problem[];
}

interface Connection {
  callid: string | undefined;
  /** Counted before the first good message said which call this is. */
  readonly problems: ProblemCounts;
}

/** The report is written anew each second while audio flows: 5000 calls of two make some 4 MB of it. */
const MAX_CALLS = 5_000;
const MAX_PARTICIPANTS_PER_CALL = 1_000;

export class ReceivedCalls {
  /** Problems of connections that never named a call. */
  readonly problemsOfNoCall: ProblemCounts = {};
  /** Ended calls that left to make room for new ones. */
  forgotten = 0;
  readonly #calls = new Map<string, CallState>();
  readonly #connections = new Map<number, Connection>();
  readonly #folders: SafeNames;

  /** `takenNames` are the files and folders that stand in the output folder already. */
  constructor(takenNames: Iterable<string>) {
    this.#folders = new SafeNames('', takenNames);
  }

  calls(): Iterable<Call> {
    return this.#calls.values();
  }

  takeFragment(connection: number, label: Label, level: Level, now: number): Taken {
    const found = this.#find(connection, label, now);
    if (typeof found === 'string') return this.#taken(connection, undefined, 'none', found);
    const { participant, isNew } = found;
    const isBack = participant.ended !== undefined;
    const wasComplete = participant.complete;
    participant.ended = undefined;
    participant.complete = false;
    participant.fragments += 1;
    participant.level = joinLevels(participant.level, level);
    const change = isNew || isBack ? 'begins' : 'goes-on';
    return this.#taken(connection, participant, change, wasComplete ? 'audio-after-end' : undefined);
  }

  takeEnd(connection: number, label: Label, now: number): Taken {
    const found = this.#find(connection, label, now);
    if (typeof found === 'string') return this.#taken(connection, undefined, 'none', found);
    const { participant } = found;
    if (participant.complete) return this.#taken(connection, participant, 'none', 'second-end');
    participant.ended = now;
    participant.complete = true;
    return this.#taken(connection, participant, 'ends', undefined);
  }

  /** Counts a problem of a connection, at its call if that is known already. */
  count(connection: number, problem: Problem): void {
    const { callid, problems } = this.#connection(connection);
    const call = callid === undefined ? undefined : this.#calls.get(callid);
    addProblems(call?.problems ?? problems, { [problem]: 1 });
  }

  /** Counts a problem of a participant's file. */
  countOf(participant: Participant, problem: Problem, count = 1): void {
    addProblems(this.#calls.get(participant.callid)?.problems ?? this.problemsOfNoCall, { [problem]: count });
  }

  /** A connection has gone. Returns those whose stream it cut off; they may come back on another connection. */
  disconnected(connection: number, now: number): Participant[] {
    const { callid, problems } = this.#connection(connection);
    if (callid === undefined) addProblems(this.problemsOfNoCall, problems);
    this.#connections.delete(connection);

    const cutOff: Participant[] = [];
    for (const call of this.#calls.values()) {
      for (const participant of call.participants.values()) {
        if (participant.connection !== connection || participant.ended !== undefined) continue;
        participant.ended = now;
        cutOff.push(participant);
      }
    }
    return cutOff;
  }

  #find(
    connectionId: number,
    label: Label,
    now: number,
  ): 'too-many-calls' | 'too-many-participants' | { participant: ParticipantState; isNew: boolean } {
    const call = this.#calls.get(label.callid) ?? this.#beginCall(label.callid, now);
    if (call === undefined) return 'too-many-calls';
    const known = call.participants.get(label.channelid);
    const participant = known ?? beginParticipant(call, label, connectionId, now);
    if (participant === undefined) return 'too-many-participants';

    participant.connection = connectionId;
    participant.number = label.number;
    if (!participant.callflows.includes(label.callflow)) participant.callflows.push(label.callflow);

    const connection = this.#connection(connectionId);
    if (connection.callid === undefined) {
      connection.callid = label.callid;
      addProblems(call.problems, connection.problems);
    }
    return { participant, isNew: known === undefined };
  }

  #taken(
    connection: number,
    participant: Participant | undefined,
    change: Taken['change'],
    problem: Problem | undefined,
  ): Taken {
    const problems: Problem[] = problem === undefined ? [] : [problem];
    const isOther = participant !== undefined && this.#connection(connection).callid !== participant.callid;
    if (isOther) problems.push('other-callid');
    for (const one of problems) this.count(connection, one);
    return { participant, change, problems };
  }

  #connection(id: number): Connection {
    const known = this.#connections.get(id);
    if (known !== undefined) return known;
    const connection: Connection = { callid: undefined, problems: {} };
    this.#connections.set(id, connection);
    return connection;
  }

  #beginCall(callid: string, now: number): CallState | undefined {
    if (this.#calls.size >= MAX_CALLS && !this.#forgetOldestEnded()) return undefined;
    const call: CallState = {
      callid,
      folder: this.#folders.claim(callid),
      begun: now,
      participants: new Map(),
      names: new SafeNames('.wav'),
      problems: {},
    };
    this.#calls.set(callid, call);
    return call;
  }

  #forgetOldestEnded(): boolean {
    for (const call of this.#calls.values()) {
      if (endOf(call) === undefined) continue;
      this.#calls.delete(call.callid);
      this.forgotten += 1;
      return true;
    }
    return false;
  }
}

/** When the last stream of a call ended; undefined while one goes on. */
export function endOf(call: Call): number | undefined {
  let last = call.begun;
  for (const { ended } of call.participants.values()) {
    if (ended === undefined) return undefined;
    last = Math.max(last, ended);
  }
  return last;
}

function beginParticipant(
  call: CallState,
  label: Label,
  connection: number,
  now: number,
): ParticipantState | undefined {
  if (call.participants.size >= MAX_PARTICIPANTS_PER_CALL) return undefined;
  const participant: ParticipantState = {
    callid: call.callid,
    channelid: label.channelid,
    wav: `${call.folder}/${call.names.claim(label.channelid)}`,
    begun: now,
    number: label.number,
    callflows: [],
    ended: undefined,
    complete: false,
    fragments: 0,
    level: NO_AUDIO,
    connection,
  };
  call.participants.set(label.channelid, participant);
  return participant;
}

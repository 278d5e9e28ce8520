/** The conversations of a soak, as the phones and the provider of a lab have them; any one that goes otherwise throws. */
import { setTimeout as pause } from 'node:timers/promises';
import type { AnswerConduct } from '../farm.js';
import type { Lab } from '../lab.js';
import type { Leg } from '../leg.js';
import { type CallKind, QUEUE_AGENTS } from './call-kinds.js';
import type { PlannedCall } from './soak-plan.js';

export interface ConversationPlace {
  readonly lab: Pick<Lab, 'phones' | 'trunk'>;
  /** The sound file of a number's voice. */
  readonly voiceOf: (number: string) => string;
  /** Ends the conversations that are under way. */
  readonly signal: AbortSignal;
}

/** The place of one conversation. */
interface Scene extends ConversationPlace {
  /** Whether everybody keeps what he hears. */
  readonly records: boolean;
}

/** Two who have recorded what they heard of each other. */
export type Pair = readonly [caller: Leg, callee: Leg];

/** What is added to the lab's dialplan: 5 and an extension rings there for two seconds. */
export const SOAK_DIALPLAN = `
[internal](+)
exten => _51XXX,1,Dial(PJSIP/\${EXTEN:1},2)
 same => n,Hangup()
`;

/** Kinds in which two hear one another from beginning to end. */
const RECORDED: ReadonlySet<CallKind> = new Set(['internal', 'inbound', 'outbound']);
const HOLD_MS = 1_500;
const END_LIMIT_MS = 20_000;
const ANSWER_LIMIT_MS = 20_000;
const AFTER_TRANSFER_MS = 1_000;
const Q850 = { busy: 17 } as const;

type Conversation = (place: Scene, call: PlannedCall, legs: Leg[]) => Promise<Pair | undefined>;

/**
 * Gives the pair that heard nobody but each other, all the time; undefined for kinds in which there is none. Puts the
 * far ends into `legs` as they come.
 */
export async function converse(place: ConversationPlace, call: PlannedCall, legs: Leg[]): Promise<Pair | undefined> {
  try {
    return await CONVERSATIONS[call.kind]({ ...place, records: RECORDED.has(call.kind) }, call, legs);
  } finally {
    await Promise.all(legs.map((leg) => leg.hangUp()));
  }
}

const CONVERSATIONS: Readonly<Record<CallKind, Conversation>> = {
  internal: async (place, call, legs) => {
    const pair = await twoTalk(place, call, legs);
    await talk(place, pair, call.talkMs);
    return pair;
  },
  inbound: async (place, { parties: [outsider = '', to = ''], ringMs, talkMs }, legs) => {
    answer(place, to, ringMs);
    const caller = await place.lab.trunk.callsIn({ did: `202555${to}`, callerId: outsider, ...voice(place, outsider) });
    legs.push(caller);
    const callee = await answered(place, to, legs);
    await talk(place, [caller, callee], talkMs);
    return [caller, callee];
  },
  outbound: async (place, { parties: [from = '', outsider = ''], ringMs, talkMs }, legs) => {
    place.lab.trunk.answers(outsider, { afterMs: ringMs, ...voice(place, outsider) });
    const caller = await place.lab.phones.call({ from, to: `9${outsider}`, ...voice(place, from) });
    legs.push(caller);
    const callee = await place.lab.trunk.answeredBy(outsider, ANSWER_LIMIT_MS);
    legs.push(callee);
    await talk(place, [caller, callee], talkMs);
    return [caller, callee];
  },
  busy: async (place, { parties: [from = '', to = ''] }, legs) => {
    place.lab.phones.answers(to, { afterMs: 'busy' });
    const leg = await dialled(place, from, to, legs);
    const { cause } = await endOf(leg);
    if (cause !== Q850.busy) throw new Error(`${to} was busy, and ${from} was told cause ${cause}`);
    return undefined;
  },
  unanswered: async (place, { parties: [from = '', to = ''] }, legs) => {
    place.lab.phones.answers(to, { afterMs: 'never' });
    await endOf(await dialled(place, from, `5${to}`, legs));
    return undefined;
  },
  cancelled: async (place, { parties: [from = '', to = ''], ringMs }, legs) => {
    place.lab.phones.answers(to, { afterMs: 'never' });
    const leg = await dialled(place, from, to, legs);
    await wait(place, ringMs);
    await leg.hangUp();
    return undefined;
  },
  hold: async (place, call, legs) => {
    const pair = await twoTalk(place, call, legs);
    const [caller] = pair;
    await talk(place, pair, call.talkMs / 2);
    await caller.hold();
    await talk(place, pair, HOLD_MS);
    await caller.unhold();
    await talk(place, pair, call.talkMs / 2);
    return undefined;
  },
  'blind-transfer': async (place, call, legs) => {
    const [caller, callee] = await twoTalk(place, call, legs);
    const [, , target = ''] = call.parties;
    answer(place, target, call.ringMs);
    await talk(place, [caller, callee], call.talkMs / 2);
    await callee.transferTo(target);
    await talk(place, [caller, await answered(place, target, legs)], call.talkMs / 2);
    return undefined;
  },
  'attended-transfer': async (place, call, legs) => {
    const [caller, callee] = await twoTalk(place, call, legs);
    const [, transferrer = '', target = ''] = call.parties;
    answer(place, target, call.ringMs);
    await talk(place, [caller, callee], call.talkMs / 2);
    const consultation = await place.lab.phones.call({ from: transferrer, to: target, ...voice(place, transferrer) });
    legs.push(consultation);
    const answerer = await answered(place, target, legs);
    await talk(place, [caller, callee, consultation, answerer], AFTER_TRANSFER_MS);
    await callee.transferToEndOf(consultation);
    await talk(place, [caller, answerer], call.talkMs / 2);
    return undefined;
  },
  conference: async (place, { parties: [room = '', first = '', second = '', outsider = ''], talkMs }, legs) => {
    for (const from of [first, second]) {
      legs.push(await place.lab.phones.call({ from, to: room, ...voice(place, from) }));
    }
    legs.push(await place.lab.trunk.callsIn({ did: '2025550163', callerId: outsider, ...voice(place, outsider) }));
    await talk(place, legs, talkMs);
    return undefined;
  },
  queue: async (place, { parties: [, outsider = ''], ringMs, talkMs }, legs) => {
    for (const [index, agent] of QUEUE_AGENTS.entries()) answer(place, agent, ringMs + 300 * index);
    const caller = await place.lab.trunk.callsIn({
      did: '2025550162',
      callerId: outsider,
      ...voice(place, outsider),
    });
    legs.push(caller);
    const agents = QUEUE_AGENTS.map((agent) => place.lab.phones.answeredBy(agent, ANSWER_LIMIT_MS));
    const agent = await Promise.any(agents);
    legs.push(agent);
    await talk(place, [caller, agent], talkMs);
    return undefined;
  },
};

async function twoTalk(
  place: Scene,
  { parties: [from = '', to = ''], ringMs }: PlannedCall,
  legs: Leg[],
): Promise<Pair> {
  answer(place, to, ringMs);
  const caller = await place.lab.phones.call({ from, to, ...voice(place, from) });
  legs.push(caller);
  return [caller, await answered(place, to, legs)];
}

function answer(place: Scene, number: string, afterMs: number): void {
  place.lab.phones.answers(number, { afterMs, ...voice(place, number) });
}

async function answered(place: Scene, number: string, legs: Leg[]): Promise<Leg> {
  const leg = await place.lab.phones.answeredBy(number, ANSWER_LIMIT_MS);
  legs.push(leg);
  return leg;
}

async function dialled(place: Scene, from: string, to: string, legs: Leg[]): Promise<Leg> {
  const leg = await place.lab.phones.dial({ from, to, ...voice(place, from) });
  legs.push(leg);
  return leg;
}

function voice({ voiceOf, records }: Scene, number: string): AnswerConduct {
  return { plays: voiceOf(number), records };
}

/** All of them stay in the call for so long: nobody but we may end it. */
async function talk(place: Scene, legs: readonly Leg[], ms: number): Promise<void> {
  const hungUp = legs.map(async ({ number, ended }) => ({ number, ...(await ended) }));
  const end = await Promise.race([wait(place, ms), ...hungUp]);
  if (end !== undefined) throw new Error(`${end.number} was hung up on: ${end.cause} ${end.text}`);
}

async function wait({ signal }: Scene, ms: number): Promise<undefined> {
  await pause(ms, undefined, { signal }).catch(() => undefined);
  return undefined;
}

async function endOf(leg: Leg): Promise<{ readonly cause: number }> {
  const end = await Promise.race([leg.ended, pause(END_LIMIT_MS, undefined, { ref: false })]);
  if (end === undefined) throw new Error(`the call of ${leg.number} did not end by itself`);
  return end;
}

/** Holds what a life of the add-on said it sent against what the receiver got of it: every stream, every fragment. */
import { type Delivery, endKey, type LifeRecord } from './life-record.js';

/** How a life came to its end: of one that was killed nobody can know what was on its way. */
export type LifeEnd = 'killed' | 'in-order';

/** What the receiver has of one participant. */
export interface ReceivedAccount {
  readonly callid: string;
  readonly channelid: string;
  readonly stream: {
    readonly received: number;
    /** An estimate, and between what the true figure is. */
    readonly distinct: number;
    readonly distinctAtLeast: number;
    readonly distinctAtMost: number;
    readonly ends: number;
    readonly faults: readonly string[];
  };
}

/** Streams, and fragments. */
export interface Totals {
  begun: number;
  ended: number;
  /** Streams that ended with their life, when it was killed. */
  cutOff: number;
  sent: number;
  received: number;
  repeated: number;
  dropped: number;
  unconfirmed: number;
}

export const NO_TOTALS: Totals = {
  begun: 0,
  ended: 0,
  cutOff: 0,
  sent: 0,
  received: 0,
  repeated: 0,
  dropped: 0,
  unconfirmed: 0,
};

export interface Account {
  readonly problems: readonly string[];
  readonly totals: Totals;
}

export function accountOf(life: LifeRecord, end: LifeEnd, received: readonly ReceivedAccount[]): Account {
  const problems = received.flatMap(({ callid, channelid, stream }) =>
    stream.faults.map((fault) => `the receiver, of ${channelid} in call ${callid}: ${fault}`),
  );
  const totals = { ...NO_TOTALS, begun: life.streams.length };
  for (const { stream } of received) {
    totals.received += stream.distinct;
    totals.repeated += stream.received - stream.distinct;
  }
  if (end === 'killed') {
    totals.ended = life.streams.filter(({ endedAt }) => endedAt !== undefined).length;
    totals.cutOff = totals.begun - totals.ended;
  } else {
    problems.push(...life.present.map(({ channel, callid }) => `${channel} in call ${callid} began and never ended`));
    totals.ended = totals.begun - life.present.length;
  }
  problems.push(...problemsOfStrangers(life, received));
  for (const [callid, sent] of life.fragments) {
    const delivery = life.deliveries.get(callid);
    // Of a killed life what was delivered before is known as well.
    if (end === 'killed' && delivery === undefined) continue;
    const ofCall = received.filter((one) => one.callid === callid);
    if (end === 'in-order') problems.push(...problemsOfEnds(life, ofCall, delivery));
    if (delivery === undefined) {
      problems.push(`call ${callid} has no line about what became of it`);
      continue;
    }
    totals.sent += sent;
    totals.dropped += delivery.dropped;
    totals.unconfirmed += delivery.unconfirmed;
    if (end === 'in-order') problems.push(...problemsOfCall(callid, sent, delivery, ofCall));
  }
  return { problems, totals };
}

function problemsOfCall(
  callid: string,
  sent: number,
  { dropped, unconfirmed, resent }: Readonly<Delivery>,
  received: readonly ReceivedAccount[],
): string[] {
  const sum = (of: (stream: ReceivedAccount['stream']) => number) =>
    received.reduce((total, { stream }) => total + of(stream), 0);
  // What was sent once did not come again, though it may sound like what came before.
  const all = sum((stream) => stream.received);
  const least = resent === 0 ? all : sum(({ distinctAtLeast }) => distinctAtLeast);
  const most = resent === 0 ? all : sum(({ distinctAtMost }) => distinctAtMost);
  // What is not confirmed may have arrived or not.
  if (most >= sent - dropped - unconfirmed && least <= sent - dropped) return [];
  const came = least === most ? `${most}` : `${least} to ${most}`;
  const each = received.map(({ channelid, stream }) => `${channelid} ${stream.received}`).join(', ');
  return [
    `call ${callid}: ${sent} fragments sent, ${resent} more than once, ${dropped} dropped, ${unconfirmed} unconfirmed, but ${came} came to the receiver, each counted once; with repetitions ${each}`,
  ];
}

/** An end is lost only with what is given up after the call's end; it comes again with what comes again. */
function problemsOfEnds(
  life: LifeRecord,
  received: readonly ReceivedAccount[],
  delivery: { readonly isGivenUp: boolean } | undefined,
): string[] {
  if (delivery === undefined || delivery.isGivenUp) return [];
  return received.flatMap(({ callid, channelid, stream: { ends } }) => {
    const sent = life.ends.get(endKey(callid, channelid)) ?? 0;
    return ends >= sent ? [] : [`${channelid} in call ${callid} has ${sent} ends sent, and ${ends} received`];
  });
}

function problemsOfStrangers(life: LifeRecord, received: readonly ReceivedAccount[]): string[] {
  const strangers = received.filter(({ callid }) => !life.fragments.has(callid));
  return strangers.map(({ callid, channelid }) => `${channelid} in call ${callid}, which the log does not know`);
}

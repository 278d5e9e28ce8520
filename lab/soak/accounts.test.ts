import { expect, test } from '@jest/globals';
import { accountOf, type ReceivedAccount } from './accounts.js';
import { endKey, LifeRecord } from './life-record.js';

const CHANNELS = ['PJSIP/1100-00000001', 'PJSIP/1101-00000002'] as const;

/** A call of two streams, 100 fragments each. */
function lifeWith(delivery = { dropped: 0, unconfirmed: 0, resent: 0, isGivenUp: false }): LifeRecord {
  const life = new LifeRecord(16_000);
  for (const channel of CHANNELS) {
    life.streams.push({ channel, number: '1100', callid: 'a', begunAt: 0, endedAt: 1, lostMs: 0 });
    life.ends.set(endKey('a', channel), 1);
  }
  life.fragments.set('a', 200);
  life.deliveries.set('a', delivery);
  return life;
}

function received(distinct: readonly number[], changes: Partial<ReceivedAccount['stream']> = {}): ReceivedAccount[] {
  return distinct.map((count, index) => ({
    callid: 'a',
    channelid: CHANNELS[index] ?? '',
    stream: {
      received: count,
      distinct: count,
      distinctAtLeast: count,
      distinctAtMost: count,
      ends: 1,
      faults: [],
      ...changes,
    },
  }));
}

test('all that was sent came', () => {
  expect(accountOf(lifeWith(), 'in-order', received([100, 100]))).toEqual({
    problems: [],
    totals: { begun: 2, ended: 2, cutOff: 0, sent: 200, received: 200, repeated: 0, dropped: 0, unconfirmed: 0 },
  });
});

test('a fragment less or more than was sent does not add up', () => {
  for (const second of [99, 101]) {
    expect(accountOf(lifeWith(), 'in-order', received([100, second])).problems).toHaveLength(1);
  }
});

test('what was sent once did not come again, though a phone may say the same again', () => {
  const alike = received([99, 100], { received: 100 });
  expect(accountOf(lifeWith(), 'in-order', alike).problems).toEqual([]);
  expect(accountOf(lifeWith(), 'in-order', received([100, 100], { received: 101 })).problems).toHaveLength(1);
  const sentAgain = { dropped: 0, unconfirmed: 0, resent: 1, isGivenUp: false };
  expect(accountOf(lifeWith(sentAgain), 'in-order', alike).problems).toHaveLength(1);
});

test('where it is open how much came again, what was sent is among what may have come', () => {
  const sentAgain = { dropped: 0, unconfirmed: 0, resent: 4, isGivenUp: false };
  for (const distinctAtMost of [101, 102]) {
    const stream = { received: 102, distinctAtMost };
    expect(accountOf(lifeWith(sentAgain), 'in-order', received([98, 99], stream)).problems).toEqual([]);
  }
  expect(accountOf(lifeWith(sentAgain), 'in-order', received([98, 99], { distinctAtMost: 99 })).problems).toEqual([
    expect.stringMatching(/200 fragments sent, 4 more than once, .* but 197 to 198 came .* PJSIP\/1100-00000001 98, /),
  ]);
  expect(accountOf(lifeWith(sentAgain), 'in-order', received([101, 100])).problems).toHaveLength(1);
});

test('what was dropped is missing, and what was not confirmed may be', () => {
  const life = lifeWith({ dropped: 10, unconfirmed: 5, resent: 0, isGivenUp: false });
  for (const second of [85, 90]) expect(accountOf(life, 'in-order', received([100, second])).problems).toEqual([]);
  for (const second of [84, 91]) expect(accountOf(life, 'in-order', received([100, second])).problems).toHaveLength(1);
});

test('an end that never came, a call of which nothing was said, a stream that nobody sent', () => {
  expect(accountOf(lifeWith(), 'in-order', received([100, 100], { ends: 0 })).problems).toHaveLength(2);
  const givenUp = lifeWith({ dropped: 0, unconfirmed: 0, resent: 0, isGivenUp: true });
  expect(accountOf(givenUp, 'in-order', received([100, 100], { ends: 0 })).problems).toEqual([]);
  const silent = lifeWith();
  silent.deliveries.clear();
  expect(accountOf(silent, 'in-order', received([100, 100])).problems).toEqual([
    'call a has no line about what became of it',
  ]);
  const stranger = {
    ...received([1])[0],
    callid: 'b',
    channelid: 'x',
    stream: { received: 1, distinct: 1, distinctAtLeast: 1, distinctAtMost: 1, ends: 1, faults: [] },
  };
  expect(accountOf(lifeWith(), 'in-order', [...received([100, 100]), stranger]).problems).toHaveLength(1);
});

test('what the receiver found wrong is told in every life', () => {
  expect(accountOf(lifeWith(), 'killed', received([100, 100], { faults: ['a second end'] })).problems).toHaveLength(2);
});

test('the streams of a life that was killed are cut off, and nobody knows what was on its way', () => {
  const life = lifeWith();
  life.deliveries.clear();
  for (const stream of life.streams) stream.endedAt = undefined;
  const { problems, totals } = accountOf(life, 'killed', received([60, 60], { ends: 0 }));
  expect({ problems, cutOff: totals.cutOff, received: totals.received }).toEqual({
    problems: [],
    cutOff: 2,
    received: 120,
  });
});

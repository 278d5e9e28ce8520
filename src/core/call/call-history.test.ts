import { describe, expect, test } from '@jest/globals';
import { channel } from '../../../test/call-tracking.js';
import { CALLFLOWS_KEPT, CALLS_KEPT, CallHistory, PARTICIPANTS_KEPT } from './call-history.js';

describe('call history', () => {
  const open = (id: string, callid: string) =>
    ({ kind: 'open', channel: channel(id, { name: `PJSIP/${id}` }), callid, number: id }) as const;

  test('keeps participants, times, steps, moves and figures', () => {
    const history = new CallHistory<number>();
    history.record(open('a', '1.1'), 10);
    history.record({ kind: 'callflow', callid: '1.1', callflow: 'queue' }, 20);
    history.record(open('b', '2.2'), 30);
    history.record({ kind: 'move', channelId: 'b', callid: '1.1' }, 40);
    history.record({ kind: 'call-over', callid: '2.2' }, 40);
    history.record({ kind: 'close', channelId: 'a' }, 50);
    history.recordFigures('1.1', 'PJSIP/a', 7);
    history.recordFigures('1.1', 'PJSIP/b', 8);
    expect(history.calls).toMatchObject([
      {
        callid: '2.2',
        begun: 30,
        ended: 40,
        participants: [{ number: 'b', ended: 40, movedTo: '1.1', figures: undefined, whole: 8 }],
      },
      {
        callid: '1.1',
        ended: undefined,
        callflows: [{ at: 20, callflow: 'queue' }],
        participants: [
          { number: 'a', begun: 10, ended: 50, figures: 7 },
          { number: 'b', begun: 40, ended: undefined, figures: 8 },
        ],
      },
    ]);
  });

  test('a clock that is set in mid-call makes no call longer or shorter', () => {
    const history = new CallHistory<number>();
    history.record(open('a', '1.1'), 10, 1_000_000);
    history.record({ kind: 'callflow', callid: '1.1', callflow: 'queue' }, 20, 1_000_000 - 3_600_000);
    history.record(open('b', '1.1'), 30, 1_000_000 + 3_600_000);
    history.record({ kind: 'close', channelId: 'a' }, 40, 1_000_000 - 3_600_000);
    history.record({ kind: 'call-over', callid: '1.1' }, 50, 1_000_000 + 3_600_000);
    history.record(open('c', '2.2'), 60, 1_000_000 + 3_600_000);
    expect(history.calls).toMatchObject([
      { callid: '2.2', begun: 4_600_060 },
      {
        begun: 1_000_010,
        ended: 1_000_050,
        callflows: [{ at: 1_000_020 }],
        participants: [{ begun: 1_000_010, ended: 1_000_040 }, { begun: 1_000_030 }],
      },
    ]);
  });

  test('keeps the last thousand', () => {
    const history = new CallHistory();
    for (let i = 0; i < CALLS_KEPT + 5; i++) history.record(open(`p${i}`, `${i}.1`), i);
    expect(history.calls).toHaveLength(CALLS_KEPT);
    expect(history.calls.at(-1)?.callid).toBe('5.1');
  });

  test('forgets who left first a call that never ends, and its first steps', () => {
    const history = new CallHistory();
    for (let i = 0; i < PARTICIPANTS_KEPT + 5; i++) {
      history.record(open(`p${i}`, '1.1'), i);
      history.record({ kind: 'callflow', callid: '1.1', callflow: i % 2 === 0 ? 'queue' : '' }, i);
      history.record({ kind: 'close', channelId: `p${i}` }, i);
    }
    const [call] = history.calls;
    expect(call?.participants).toHaveLength(PARTICIPANTS_KEPT);
    expect(call?.participants[0]).toMatchObject({ number: 'p5', ended: 5 });
    expect(call?.callflows).toHaveLength(CALLFLOWS_KEPT);
  });

  test('says of a call what came of its delivery; of one that came back, each its own', () => {
    const history = new CallHistory<number, string>();
    history.record(open('a', '1.1'), 10);
    history.record({ kind: 'call-over', callid: '1.1' }, 20);
    history.record(open('b', '1.1'), 30);
    history.recordDelivery('1.1', 'first');
    history.recordDelivery('1.1', 'second');
    history.recordDelivery('9.9', 'of a call that is forgotten');
    expect(history.calls.map(({ delivery }) => delivery)).toEqual(['second', 'first']);
    expect(history.find('1.1')?.begun).toBe(30);
  });

  test('finds calls by parts of numbers, channels and callids, the newest first, as many as wanted', () => {
    const history = new CallHistory();
    for (const [i, id] of ['1001', '1002', 'trunk-a', '2001'].entries()) history.record(open(id, `${i}.7`), i);
    const found = (text: string, limit = 10) => history.search(text, limit).map(({ callid }) => callid);
    expect(found('100')).toEqual(['1.7', '0.7']);
    expect(found(' TRUNK ')).toEqual(['2.7']);
    expect(found('3.7')).toEqual(['3.7']);
    expect(found('', 2)).toEqual(['3.7', '2.7']);
    expect(found('nobody')).toEqual([]);
  });

  test('leaves out a call that went on at once in another, unless it is asked for by its callid', () => {
    const history = new CallHistory();
    history.record(open('host', '1.1'), 0);
    history.record(open('guest', '2.2'), 5_000);
    history.record({ kind: 'move', channelId: 'guest', callid: '1.1' }, 5_010);
    history.record(open('talker', '3.3'), 6_000);
    history.record({ kind: 'move', channelId: 'talker', callid: '1.1' }, 9_000);
    const found = (text: string) => history.search(text, 10).map(({ callid }) => callid);
    expect(found('')).toEqual(['3.3', '1.1']);
    expect(found('guest')).toEqual(['1.1']);
    expect(found('2.2')).toEqual(['2.2']);
  });
});

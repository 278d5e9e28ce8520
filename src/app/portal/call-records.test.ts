/** Calls as the API shows them: who stands where, and which part of a stream belongs to which call. */
import { expect, test } from '@jest/globals';
import { channel } from '../../../test/call-tracking.js';
import { CallHistory } from '../../core/call/call-history.js';
import type { DeliveryCounts } from '../call-stream.js';
import type { ParticipantOutcome } from '../participant.js';
import { callRecord } from './call-records.js';

const open = (id: string, name: string, callid: string) =>
  ({ kind: 'open', channel: channel(id, { name }), callid, number: id }) as const;
/** Only what the page shows of it. */
const outcome = (gaps: ParticipantOutcome['gaps']) =>
  ({
    stats: { fragments: 9, lostMs: 0, pausedMs: 700, packets: 18, jitterMs: 1 },
    gaps,
  }) as unknown as ParticipantOutcome;

function recordOf(history: CallHistory<ParticipantOutcome, DeliveryCounts>, callid: string) {
  const call = history.find(callid);
  if (call === undefined) throw new Error(`there is no call ${callid}`);
  return callRecord(call, () => undefined);
}

test('the caller stands first, whoever was heard first; who joins later stands last', () => {
  const history = new CallHistory<ParticipantOutcome, DeliveryCounts>();
  history.record(open('1002', 'PJSIP/1002-0000000a', '1.1'), 10_000);
  history.record(open('1001', 'PJSIP/1001-00000009', '1.1'), 10_020);
  history.record(open('1003', 'PJSIP/1003-00000001', '1.1'), 15_000);
  expect(recordOf(history, '1.1').participants.map(({ number }) => number)).toEqual(['1001', '1002', '1003']);
});

test('a stream that went on in another call shows in each its gaps, and its figures where it ended', () => {
  const history = new CallHistory<ParticipantOutcome, DeliveryCounts>();
  history.record(open('1001', 'PJSIP/1001-00000001', '1.1'), 10_000);
  history.record({ kind: 'move', channelId: '1001', callid: '2.2' }, 20_000);
  history.record({ kind: 'close', channelId: '1001' }, 30_000);
  const paused = (at: number, ms: number) => ({ at, ms, why: 'paused' }) as const;
  history.recordFigures('2.2', 'PJSIP/1001-00000001', outcome([paused(12_000, 300), paused(25_000, 400)]));
  expect(recordOf(history, '1.1').participants).toMatchObject([
    { movedTo: '2.2', figures: null, gaps: [{ milliseconds: 300, why: 'paused' }] },
  ]);
  expect(recordOf(history, '2.2').participants).toMatchObject([
    { movedTo: null, figures: { pausedMs: 700 }, gaps: [{ milliseconds: 400, why: 'paused' }] },
  ]);
});

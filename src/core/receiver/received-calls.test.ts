import { expect, test } from '@jest/globals';
import { levelOf } from '../audio/level.js';
import type { Callflow } from '../callflow.js';
import type { Label } from '../relay/protocol.js';
import { callsReport } from './calls-report.js';
import { ReceivedCalls } from './received-calls.js';

const FRAGMENT = levelOf(new Int16Array(640).fill(16_384));
const BEGIN = Date.UTC(2026, 10, 22, 8, 0, 0);
const AT_8000 = 8000;

function label(channelid: string, callflow: Callflow = '', callid = '17.1'): Label {
  return { callid, callflow, number: channelid.slice(6, 10), channelid };
}

const ANNA = label('PJSIP/1009-00000007');
const BEN = label('PJSIP/1010-00000008');

test('a call of two is told with times, figures and files', () => {
  const calls = new ReceivedCalls([]);
  calls.takeFragment(1, label(ANNA.channelid, 'ivr'), FRAGMENT, BEGIN);
  calls.takeFragment(1, BEN, FRAGMENT, BEGIN + 80);
  calls.takeFragment(1, label(ANNA.channelid, 'queue'), FRAGMENT, BEGIN + 80);
  calls.takeEnd(1, label(ANNA.channelid, 'queue'), BEGIN + 160);
  expect(callsReport(calls.calls(), AT_8000)[0]?.ended).toBeNull();

  calls.takeEnd(1, BEN, BEGIN + 200);
  expect(callsReport(calls.calls(), AT_8000)).toEqual([
    {
      callid: '17.1',
      begun: '2026-11-22T08:00:00.000Z',
      ended: '2026-11-22T08:00:00.200Z',
      participants: [
        {
          channelid: 'PJSIP/1009-00000007',
          number: '1009',
          callflow: ['ivr', 'queue'],
          begun: '2026-11-22T08:00:00.000Z',
          ended: '2026-11-22T08:00:00.160Z',
          fragments: 2,
          seconds: 0.16,
          level: { rmsDbfs: -6, peakDbfs: -6 },
          wav: '17.1/PJSIP_1009-00000007.wav',
          complete: true,
        },
        expect.objectContaining({ number: '1010', callflow: [''], fragments: 1, seconds: 0.08, complete: true }),
      ],
      problems: {},
    },
  ]);
});

test('a stream cut off by its connection goes on where it stood on the next one', () => {
  const calls = new ReceivedCalls([]);
  const before = calls.takeFragment(1, ANNA, FRAGMENT, BEGIN);
  expect(calls.disconnected(1, BEGIN + 1000)).toEqual([before.participant]);
  expect(before.participant).toMatchObject({ ended: BEGIN + 1000, complete: false });

  const after = calls.takeFragment(2, ANNA, FRAGMENT, BEGIN + 5000);
  expect(after).toMatchObject({ change: 'begins', problems: [] });
  expect(after.participant).toBe(before.participant);
  expect(after.participant).toMatchObject({ fragments: 2, ended: undefined });
});

test('the late news that an old connection has gone does not end a stream that moved on', () => {
  const calls = new ReceivedCalls([]);
  calls.takeFragment(1, ANNA, FRAGMENT, BEGIN);
  calls.takeFragment(2, ANNA, FRAGMENT, BEGIN + 5000);
  expect(calls.disconnected(1, BEGIN + 60_000)).toEqual([]);
});

test('audio after the end, and a second end, are counted, and no audio is lost', () => {
  const calls = new ReceivedCalls([]);
  calls.takeFragment(1, ANNA, FRAGMENT, BEGIN);
  expect(calls.takeEnd(1, ANNA, BEGIN).change).toBe('ends');
  expect(calls.takeEnd(1, ANNA, BEGIN)).toMatchObject({ change: 'none', problems: ['second-end'] });
  expect(calls.takeFragment(1, ANNA, FRAGMENT, BEGIN)).toMatchObject({
    change: 'begins',
    problems: ['audio-after-end'],
  });
  const [report] = callsReport(calls.calls(), AT_8000);
  expect(report?.problems).toEqual({ 'second-end': 1, 'audio-after-end': 1 });
  expect(report?.participants[0]).toMatchObject({ fragments: 2, complete: false });
});

test('an end without audio is a complete participant of no length', () => {
  const calls = new ReceivedCalls([]);
  expect(calls.takeEnd(1, ANNA, BEGIN).change).toBe('ends');
  expect(callsReport(calls.calls(), AT_8000)[0]?.participants[0]).toMatchObject({
    fragments: 0,
    seconds: 0,
    complete: true,
  });
});

test('problems before the first good message are charged to its call, those of a silent connection to none', () => {
  const calls = new ReceivedCalls([]);
  calls.count(1, 'not-json');
  calls.takeFragment(1, ANNA, FRAGMENT, BEGIN);
  calls.count(1, 'not-json');
  calls.count(2, 'wrong-keys');
  calls.disconnected(2, BEGIN);
  expect(callsReport(calls.calls(), AT_8000)[0]?.problems).toEqual({ 'not-json': 2 });
  expect(calls.problemsOfNoCall).toEqual({ 'wrong-keys': 1 });
});

test('a second call on one connection is taken, and counted at the first', () => {
  const calls = new ReceivedCalls([]);
  calls.takeFragment(1, ANNA, FRAGMENT, BEGIN);
  calls.takeFragment(1, label(ANNA.channelid, '', '18.1'), FRAGMENT, BEGIN);
  expect(callsReport(calls.calls(), AT_8000)).toMatchObject([
    { callid: '17.1', problems: { 'other-callid': 1 } },
    { callid: '18.1', participants: [{ wav: '18.1/PJSIP_1009-00000007.wav' }] },
  ]);
});

test('ids that would share a file name do not', () => {
  const calls = new ReceivedCalls(['17.1']);
  calls.takeFragment(1, label('PJSIP/1'), FRAGMENT, BEGIN);
  calls.takeFragment(1, label('PJSIP_1'), FRAGMENT, BEGIN);
  const wavs = callsReport(calls.calls(), AT_8000).flatMap((call) => call.participants.map(({ wav }) => wav));
  expect(wavs).toEqual(['17.1-2/PJSIP_1.wav', '17.1-2/PJSIP_1-2.wav']);
});

test('a call has room for a thousand participants, and says so of the next', () => {
  const calls = new ReceivedCalls([]);
  for (let n = 0; n < 1000; n++) calls.takeFragment(1, label(`PJSIP/${n}`), FRAGMENT, BEGIN);
  expect(calls.takeFragment(1, label('PJSIP/1000'), FRAGMENT, BEGIN)).toMatchObject({
    participant: undefined,
    problems: ['too-many-participants'],
  });
});

test('the oldest ended call makes room for a new one; where all go on, the new one is refused', () => {
  const calls = new ReceivedCalls([]);
  for (let n = 0; n < 5000; n++) calls.takeFragment(n, label('PJSIP/1', '', `call-${n}`), FRAGMENT, BEGIN);
  expect(calls.takeFragment(9000, label('PJSIP/1', '', 'one-more'), FRAGMENT, BEGIN).problems).toEqual([
    'too-many-calls',
  ]);
  calls.takeEnd(7, label('PJSIP/1', '', 'call-7'), BEGIN);
  expect(calls.takeFragment(9000, label('PJSIP/1', '', 'one-more'), FRAGMENT, BEGIN).problems).toEqual([]);
  expect(calls.forgotten).toBe(1);
  expect(Array.from(calls.calls(), ({ callid }) => callid)).not.toContain('call-7');
});

import { describe, expect, test } from '@jest/globals';
import type { Channel } from './channel.js';
import { CallflowRules, ChannelCallflow, callflowOf } from './channel-callflow.js';
import { didIn, normalisedDid } from './did.js';
import { dialledNumber } from './party-number.js';

const EMPTY: Channel = {
  id: '1.1',
  name: 'PJSIP/1-1',
  isUp: true,
  number: '',
  homeContext: undefined,
  context: '',
  exten: '',
  application: '',
  applicationData: '',
  linkedid: undefined,
  fromDid: undefined,
};

test.each([
  ['+1 (202) 555-0101', '12025550101'],
  ['0012025550101', '12025550101'],
  ['12025550101', '12025550101'],
  ['030/123.45', '3012345'],
  ['_+1555.', '_1555.'],
  ['_00[1-3]55 5XX!', '_[1-3]555XX!'],
  ['0000', ''],
])('the DID %s is %s', (written, normalised) => {
  expect(normalisedDid(written)).toBe(normalised);
});

test.each(['s', 'i', 't', 'h', 'menu', '', '*97'])('the extension %s is no DID', (exten) => {
  expect(didIn(exten)).toBeUndefined();
});

test.each([
  ['4930123@trunk-a', '4930123'],
  ['trunk-a/sip:4930123@203.0.113.1:5060', '4930123'],
  ['trunk-a/sips:+4930123;phone-context=x@host', '+4930123'],
  ['g1/4930123', '4930123'],
  ['user:password@host/4930123', '4930123'],
  ['1001', undefined],
  ['', undefined],
])('of the dial string %s the number is %s', (dialstring, number) => {
  expect(dialledNumber(dialstring)).toBe(number);
});

describe('callflow', () => {
  const through = (rules: CallflowRules, ...steps: Partial<Channel>[]) => {
    const flow = new ChannelCallflow(rules);
    return steps.map((step) => {
      flow.step({ ...EMPTY, ...step });
      return flow.word;
    });
  };
  const BUILT_IN = new CallflowRules([]);

  test('plain Asterisk: by the application, kept through small steps in between', () => {
    const menu = [
      { application: 'Answer' },
      { application: 'BackGround' },
      { application: 'Set' },
      { application: 'WaitExten' },
    ];
    expect(through(BUILT_IN, ...menu, { application: 'Dial', applicationData: 'PJSIP/1,30' })).toEqual([
      '',
      'ivr',
      'ivr',
      'ivr',
      '',
    ]);
  });

  test('FreePBX: by the context, kept through the macros that a feature calls', () => {
    const steps = [
      { context: 'from-pstn' },
      { context: 'ivr-1', application: 'BackGround' },
      { context: 'ext-group', application: 'NoOp' },
      { context: 'macro-dial', application: 'Dial', applicationData: 'Local/1@from-internal/n,20' },
      { context: 'ext-queues', application: 'Queue' },
      { context: 'ext-local', application: 'Dial', applicationData: 'PJSIP/1' },
    ];
    expect(through(BUILT_IN, ...steps)).toEqual(['', 'ivr', 'ivr', 'ringgroup', 'queue', '']);
  });

  test('Page runs a conference, and stays Page', () => {
    const page = { exten: '606', application: 'Page' };
    expect(through(BUILT_IN, page, { ...page, application: 'ConfBridge' })).toEqual([
      'multicast_paging',
      'multicast_paging',
    ]);
  });

  test('a group is of several parties, not of the several phones of one', () => {
    const [at, other] = ['PJSIP/1210/sip:a@192.0.2.1', 'PJSIP/1210/sip:b@192.0.2.2:5060'];
    const dial = (applicationData: string) => ({ application: 'Dial', applicationData });
    expect(through(BUILT_IN, dial(`${at}&${other},60`), dial(`${at}&PJSIP/1211,60`))).toEqual(['', 'ringgroup']);
  });

  test('own rules come first', () => {
    const rules = new CallflowRules([
      { by: 'context', pattern: 'my-*-menu', callflow: 'ivr' },
      { by: 'app', pattern: 'Queue', callflow: 'cfd' },
    ]);
    expect(through(rules, { context: 'my-own-menu' }, { application: 'Queue' })).toEqual(['ivr', 'cfd']);
  });

  test('of several participants the strongest counts', () => {
    expect(callflowOf(['', 'queue', 'conference'])).toBe('conference');
    expect(callflowOf([])).toBe('');
  });
});

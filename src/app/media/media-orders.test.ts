/** Orders and questions are plain data, so that they may go to another thread. */
import { expect, test } from '@jest/globals';
import { settingsWith } from '../../../test/settings-with.js';
import { streamingOptions } from '../streaming-options.js';
import type { PlaneOrder, PlaneQuestion } from './media-orders.js';

type ByKind<Union extends { readonly kind: string }> = { [Kind in Union['kind']]: Extract<Union, { kind: Kind }> };

const settings = settingsWith({ 'streaming.serverAddress': 'wss://example.com/', 'streaming.secret.value': 's' });
const streaming = streamingOptions(settings.streaming);
const ORDERS: ByKind<PlaneOrder> = {
  settings: { kind: 'settings', streaming, isDebug: true },
  arm: { kind: 'arm', participant: 1, channelid: 'PJSIP/1001-1', callid: '1.1' },
  tap: { kind: 'tap', participant: 1, tap: 2 },
  listen: { kind: 'listen', tap: 2, source: { address: '127.0.0.1', port: 9 }, since: 1.5 },
  stop: { kind: 'stop', tap: 2, lateMs: 250 },
  open: { kind: 'open', participant: 1, callid: '1.1', number: '1001' },
  move: { kind: 'move', participant: 1, callid: '2.2' },
  pause: { kind: 'pause', participant: 1, isPaused: true },
  'pause-call': { kind: 'pause-call', callid: '1.1', isPaused: true },
  hear: { kind: 'hear', participant: 1, isWanted: true },
  close: { kind: 'close', participant: 1, at: 2.5 },
  callflow: { kind: 'callflow', callid: '1.1', callflow: 'queue' },
  'call-over': { kind: 'call-over', callid: '1.1' },
  measure: { kind: 'measure', isOn: true },
  'give-up': { kind: 'give-up' },
  reach: { kind: 'reach', link: 1, callid: '1.1', form: streaming.stream, callflow: '', isPaused: false },
  admit: { kind: 'admit', link: 1, callid: '1.1' },
  forward: {
    kind: 'forward',
    link: 1,
    message: {
      label: { callid: '1.1', callflow: '', number: '1001', channelid: 'PJSIP/1001-1' },
      pcm: Int16Array.of(1, -2),
    },
  },
};
const QUESTIONS: ByKind<PlaneQuestion> = {
  figures: { kind: 'figures' },
  packets: { kind: 'packets' },
  live: { kind: 'live' },
  pulse: { kind: 'pulse' },
  outcomes: { kind: 'outcomes', participants: [1] },
  relayed: { kind: 'relayed', of: [{ callid: '1.1', channelid: 'PJSIP/1001-1' }] },
};

test.each([...Object.values(ORDERS), ...Object.values(QUESTIONS)])('$kind is plain data', (message) => {
  expect(structuredClone(message)).toEqual(message);
});

import { expect, test } from '@jest/globals';
import { type SystemCost, systemResult } from './system-bench.js';

const cost = (asterisk: number, addOn: number, sink: number): SystemCost => ({ asterisk, addOn, sink, messages: 100 });

test('the program is compared with what the taps cost Asterisk, and all together with the other way to tap', () => {
  const rounds = [
    { untapped: cost(0.1, 0, 0), tapped: cost(0.5, 0.1, 0.05), websocket: cost(0.6, 0, 0.1) },
    { untapped: cost(0.2, 0, 0), tapped: cost(0.7, 0.1, 0.05), websocket: cost(0.8, 0, 0.05) },
  ];
  const { addOnToAsterisk, toWebsocket, tapped } = systemResult(50, rounds);
  expect(addOnToAsterisk?.pairs[0]).toBeCloseTo(0.25, 9);
  expect(addOnToAsterisk?.pairs[1]).toBeCloseTo(0.2, 9);
  expect(toWebsocket?.pairs[0]).toBeCloseTo(0.65 / 0.7, 9);
  expect(toWebsocket?.pairs[1]).toBeCloseTo(1, 9);
  expect(tapped.asterisk).toBeCloseTo(0.6, 9);
});

test('an Asterisk without chan_websocket is measured all the same', () => {
  const round = { untapped: cost(0.1, 0, 0), tapped: cost(0.5, 0.1, 0.05), websocket: undefined };
  expect(systemResult(25, [round])).toMatchObject({ websocket: undefined, toWebsocket: undefined });
});

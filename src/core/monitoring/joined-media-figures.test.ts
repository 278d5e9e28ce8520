/** Counts are summed, and of what is the largest the largest is kept. */
import { expect, test } from '@jest/globals';
import { joinedMediaFigures } from './joined-media-figures.js';
import type { MediaFigures } from './media-figures.js';
import { PACKET_COUNTS } from './packet-counts.js';

function figuresOf(n: number): MediaFigures {
  return {
    packets: { ...PACKET_COUNTS, fragments: n, lost: 2 * n },
    jitterMs: n,
    sent: {
      messages: n,
      fragments: n,
      octets: n,
      delay: { bounds: [1, 2], counts: [n, 0, 1], sum: n },
      resent: n,
      dropped: n,
      unconfirmed: n,
      reconnects: n,
    },
    queue: { waiting: n, unconfirmed: n, oldestSeconds: n },
    connections: { idle: n, connecting: n, open: n, waiting: n, closing: n },
    rtp: { received: n, strangers: n, afterEnd: n },
  };
}

test('two planes are one', () => {
  const six = figuresOf(6);
  expect(joinedMediaFigures([figuresOf(2), figuresOf(4)])).toEqual({
    ...six,
    jitterMs: 4,
    sent: { ...six.sent, delay: { bounds: [1, 2], counts: [6, 0, 2], sum: 6 } },
    queue: { waiting: 6, unconfirmed: 6, oldestSeconds: 4 },
  });
});

test('one is itself', () => {
  expect(joinedMediaFigures([figuresOf(3)])).toEqual(figuresOf(3));
});

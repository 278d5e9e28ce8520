import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ReceivedStream } from './received-stream.js';

/** A letter stands for a fragment of that content, a dot for the end; each word comes over a connection of its own. */
function heard(...connections: readonly string[]): ReceivedStream {
  const stream = new ReceivedStream(true);
  for (const [index, word] of connections.entries()) {
    for (const letter of word) {
      if (letter === '.') stream.takeEnd(index + 1);
      else stream.takeFragment(index + 1, { hash: letter, pcm: Int16Array.of(letter.charCodeAt(0)) });
    }
  }
  return stream;
}

function once(stream: ReceivedStream): string {
  return String.fromCharCode(...stream.samples);
}

test.each([
  { connections: ['abc.'], all: 'abc', repeats: 0 },
  { connections: ['abc', 'bcdef.'], all: 'abcdef', repeats: 2 },
  { connections: ['abc', 'def.'], all: 'abcdef', repeats: 0 },
  { connections: ['abc', 'abc', 'abcd.'], all: 'abcd', repeats: 6 },
  { connections: ['abc', 'ab', 'cd.'], all: 'abcd', repeats: 3 },
  { connections: ['abc.', 'bc.'], all: 'abc', repeats: 2 },
  { connections: ['abc.', '.'], all: 'abc', repeats: 0 },
  { connections: ['abc', 'efg.'], all: 'abcefg', repeats: 0 },
  { connections: ['a', 'b', 'abc.'], all: 'abc', repeats: 2 },
  { connections: ['aaaa', 'aab.'], all: 'aaaab', repeats: 2 },
])('over $connections comes $all', ({ connections, all, repeats }) => {
  const stream = heard(...connections);
  expect({ all: once(stream), repeats: stream.repeats, distinct: stream.distinct, faults: stream.faults }).toEqual({
    all,
    repeats,
    distinct: all.length,
    faults: [],
  });
});

test('what the protocol does not know is a fault', () => {
  expect(heard('ab.c').faults).toEqual(['audio after its end']);
  expect(heard('ab..').faults).toEqual(['a second end']);
  expect(heard('ab.cd').faults).toEqual(['audio after its end, 2 times']);
});

test('a stream that begins anew while the old one ends has two parts, and each may come again', () => {
  const stream = new ReceivedStream(true);
  const take = (connection: number, letters: string) => {
    for (const letter of letters)
      stream.takeFragment(connection, { hash: letter, pcm: Int16Array.of(letter.charCodeAt(0)) });
  };
  take(1, 'abc');
  take(2, 'xy');
  take(1, 'd');
  stream.takeEnd(1);
  take(3, 'yz');
  take(4, 'cd');
  stream.takeEnd(4);
  stream.takeEnd(3);
  expect(once(stream)).toBe('abcdxyz');
  expect({ received: stream.received, distinct: stream.distinct, ends: stream.ends }).toEqual({
    received: 10,
    distinct: 7,
    ends: 3,
  });
});

test('of two connections that are read side by side nobody can tell what came again', () => {
  const stream = new ReceivedStream(false);
  for (const [index, letter] of [...'aabbccd'].entries()) {
    stream.takeFragment(1 + (index % 2), { hash: letter, pcm: new Int16Array(1) });
  }
  expect(stream.distinctAtLeast).toBeLessThanOrEqual(4);
  expect(stream.distinctAtMost).toBeGreaterThanOrEqual(4);
});

const breaks = fc.array(fc.record({ reads: fc.nat(40), unconfirmed: fc.nat(30) }), { maxLength: 8 });

/** `contentOf` tells a fragment's content by its number. Gives the stream, how many fragments there were, and those that begin a connection which repeats none. */
function broken(
  connections: readonly { readonly reads: number; readonly unconfirmed: number }[],
  contentOf: (fragment: number) => string,
): { stream: ReceivedStream; sent: number; beginnings: number[] } {
  const stream = new ReceivedStream(false);
  const beginnings: number[] = [];
  let [next, newest] = [0, 0];
  for (const [index, { reads, unconfirmed }] of connections.entries()) {
    next = Math.max(0, newest - unconfirmed);
    if (next === newest) beginnings.push(next);
    for (let n = 0; n < reads; n++) {
      stream.takeFragment(index + 1, { hash: contentOf(next), pcm: new Int16Array(1) });
      next += 1;
    }
    newest = Math.max(newest, next);
  }
  return { stream, sent: newest, beginnings };
}

test('wherever connections break, every fragment is counted once', () => {
  fc.assert(
    fc.property(breaks, (connections) => {
      const { stream, sent } = broken(connections, String);
      expect([stream.distinctAtLeast, stream.distinct, stream.distinctAtMost]).toEqual([sent, sent, sent]);
    }),
    { numRuns: 2_000 },
  );
});

test('where the same is said again, what there was lies between what is said of it', () => {
  fc.assert(
    fc.property(breaks, fc.integer({ min: 1, max: 60 }), (connections, period) => {
      const contentOf = (fragment: number) => String(fragment % period);
      const { stream, sent, beginnings } = broken(connections, contentOf);
      // Nobody could tell a connection that repeats nothing and begins with what was said before.
      fc.pre(beginnings.every((fragment) => fragment < period));
      expect(stream.distinctAtLeast).toBeLessThanOrEqual(sent);
      expect(stream.distinctAtMost).toBeGreaterThanOrEqual(sent);
    }),
    { numRuns: 2_000 },
  );
});

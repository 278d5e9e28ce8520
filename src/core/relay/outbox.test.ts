import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fragmentMemory } from '../fragment-memory.js';
import { Outbox } from './outbox.js';
import type { Label } from './protocol.js';

const CAPACITY = 40;
const label: Label = { callid: '1.1', callflow: '', number: '1', channelid: 'a' };

function fullOutbox(): Outbox {
  const outbox = new Outbox(CAPACITY);
  for (let n = 0; n < CAPACITY; n++) outbox.push({ label, pcm: Int16Array.of(n) }, n);
  return outbox;
}

const taken = (outbox: Outbox, count: number) =>
  Array.from({ length: count }, () => outbox.takeNext()?.message.pcm?.[0]);

test('a full queue has no hole behind what is under way while more comes', () => {
  const outbox = fullOutbox();
  expect(taken(outbox, 8)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  for (let n = CAPACITY; n < CAPACITY + 8; n++) outbox.push({ label, pcm: Int16Array.of(n) }, n);
  expect(outbox.counts.dropped).toBe(0);
  expect(taken(outbox, 2)).toEqual([8, 9]);
});

test('what is under way spares sixteen places, and no more', () => {
  const outbox = fullOutbox();
  taken(outbox, 20);
  for (let n = CAPACITY; n < CAPACITY + 17; n++) outbox.push({ label, pcm: Int16Array.of(n) }, n);
  expect(outbox.counts).toEqual({ dropped: 1, unconfirmed: 0, resent: 0 });
  expect(taken(outbox, 2)).toEqual([21, 22]);
});

test('once its connection is gone it takes places again, and the oldest goes first', () => {
  const outbox = fullOutbox();
  taken(outbox, 8);
  for (let n = CAPACITY; n < CAPACITY + 8; n++) outbox.push({ label, pcm: Int16Array.of(n) }, n);
  outbox.rewind();
  outbox.push({ label, pcm: Int16Array.of(99) }, 99);
  expect(outbox.counts).toEqual({ dropped: 1, unconfirmed: 8, resent: 0 });
  expect(outbox.unsent).toBe(CAPACITY);
  expect(taken(outbox, 1)).toEqual([9]);
});

test('whatever is dropped, confirmed and sent again, no fragment is sent with the audio of another', () => {
  const SAMPLES = 2;
  let said = 0;
  class Relayed {
    readonly #outbox = new Outbox(3);
    readonly #saidUnder = new Map<Label, number>();
    #lastTaken = 0;

    push(): void {
      const own = { ...label };
      this.#saidUnder.set(own, ++said);
      this.#outbox.push({ label: own, pcm: fragmentMemory(SAMPLES).fill(said) }, 0);
    }

    take(): void {
      const next = this.#outbox.takeNext();
      if (next === undefined) return;
      this.#lastTaken = next.serial;
      expect([...(next.message.pcm ?? [])]).toEqual(Array(SAMPLES).fill(this.#saidUnder.get(next.message.label)));
    }

    confirm(): void {
      this.#outbox.confirm(this.#lastTaken);
    }

    rewind(): void {
      this.#outbox.rewind();
    }

    abandon(): void {
      this.#outbox.abandon();
    }
  }
  const one = fc.constantFrom(...(['push', 'push', 'take', 'take', 'confirm', 'rewind', 'abandon'] as const));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), one), { minLength: 20, maxLength: 200 }), (operations) => {
      const [first, second] = [new Relayed(), new Relayed()];
      for (const [isFirst, operation] of operations) (isFirst ? first : second)[operation]();
    }),
  );
});

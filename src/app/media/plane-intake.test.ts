/** Hundreds of taps that look at about the same time cost the media plane one answer, and its being busy is no silence. */
import { expect, test } from '@jest/globals';
import { until } from '../../../lab/until.js';
import type { Media } from './media.js';
import type { PacketReading } from './media-news.js';
import { PlaneIntake } from './plane-intake.js';

/** Answers when the test says so: a real one can't be made busy to the millisecond. */
function busyMedia() {
  const waiting: ((reading: PacketReading) => void)[] = [];
  const media = { ask: () => new Promise((resolve) => waiting.push(resolve)) } as unknown as Media;
  const reading = (packets: number): PacketReading => ({
    ofParticipants: new Map(),
    ofTaps: new Map([[7, packets]]),
    strangers: [`192.0.2.${packets}:5`],
  });
  return { media, waiting, answer: (packets: number) => waiting.splice(0).map((tell) => tell(reading(packets))) };
}

test('those that ask while an answer is under way, or soon after it, have that one', async () => {
  const { media, waiting, answer } = busyMedia();
  const intake = new PlaneIntake(media);
  expect(intake.strangers).toEqual([]);
  const asked = [intake.packetsOf(7), intake.packetsOf(7), intake.packetsOf(8)];
  expect(waiting).toHaveLength(1);
  answer(5);
  expect(await Promise.all(asked)).toEqual([5, 5, 0]);
  expect(await intake.packetsOf(7)).toBe(5);
  expect(waiting).toHaveLength(0);
  expect(intake.strangers).toEqual(['192.0.2.5:5']);
});

test('later ones have another', async () => {
  const { media, waiting, answer } = busyMedia();
  const intake = new PlaneIntake(media);
  const first = intake.packetsOf(7);
  answer(5);
  await first;
  await until('the answer is too old', () => {
    void intake.packetsOf(7);
    return waiting.length === 1;
  });
  const second = intake.packetsOf(7);
  answer(6);
  expect(await second).toBe(6);
});

test('that a tap is listened to is known once the plane has answered, not when it was told', async () => {
  const { media, answer } = busyMedia();
  const orders: unknown[] = [];
  Object.assign(media, { order: (order: unknown) => orders.push(order) });
  let isListening = false;
  const listening = new PlaneIntake(media).listen(7, { address: '192.0.2.1', port: 5 }, 0).then(() => {
    isListening = true;
  });
  await Promise.resolve();
  expect([orders.length, isListening]).toEqual([1, false]);
  answer(0);
  await listening;
  expect(isListening).toBe(true);
});

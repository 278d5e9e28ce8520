import { expect, test } from '@jest/globals';
import { JITTER_MOST_MS, Lateness, Pacer, whyInvalid } from './pacing.js';
import { PACKET_MS } from './path.js';

const BEGIN_MS = 1_000.25;

function sentBy(pacer: Pacer, nows: readonly number[]) {
  const sent: { participant: number; packet: number; dueMs: number; atMs: number }[] = [];
  for (const now of nows) {
    pacer.takeDue(now, (participant, packet, dueMs) => sent.push({ participant, packet, dueMs, atMs: now }));
  }
  return sent;
}

const everyMs = (ms: number): number[] => Array.from({ length: ms }, (_, index) => BEGIN_MS + index);

test('every packet is due once, in order, at its own 20 ms and the jitter', () => {
  const pacer = new Pacer(7, 1);
  for (let participant = 0; participant < 7; participant++) pacer.add(participant, BEGIN_MS);
  const sent = sentBy(pacer, everyMs(1_000));
  for (let participant = 0; participant < 7; participant++) {
    const own = sent.filter((one) => one.participant === participant);
    expect(own.map(({ packet }) => packet)).toEqual(own.map((_, index) => index));
    expect(own.length).toBeGreaterThanOrEqual(48);
    for (const [index, { dueMs }] of own.entries()) {
      const late = dueMs - (BEGIN_MS - 0.25) - index * PACKET_MS;
      expect(late).toBeGreaterThanOrEqual(0);
      expect(late).toBeLessThanOrEqual(PACKET_MS + JITTER_MOST_MS + 0.25);
    }
  }
});

test('nothing is sent before it is due, nor, by who looks each millisecond, two milliseconds after', () => {
  const pacer = new Pacer(50, 2);
  for (let participant = 0; participant < 50; participant++) pacer.add(participant, BEGIN_MS);
  const late = sentBy(pacer, everyMs(500)).map(({ atMs, dueMs }) => atMs - dueMs);
  expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...late)).toBeLessThanOrEqual(2);
});

test('a pause of the sender shifts no deadline, and all that was missed is sent after it', () => {
  const [steady, paused] = [new Pacer(3, 3), new Pacer(3, 3)];
  for (const pacer of [steady, paused]) for (const one of [0, 1, 2]) pacer.add(one, BEGIN_MS);
  const all = sentBy(steady, everyMs(600));
  const late = sentBy(paused, [...everyMs(100), BEGIN_MS + 450, ...everyMs(600).slice(451)]);
  const planOf = (sent: typeof all) => sent.map(({ participant, packet, dueMs }) => [participant, packet, dueMs]);
  expect(planOf(late)).toEqual(planOf(all));
});

test('phases are spread: of a thousand participants each millisecond has about fifty', () => {
  const pacer = new Pacer(1_000, 4);
  for (let participant = 0; participant < 1_000; participant++) pacer.add(participant, BEGIN_MS);
  const counts = everyMs(1_000).map((now) => sentBy(pacer, [now]).length);
  const settled = counts.slice(100);
  expect(Math.min(...settled)).toBeGreaterThan(25);
  expect(Math.max(...settled)).toBeLessThan(80);
});

test('a sender that kept its pace is believed, and one that did not says why not', () => {
  const good = { packets: 10, p50Ms: 0.5, p99Ms: 1.5, mostMs: 9, refused: 0 };
  expect(whyInvalid(good)).toBeUndefined();
  expect(whyInvalid({ ...good, p99Ms: 6 })).toContain('6.0 ms late in 1 %');
  expect(whyInvalid({ ...good, mostMs: 31 })).toContain('once 31 ms late');
  expect(whyInvalid({ ...good, refused: 1 })).toContain('refused 1');
  expect(whyInvalid({ ...good, packets: 0 })).toContain('nothing');
});

test('lateness is told by ranges of a quarter of a millisecond', () => {
  const lateness = new Lateness();
  for (let index = 0; index < 99; index++) lateness.note(0.1);
  lateness.note(40);
  expect([lateness.under(0.5), lateness.under(0.99), lateness.under(1), lateness.mostMs]).toEqual([
    0.25, 0.25, 40.25, 40,
  ]);
});

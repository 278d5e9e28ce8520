import { describe, expect, test } from '@jest/globals';
import { GapFiller } from './gap-filler.js';

const RATE = 8000;
const FRAME = 160;

/** Asks about one frame of 20 ms, gives out what is due, and says how much silence that was. */
function play(gaps: GapFiller, timestamp: number, now: number): number {
  const { ticks } = gaps.before(timestamp % 2 ** 32, RATE, now);
  gaps.gaveSilence(ticks);
  gaps.gaveAudio(FRAME);
  return ticks;
}

test('packets that follow one another need no silence, nor does the first', () => {
  const gaps = new GapFiller();
  for (let i = 0; i < 100; i++) expect(play(gaps, 2 ** 32 - 320 + i * FRAME, i * 20)).toBe(0);
  expect(gaps.resyncs).toBe(0);
});

test('a loss is filled exactly, be it one sample', () => {
  const gaps = new GapFiller();
  play(gaps, 0, 0);
  gaps.missed('lost');
  expect(play(gaps, FRAME + 1, 20)).toBe(1);
  gaps.missed('lost');
  expect(gaps.before(1 + 5 * FRAME, RATE, 100)).toEqual({ ticks: 3 * FRAME, reason: 'lost' });
});

test('a pause of the sender is filled exactly', () => {
  const gaps = new GapFiller();
  play(gaps, 0, 0);
  expect(gaps.before(FRAME + 1600, RATE, 220)).toEqual({ ticks: 1600, reason: 'pause' });
});

describe('when Asterisk takes the clock for the timestamp of whole audio', () => {
  test('a frame sent late and the next stepping back need no silence at all', () => {
    const gaps = new GapFiller();
    play(gaps, 0, 0);
    expect(play(gaps, FRAME + 700, 107)).toBe(0);
    expect(play(gaps, 2 * FRAME, 108)).toBe(0);
    expect(play(gaps, 3 * FRAME, 120)).toBe(0);
  });

  test('what adds up beyond the slack is filled after all', () => {
    const gaps = new GapFiller();
    play(gaps, 0, 0);
    expect(play(gaps, FRAME + 700, 107)).toBe(0);
    expect(play(gaps, 2 * FRAME + 1400, 215)).toBe(1400);
    expect(play(gaps, 3 * FRAME + 1400, 235)).toBe(0);
  });

  test('without slack every jump is filled at once', () => {
    const gaps = new GapFiller(0);
    play(gaps, 0, 0);
    expect(play(gaps, FRAME + 1, 20)).toBe(1);
  });
});

test('an overlap loses nothing, and the next silence is shorter by it', () => {
  const gaps = new GapFiller();
  play(gaps, 0, 0);
  expect(play(gaps, 100, 20)).toBe(0);
  gaps.missed('lost');
  expect(gaps.before(2 * FRAME - 1, RATE, 40).ticks).toBe(0);
  gaps.missed('lost');
  expect(play(gaps, 100 + 2 * FRAME, 60)).toBe(100);
});

describe('where timestamps cannot be followed', () => {
  test.each([
    ['ahead', 80_001 + FRAME],
    ['back', 2 ** 32 - 80_001 + FRAME],
  ])('a jump of more than ten seconds %s goes by the time of arrival', (_, timestamp) => {
    const gaps = new GapFiller();
    play(gaps, 0, 0);
    expect(play(gaps, timestamp, 20)).toBe(0);
    expect(gaps.resyncs).toBe(1);
    expect(play(gaps, timestamp + FRAME, 40)).toBe(0);
    expect(gaps.resyncs).toBe(1);
  });

  test('ten seconds are still followed', () => {
    const gaps = new GapFiller();
    play(gaps, 0, 0);
    gaps.missed('lost');
    expect(play(gaps, 80_000 + FRAME, 10_020)).toBe(80_000);
    expect(gaps.resyncs).toBe(0);
  });

  test.each([
    ['ahead', 3000],
    ['back', -3000],
  ])("a sender's clock that is set %s is followed no further than the times of arrival", (_, ms) => {
    const gaps = new GapFiller();
    play(gaps, 80_000, 0);
    const set = 80_000 + FRAME + ms * 8;
    expect(play(gaps, set, 20)).toBe(0);
    expect(gaps.resyncs).toBe(1);
    gaps.missed('lost');
    expect(play(gaps, set + 2 * FRAME, 60)).toBe(FRAME);
  });

  test('a heap of packets after the line had stood still is no step of the clock', () => {
    const gaps = new GapFiller();
    play(gaps, 0, 0);
    for (let i = 1; i < 300; i++) expect(play(gaps, i * FRAME, 5000)).toBe(0);
    expect(gaps.resyncs).toBe(0);
  });

  test('a restart whose timestamps go on is followed exactly, be the first packet late', () => {
    const gaps = new GapFiller();
    play(gaps, 0, 0);
    gaps.restart();
    expect(play(gaps, FRAME, 110)).toBe(0);
    gaps.restart();
    gaps.missed('lost');
    expect(play(gaps, 52 * FRAME, 1100)).toBe(50 * FRAME);
    expect(gaps.resyncs).toBe(0);
  });

  test('what is known to be lost stays a loss where the times of arrival decide', () => {
    const gaps = new GapFiller();
    play(gaps, 0, 0);
    gaps.missed('lost');
    expect(gaps.before(600 * FRAME, RATE, 12_000)).toEqual({ ticks: 80_000, reason: 'lost' });
    expect(gaps.unfilledMs).toBe(1980);
  });

  test('a sender that restarts after a pause leaves a pause of that length', () => {
    const gaps = new GapFiller();
    play(gaps, 0, 0);
    gaps.restart();
    expect(gaps.before(999_999, RATE, 1020)).toEqual({ ticks: 8000, reason: 'restart' });
    gaps.gaveSilence(8000);
    gaps.gaveAudio(FRAME);
    expect(play(gaps, 999_999 + FRAME, 1040)).toBe(0);
    gaps.missed('lost');
    expect(play(gaps, 999_999 + 3 * FRAME, 1080)).toBe(FRAME);
  });

  test('another clock rate goes by the time of arrival too', () => {
    const gaps = new GapFiller();
    play(gaps, 0, 0);
    expect(gaps.before(480_000, 16_000, 520)).toEqual({ ticks: 8000, reason: 'restart' });
  });

  test('the silence is bounded, and what is beyond is counted', () => {
    const gaps = new GapFiller();
    play(gaps, 0, 0);
    gaps.restart();
    expect(play(gaps, 5, 3_600_020)).toBe(80_000);
    expect(gaps.unfilledMs).toBe(3_590_000);
  });
});

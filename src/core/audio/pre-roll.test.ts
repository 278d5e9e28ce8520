import { expect, test } from '@jest/globals';
import { type AudioBlock, PreRoll } from './pre-roll.js';

const block = (samples: readonly number[], silenceLevel = 0, sampleRate = 8000): AudioBlock => ({
  samples: Int16Array.from(samples),
  sampleRate,
  silenceLevel,
});

const kept = (preRoll: PreRoll): number[] => preRoll.open().flatMap(({ samples }) => [...samples]);

test('the silence before the first sound is dropped, the silence after it is not', () => {
  const preRoll = new PreRoll();
  for (const samples of [[0, 0], [0, 0, 7], [0, 0], [-3]]) preRoll.push(block(samples));
  expect(kept(preRoll)).toEqual([7, 0, 0, -3]);
});

test('nothing but silence leaves nothing', () => {
  const preRoll = new PreRoll();
  preRoll.push(block([0, 0]));
  expect(preRoll.open()).toEqual([]);
});

test('the silence of G.711 is up to 8; in linear audio 1 is a sound', () => {
  const preRoll = new PreRoll();
  preRoll.push(block([8, -8, 0, -9, 9], 8));
  expect(kept(preRoll)).toEqual([-9, 9]);
  preRoll.push(block([0, 1]));
  expect(kept(preRoll)).toEqual([1]);
});

test('only the last half second is kept, to the sample', () => {
  const preRoll = new PreRoll();
  for (let i = 0; i < 100; i++) preRoll.push(block(Array.from({ length: 160 }, (_, n) => 1 + i * 160 + n)));
  const samples = kept(preRoll);
  expect(samples).toHaveLength(4000);
  expect(samples[0]).toBe(16_000 - 4000 + 1);
});

test('a block longer than the look-back is cut', () => {
  const preRoll = new PreRoll(1);
  preRoll.push(block(Array.from({ length: 20 }, (_, n) => n + 1)));
  expect(kept(preRoll)).toEqual([13, 14, 15, 16, 17, 18, 19, 20]);
});

test('blocks of different rates count by their time', () => {
  const preRoll = new PreRoll(2);
  preRoll.push(block(Array(16).fill(1)));
  preRoll.push(block(Array(16).fill(2), 0, 16_000));
  expect(preRoll.open().map(({ samples, sampleRate }) => [samples.length, sampleRate])).toEqual([
    [8, 8000],
    [16, 16_000],
  ]);
});

test('an opened pre-roll is empty', () => {
  const preRoll = new PreRoll();
  preRoll.push(block([5]));
  preRoll.open();
  expect(preRoll.open()).toEqual([]);
});

test('what is kept is a copy', () => {
  const preRoll = new PreRoll();
  const samples = Int16Array.of(1, 2);
  preRoll.push({ samples, sampleRate: 8000, silenceLevel: 0 });
  samples.fill(9);
  expect(kept(preRoll)).toEqual([1, 2]);
});

import { expect, test } from '@jest/globals';
import { LevelMeter } from './level-meter.js';

test('rises at once and falls 20 dB in a second', () => {
  const meter = new LevelMeter();
  meter.hear(-10, -4, 1000);
  expect(meter.read(1000).dbfs).toBe(-10);
  expect(meter.read(1500).dbfs).toBe(-20);
  meter.hear(-60, -50, 2000);
  expect(meter.read(2000).dbfs).toBe(-30);
  meter.hear(-12, -8, 2100);
  expect(meter.read(2100).dbfs).toBe(-12);
});

test('holds the peak for a second and a half, then lets it sink', () => {
  const meter = new LevelMeter();
  meter.hear(-30, -4, 0);
  meter.hear(-30, -20, 1000);
  expect(meter.read(1500).heldDbfs).toBe(-4);
  expect(meter.read(2000).heldDbfs).toBe(-14);
  meter.hear(-30, -6, 2000);
  expect(meter.read(3400).heldDbfs).toBe(-6);
});

test('silence reads as the floor, from the beginning and in the end', () => {
  const meter = new LevelMeter();
  expect(meter.read(0)).toEqual({ dbfs: -120, heldDbfs: -120 });
  meter.hear(0, 0, 0);
  expect(meter.read(60_000)).toEqual({ dbfs: -120, heldDbfs: -120 });
});

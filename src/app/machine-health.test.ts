import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { StreamError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import { MachineHealth } from './machine-health.js';

const SHORTAGE = new StreamError('NO_FILE_DESCRIPTORS', 'machine', 'http://asterisk: connect EMFILE');

let said: string[];
let hasRoom: boolean;
let machine: MachineHealth;
beforeEach(() => {
  jest.useFakeTimers();
  said = [];
  hasRoom = false;
  const at = (level: string) => (message: string) => void said.push(`${level}: ${message}`);
  const log: Log = {
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: () => {},
    isDebugEnabled: () => false,
  };
  machine = new MachineHealth(log, () => hasRoom);
});
afterEach(() => {
  jest.useRealTimers();
});

async function roomAfter(ms: number): Promise<void> {
  hasRoom = true;
  await jest.advanceTimersByTimeAsync(ms);
  hasRoom = false;
}

test('a shortage is said once, whoever waits goes on when it is over, and that is said, too', async () => {
  let isOver = false;
  machine.failed(SHORTAGE);
  void machine.relieved().then(() => {
    isOver = true;
  });
  for (let n = 0; n < 10; n++) machine.failed(SHORTAGE);
  await jest.advanceTimersByTimeAsync(5_000);
  expect([machine.isShort, isOver]).toEqual([true, false]);
  await roomAfter(1_000);
  expect([machine.isShort, isOver]).toEqual([false, true]);
  expect(said).toEqual([
    `error: ${SHORTAGE.message}. What streams goes on, and what is new waits.`,
    'info: this machine has again what was missing',
  ]);
});

test('what is not the fault of the machine is nothing here, and nobody waits for nothing', async () => {
  machine.failed(new StreamError('ARI_REFUSED', 'asterisk', 'nobody there'));
  machine.failed(new Error('EMFILE'));
  expect(machine.isShort).toBe(false);
  await machine.relieved();
  expect(said).toEqual([]);
});

test('a machine that is short every second is told of once a minute', async () => {
  for (let second = 0; second < 90; second++) {
    machine.failed(SHORTAGE);
    await roomAfter(1_000);
  }
  expect(said.filter((line) => line.startsWith('error'))).toHaveLength(2);
});

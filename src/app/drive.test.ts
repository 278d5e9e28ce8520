import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { Core, Tick } from '../core/core.js';
import { DrivenCore, monotonicMs } from './drive.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** A core that gives back what it is told, and wakes when it was told to. */
class Echo implements Core<string, string> {
  wake: number | undefined;

  handle(input: string | Tick): string[] {
    if (typeof input === 'string') return [`${input}-1`, `${input}-2`];
    this.wake = undefined;
    return ['tick'];
  }

  nextWake(): number | undefined {
    return this.wake;
  }
}

class Fed extends DrivenCore<string, string, Echo> {
  readonly #carryOut: (output: string) => void;

  constructor(core: Echo, carryOut: (output: string) => void) {
    super(core);
    this.#carryOut = carryOut;
  }

  override feed(input: string): void {
    super.feed(input);
  }

  protected override carryOut(output: string): void {
    this.#carryOut(output);
  }
}

function drive(core: Echo, carryOut: (output: string) => void) {
  const fed = new Fed(core, carryOut);
  return (input: string): void => fed.feed(input);
}

test('all outputs of an input are out before the next input is taken, also one that an output brought about', () => {
  const heard: string[] = [];
  const feed = drive(new Echo(), (output) => {
    heard.push(output);
    if (output === 'a-1') feed('b');
  });
  feed('a');
  expect(heard).toEqual(['a-1', 'a-2', 'b-1', 'b-2']);
});

test('wakes the core at its time, once, and leaves no timer behind', () => {
  const heard: string[] = [];
  const core = new Echo();
  const feed = drive(core, (output) => heard.push(output));
  core.wake = monotonicMs() + 100;
  feed('a');
  feed('b');
  expect(jest.getTimerCount()).toBe(1);
  jest.advanceTimersByTime(99);
  expect(heard).not.toContain('tick');
  jest.advanceTimersByTime(1);
  expect(heard.filter((output) => output === 'tick')).toEqual(['tick']);
  expect(jest.getTimerCount()).toBe(0);
});

test('a wake that moves to later sets no timer anew: the old one comes, wakes nobody, and is followed by one for the new time', () => {
  const heard: string[] = [];
  const core = new Echo();
  const feed = drive(core, (output) => heard.push(output));
  const setTimer = jest.spyOn(globalThis, 'setTimeout');
  core.wake = monotonicMs() + 100;
  feed('a');
  jest.advanceTimersByTime(60);
  core.wake = monotonicMs() + 100;
  feed('b');
  feed('c');
  expect(setTimer).toHaveBeenCalledTimes(1);
  jest.advanceTimersByTime(99);
  expect(heard).not.toContain('tick');
  expect(setTimer).toHaveBeenCalledTimes(2);
  jest.advanceTimersByTime(1);
  expect(heard.filter((output) => output === 'tick')).toEqual(['tick']);
  expect(jest.getTimerCount()).toBe(0);
  setTimer.mockRestore();
});

test('a wake that moves to sooner is kept, and one that is called off leaves no timer behind', () => {
  const heard: string[] = [];
  const core = new Echo();
  const feed = drive(core, (output) => heard.push(output));
  core.wake = monotonicMs() + 1000;
  feed('a');
  core.wake = monotonicMs() + 10;
  feed('b');
  jest.advanceTimersByTime(10);
  expect(heard.at(-1)).toBe('tick');
  core.wake = monotonicMs() + 10;
  feed('c');
  core.wake = undefined;
  feed('d');
  expect(jest.getTimerCount()).toBe(0);
});

test('a timer that comes late lets what has arrived be read first', () => {
  const heard: string[] = [];
  const core = new Echo();
  const feed = drive(core, (output) => heard.push(output));
  core.wake = monotonicMs() + 100;
  feed('a');
  const busy = jest.spyOn(performance, 'now').mockReturnValue(monotonicMs() + 500);
  setTimeout(() => setImmediate(() => heard.push('read')), 99);
  jest.advanceTimersByTime(100);
  jest.advanceTimersByTime(1);
  expect(heard).toEqual(['a-1', 'a-2', 'read', 'tick']);
  busy.mockRestore();
});

test('an output that cannot be carried out does not stop the core for ever', () => {
  const heard: string[] = [];
  let isBroken = true;
  const feed = drive(new Echo(), (output) => {
    if (isBroken) throw new Error('no');
    heard.push(output);
  });
  expect(() => feed('a')).toThrow('no');
  isBroken = false;
  feed('b');
  expect(heard).toEqual(['b-1', 'b-2']);
});

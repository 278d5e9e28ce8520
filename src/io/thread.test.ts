/** A thread gets what it is given, answers in order, and is told of when it breaks, but not when it is ended. */
import { expect, test } from '@jest/globals';
import { until } from '../../lab/until.js';
import { clockOriginMs, Thread, thisThread } from './thread.js';

const HEAD = "import { parentPort, workerData } from 'node:worker_threads';";

function started(body: string) {
  const heard: unknown[] = [];
  const failures: Error[] = [];
  const program = new URL(`data:text/javascript,${encodeURIComponent(`${HEAD}${body}`)}`);
  const thread = new Thread<unknown, unknown>(
    program,
    { word: 'given' },
    {
      onMessage: (message) => heard.push(message),
      onFailed: (error) => failures.push(error),
    },
  );
  return { thread, heard, failures };
}

test('what it is given and told arrives, in order, and so do its answers', async () => {
  const { thread, heard, failures } = started(
    'parentPort.postMessage(workerData.data.word); parentPort.on("message", (one) => parentPort.postMessage(one));',
  );
  for (let n = 1; n <= 100; n++) thread.post(n);
  await until('all has come back', () => heard.length === 101);
  expect(heard).toEqual(['given', ...Array.from({ length: 100 }, (_, index) => index + 1)]);
  await thread.end();
  expect(failures).toEqual([]);
});

test.each([
  ['an exception', 'setTimeout(() => { throw new RangeError("planned"); }, 1);', 'planned'],
  ['a promise', 'await Promise.reject(new Error("planned"));', 'planned'],
  ['an exit', 'process.exit(3);', 'exit code 3'],
  ['its end', '', 'exit code 0'],
])('%s that nobody expects is told once', async (_, body, words) => {
  const { thread, failures } = started(body);
  await until('it is told', () => failures.length > 0);
  await thread.end();
  expect(failures.map(({ message }) => message)).toEqual([expect.stringContaining(words)]);
});

test('a thread that rests is woken by what is sent to it', async () => {
  // What `rest` of thisThread does, which a program without this project's types can't import here.
  const { thread, heard } = started(
    'const bell = new Int32Array(workerData.bell); parentPort.postMessage("rests");' +
      'parentPort.postMessage(Atomics.wait(bell, 0, 0, 60_000));',
  );
  await until('it rests', () => heard.length === 1);
  thread.post('wake');
  await until('it says why it is awake', () => heard.length === 2);
  await thread.end();
  expect(['ok', 'not-equal']).toContain(heard[1]);
});

test('threads that began at different times have one clock', async () => {
  const { thread, heard } = started(
    'parentPort.postMessage({ now: performance.now(), at: Number(process.hrtime.bigint()) / 1e6 });',
  );
  const from = performance.now() + clockOriginMs();
  await until('it says the time', () => heard.length === 1);
  const [{ now, at }] = heard as [{ now: number; at: number }];
  await thread.end();
  expect(at).toBeGreaterThan(from);
  expect(at).toBeLessThan(performance.now() + clockOriginMs());
  // What makes the conversion necessary.
  expect(now).toBeLessThan(performance.now() - 1);
});

test('outside of a thread there is no way to who started it', () => {
  expect(() => thisThread()).toThrow('program of a thread');
});

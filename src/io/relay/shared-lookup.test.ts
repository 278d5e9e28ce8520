import { expect, test } from '@jest/globals';
import { sharedLookup } from './shared-lookup.js';

type Answer = Parameters<ReturnType<typeof sharedLookup>>[2];

/** A resolver that answers when it is told to: a real one can't be made to wait at will. */
function patientResolver() {
  const questions: { readonly hostname: string; readonly answer: Answer }[] = [];
  const lookup = sharedLookup((hostname, _options, answer) => questions.push({ hostname, answer }));
  const told: string[] = [];
  const ask = (hostname: string, family = 0): void =>
    lookup(hostname, { family }, (error, address) => told.push(error?.message ?? String(address)));
  return { questions, told, ask };
}

test('one look-up of a name is under way at a time, and its answer is for all who asked meanwhile', () => {
  const { questions, told, ask } = patientResolver();
  for (let n = 0; n < 40; n++) ask('receiver.example');
  ask('other.example');
  ask('receiver.example', 6);
  expect(questions.map(({ hostname }) => hostname)).toEqual(['receiver.example', 'other.example', 'receiver.example']);
  questions[0]?.answer(null, '192.0.2.1', 4);
  expect(told).toEqual(Array(40).fill('192.0.2.1'));
  ask('receiver.example');
  expect(questions).toHaveLength(4);
});

test('a failure is told to all, and the next one who asks has it looked up again', () => {
  const { questions, told, ask } = patientResolver();
  ask('receiver.example');
  ask('receiver.example');
  questions[0]?.answer(new Error('not now'), '', 0);
  expect(told).toEqual(['not now', 'not now']);
  ask('receiver.example');
  questions[1]?.answer(null, '192.0.2.1', 4);
  expect(told.at(-1)).toBe('192.0.2.1');
});

test('the system is what answers by default', async () => {
  const addresses = await new Promise((resolve) =>
    sharedLookup()('localhost', { all: true }, (_, found) => resolve(found)),
  );
  expect(addresses).toContainEqual({ address: '127.0.0.1', family: 4 });
});

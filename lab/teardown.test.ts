import { expect, test } from '@jest/globals';
import { Teardown } from './teardown.js';

test('what was built last goes first, and everything goes once', async () => {
  const taken: string[] = [];
  const teardown = new Teardown();
  teardown.add(() => void taken.push('folder'));
  teardown.add(async () => void taken.push('asterisk'));

  await Promise.all([teardown.run(), teardown.run()]);
  expect(taken).toEqual(['asterisk', 'folder']);
});

test('a step that fails keeps none of the others from being taken, and is told', async () => {
  const taken: string[] = [];
  const teardown = new Teardown();
  teardown.add(() => void taken.push('folder'));
  teardown.add(() => Promise.reject(new Error('stuck')));

  await expect(teardown.run()).rejects.toMatchObject({ errors: [new Error('stuck')] });
  expect(taken).toEqual(['folder']);
});

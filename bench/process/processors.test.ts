import { expect, test } from '@jest/globals';
import { parseProcessors } from './processors.js';

test.each([
  ['0-1', [0, 1]],
  ['0-2,5', [0, 1, 2, 5]],
  ['3', [3]],
  ['', []],
])('the list %j', (list, processors) => {
  expect(parseProcessors(list)).toEqual(processors);
});

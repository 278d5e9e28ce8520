import { expect, test } from '@jest/globals';
import { LINES_KEPT, LogTail } from './log-tail.js';

const line = (message: string, fields = {}) => ({ time: new Date(0), level: 'info', message, fields });

test('gives the newest lines, the oldest of them first, with what secrets they had masked', () => {
  const tail = new LogTail();
  for (let i = 1; i <= LINES_KEPT + 10; i++) tail.add(line(`line ${i}`, { password: 'hunter2', i }));
  expect(tail.after(0, 5000)).toHaveLength(LINES_KEPT);
  expect(tail.after(0, 2).map(({ message }) => message)).toEqual([`line ${LINES_KEPT + 9}`, `line ${LINES_KEPT + 10}`]);
  expect(tail.after(LINES_KEPT + 9, 10)).toEqual([
    {
      serial: LINES_KEPT + 10,
      time: '1970-01-01T00:00:00.000Z',
      level: 'info',
      message: `line ${LINES_KEPT + 10}`,
      fields: { password: '***', i: LINES_KEPT + 10 },
    },
  ]);
  expect(tail.after(LINES_KEPT + 10, 10)).toEqual([]);
});

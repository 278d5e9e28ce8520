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

test('gives neither the set-up code, by which one becomes administrator, nor the audit trail', () => {
  const tail = new LogTail();
  tail.add(line('no administrator yet', { page: 'http://localhost/', setupCode: '7KQM-3XTA-RW9D' }));
  tail.add(line('audit', { by: 'ann', from: '192.0.2.1', action: 'signed in', detail: '' }));
  tail.add(line('next'));
  expect(tail.after(0, 10).map(({ serial, message }) => [serial, message])).toEqual([
    [1, 'no administrator yet'],
    [2, 'next'],
  ]);
  expect(JSON.stringify(tail.after(0, 10))).not.toMatch(/7KQM|192\.0\.2\.1/);
});

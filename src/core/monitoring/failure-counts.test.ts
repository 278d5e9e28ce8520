import { expect, test } from '@jest/globals';
import { StreamError } from '../errors.js';
import { FailureCounts } from './failure-counts.js';

test('a code that was not foreseen counts as the other one, and makes no new entry', () => {
  const failures = new FailureCounts(['ARI_REFUSED', 'ARI_REQUEST_FAILED'], 'ARI_REQUEST_FAILED');
  expect(failures.counts).toEqual({ ARI_REFUSED: 0, ARI_REQUEST_FAILED: 0 });
  failures.add(new StreamError('ARI_REFUSED', 'asterisk', ''));
  failures.add(new StreamError('UNEXPECTED', 'us', ''));
  expect(failures.counts).toEqual({ ARI_REFUSED: 1, ARI_REQUEST_FAILED: 1 });
});

/** The requests about how the program is doing. */
import { API } from '../../src/io/web/contract/endpoints.js';
import type { Health, LogLine } from '../../src/io/web/contract/health.js';
import { addressOf, request } from './request.js';

export const readHealth = () => request<Health>('GET', addressOf(API.health));

/** The lines after that serial; those that are still kept. */
export function readLog(after: number): Promise<LogLine[]> {
  const address = addressOf(API.log);
  address.searchParams.set('after', String(after));
  return request('GET', address);
}

/** The requests about calls: those that were, and orders for those that run. */
import type { CallRecord } from '../../src/io/web/contract/calls.js';
import { API } from '../../src/io/web/contract/endpoints.js';
import { addressOf, request } from './request.js';

export function listRecentCalls(search: string, limit: number): Promise<CallRecord[]> {
  const address = addressOf(API.recentCalls);
  address.searchParams.set('search', search);
  address.searchParams.set('limit', String(limit));
  return request('GET', address);
}

export const readCall = (callid: string) => request<CallRecord>('GET', addressOf(API.call, { callid }));

export const streamCall = (callid: string, isStreamed: boolean) =>
  request<void>('PUT', addressOf(API.callStreaming, { callid }), { isStreamed });

export const pauseCall = (callid: string, isPaused: boolean) =>
  request<void>('PUT', addressOf(API.callPause, { callid }), { isPaused });

export const pauseParticipant = (callid: string, channelid: string, isPaused: boolean) =>
  request<void>('PUT', addressOf(API.participantPause, { callid, channelid }), { isPaused });

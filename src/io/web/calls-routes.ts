/** The API's calls: those that run, those that were, and orders for those that run. */
import { z } from 'zod';
import { CallQuery, CallRecord, PauseOrder, RunningCall, StreamingOrder } from './contract/calls.js';
import { API } from './contract/endpoints.js';
import { Failure } from './contract/failure.js';
import { type Api, ApiFailure, type RouteModule } from './route.js';

/** What the routes need of the program. Orders return false when there is no such call, or participant, now. */
export interface CallsPort {
  running(): RunningCall[];
  /** The newest first. */
  recent(search: string, limit: number): Promise<CallRecord[]>;
  find(callid: string): Promise<CallRecord | undefined>;
  setStreamed(callid: string, isStreamed: boolean): boolean;
  setPaused(callid: string, isPaused: boolean): boolean;
  setParticipantPaused(callid: string, channelid: string, isPaused: boolean): boolean;
}

const CallParams = z.strictObject({ callid: z.string().min(1).max(255) });
const ParticipantParams = CallParams.extend({ channelid: z.string().min(1).max(255) });
const Done = z.null().meta({ description: 'Done.' });

const LOOK = { needs: 'look' } as const;
const CHANGE = { needs: 'change' } as const;

export function callsRoutes(calls: CallsPort): RouteModule {
  return (api) => {
    addQuestions(api, calls);
    addOrders(api, calls);
  };
}

function addQuestions(api: Api, calls: CallsPort): void {
  api.get(
    API.runningCalls,
    {
      config: LOOK,
      schema: { summary: 'All calls that are up, streamed or not', response: { 200: z.array(RunningCall) } },
    },
    () => calls.running(),
  );
  api.get(
    API.recentCalls,
    {
      config: LOOK,
      schema: {
        summary: 'The streamed calls since the start of the program, the newest first, at most 1,000',
        querystring: CallQuery,
        response: { 200: z.array(CallRecord) },
      },
    },
    ({ query }) => calls.recent(query.search, query.limit),
  );
  api.get(
    API.call,
    {
      config: LOOK,
      schema: {
        summary: 'One streamed call, up or over, with the time line of each participant',
        params: CallParams,
        response: { 200: CallRecord, 404: Failure },
      },
    },
    async ({ params }) => (await calls.find(params.callid)) ?? nothing('call', params.callid),
  );
}

function addOrders(api: Api, calls: CallsPort): void {
  const answers = { 204: Done, 404: Failure };
  api.put(
    API.callStreaming,
    {
      config: CHANGE,
      schema: {
        summary: 'Stream this call, or stop it, whatever is subscribed; holds until the call is over',
        params: CallParams,
        body: StreamingOrder,
        response: answers,
      },
    },
    (request, reply) => {
      const { callid } = request.params;
      const { isStreamed } = request.body;
      if (!calls.setStreamed(callid, isStreamed)) nothing('running call', callid);
      request.audit(isStreamed ? 'call streaming started' : 'call streaming stopped', callid);
      reply.code(204);
      return null;
    },
  );
  api.put(
    API.callPause,
    {
      config: CHANGE,
      schema: {
        summary: 'Send silence in the place of what all participants of this call say, or go on',
        params: CallParams,
        body: PauseOrder,
        response: answers,
      },
    },
    (request, reply) => {
      const { callid } = request.params;
      const { isPaused } = request.body;
      if (!calls.setPaused(callid, isPaused)) nothing('streamed call', callid);
      request.audit(isPaused ? 'call paused' : 'call resumed', callid);
      reply.code(204);
      return null;
    },
  );
  api.put(
    API.participantPause,
    {
      config: CHANGE,
      schema: {
        summary: 'Send silence in the place of what this participant says, or go on',
        params: ParticipantParams,
        body: PauseOrder,
        response: answers,
      },
    },
    (request, reply) => {
      const { callid, channelid } = request.params;
      const { isPaused } = request.body;
      if (!calls.setParticipantPaused(callid, channelid, isPaused)) nothing('streamed participant', channelid);
      request.audit(isPaused ? 'participant paused' : 'participant resumed', `${channelid} in ${callid}`);
      reply.code(204);
      return null;
    },
  );
}

function nothing(kind: string, name: string): never {
  throw new ApiFailure(404, 'NOT_FOUND', `There is no ${kind} ${name}.`);
}

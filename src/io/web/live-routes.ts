/** The API's WebSockets: what happens now, and what is said now. What a slow reader can't take is left out, never kept. */
import type { WebSocket } from '@fastify/websocket';
import { z } from 'zod';
import { API } from './contract/endpoints.js';
import type { AudioHead, LiveMessage } from './contract/live.js';
import type { RouteModule } from './route.js';

export interface LivePort {
  /** Sends what there is at once and what changes from then on, until the returned function is called. */
  watch(send: (message: LiveMessage) => void): () => void;
}

export interface AudioSink {
  /** Who is heard under which index; again whenever that changes. */
  head(head: AudioHead): void;
  audio(index: number, samples: Int16Array): void;
  /** The call, or the participant, is over. */
  over(): void;
}

export interface AudioPort {
  /** Hears one participant, or all of a call, until the returned function is called. Undefined: there is no such call. */
  listen(callid: string, channelid: string | undefined, sink: AudioSink): (() => void) | undefined;
}

/** Figures that are a moment old are of no use: a reader with this much waiting gets the next ones, in octets. */
const LIVE_WAITING_LIMIT = 1024 * 1024;
/** About four seconds of one participant at 16 kHz, in octets. */
const AUDIO_WAITING_LIMIT = 128 * 1024;
/** RFC 6455, 7.4.1, and a code of our own. */
const CLOSE_NORMAL = 1000;
const CLOSE_NO_SUCH_CALL = 4404;

const AudioParams = z.strictObject({ callid: z.string().min(1).max(255) });
const AudioQuery = z.strictObject({
  channelid: z.string().max(255).optional().meta({ description: 'One participant; without it the whole call.' }),
});

export function liveRoutes(live: LivePort, audio: AudioPort): RouteModule {
  return (api) => {
    api.get(
      API.live,
      {
        websocket: true,
        config: { needs: 'look' },
        schema: { summary: 'WebSocket: running calls, figures five times a second, health (LiveMessage)' },
      },
      (socket) => {
        refuseInput(socket);
        const stop = live.watch((message) => {
          if (message.kind === 'figures' && socket.bufferedAmount > LIVE_WAITING_LIMIT) return;
          socket.send(JSON.stringify(message));
        });
        socket.once('close', stop);
      },
    );
    api.get(
      API.callAudio,
      {
        websocket: true,
        config: { needs: 'listen' },
        schema: {
          summary:
            'WebSocket: hear a call; text frames say who (AudioHead), binary frames are index and 16-bit samples',
          params: AudioParams,
          querystring: AudioQuery,
        },
      },
      (socket, request) => {
        const { callid } = request.params;
        const { channelid } = request.query;
        refuseInput(socket);
        const stop = audio.listen(callid, channelid, sinkTo(socket));
        if (stop === undefined) return socket.close(CLOSE_NO_SUCH_CALL, 'no such streamed call');
        const heard = channelid === undefined ? callid : `${channelid} in ${callid}`;
        request.audit('listening begun', heard);
        socket.once('close', () => {
          stop();
          request.audit('listening ended', heard);
        });
      },
    );
  };
}

function sinkTo(socket: WebSocket): AudioSink {
  return {
    head: (head) => socket.send(JSON.stringify(head)),
    audio: (index, samples) => {
      if (socket.bufferedAmount > AUDIO_WAITING_LIMIT) return;
      const frame = Buffer.allocUnsafe(1 + samples.byteLength);
      frame[0] = index;
      frame.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), 1);
      socket.send(frame);
    },
    over: () => socket.close(CLOSE_NORMAL, 'the call is over'),
  };
}

/** Nothing that a client says here has a meaning, so there is no reason to take it in. */
function refuseInput(socket: WebSocket): void {
  socket.on('message', () => socket.close(1008, 'nothing is expected here'));
  // The close that follows an error is all that matters.
  socket.on('error', () => undefined);
}

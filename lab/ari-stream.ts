/** ARI's event stream for the lab: the kinds of events that the lab's phones act on. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { AriLogin } from './ari-http.js';

export interface AriChannel {
  readonly id: string;
  readonly name: string;
  readonly state: string;
}

export type AriEvent =
  | { readonly type: 'StasisStart'; readonly channel: AriChannel; readonly args: readonly string[] }
  | {
      readonly type: 'ChannelDestroyed';
      readonly channel: AriChannel;
      readonly cause: number;
      readonly cause_txt: string;
    }
  | { readonly type: 'PlaybackFinished'; readonly playback: { readonly id: string } }
  | { readonly type: 'RecordingFinished' | 'RecordingFailed'; readonly recording: { readonly name: string } }
  | { readonly type: 'ChannelDtmfReceived'; readonly channel: AriChannel; readonly digit: string };

export const ARI_EVENT_TYPES: readonly AriEvent['type'][] = [
  'StasisStart',
  'ChannelDestroyed',
  'PlaybackFinished',
  'RecordingFinished',
  'RecordingFailed',
  'ChannelDtmfReceived',
];

/** Connects as `app` to all events; gives a function that disconnects. */
export async function openAriStream(
  { url, username, password }: AriLogin,
  app: string,
  onEvent: (event: AriEvent) => void,
): Promise<() => Promise<void>> {
  const query = new URLSearchParams({ app, subscribeAll: 'true', api_key: `${username}:${password}` });
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ari/events?${query}`);
  socket.on('message', (text) => onEvent(JSON.parse(String(text)) as AriEvent));
  await once(socket, 'open');
  return async () => {
    if (socket.readyState === WebSocket.CLOSED) return;
    const closed = once(socket, 'close');
    socket.close();
    await closed;
  };
}

/** The WebSocket that tells what happens now; it comes back by itself, and says whether it is there. */
import { signal } from '@preact/signals';
import { API } from '../../src/io/web/contract/endpoints.js';
import type { LiveMessage } from '../../src/io/web/contract/live.js';
import { socketAddressOf } from './request.js';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;
/** A gap this short is not worth a word. */
const PATIENCE_MS = 1_500;

/** The program's own close code: the session has ended. */
const SIGNED_OUT = 4401;

/** connecting: for the first time. lost: it was there, or should have been, and is being tried again. */
export const liveLink = signal<'off' | 'connecting' | 'up' | 'lost'>('off');

interface Listening {
  readonly onMessage: (message: LiveMessage) => void;
  /** The connection could not be made: perhaps the session is over. */
  readonly onRefused: () => Promise<void>;
}

let close: (() => void) | undefined;

/** Connects, and stays connected until `closeLive`. A second time it does nothing. */
export function openLive(listening: Listening): void {
  close ??= connectAgainAndAgain(listening);
}

export function closeLive(): void {
  close?.();
  close = undefined;
  liveLink.value = 'off';
}

function connectAgainAndAgain({ onMessage, onRefused }: Listening): () => void {
  let socket: WebSocket | undefined;
  let timer: number | undefined;
  let complaint: number | undefined;
  let pauseMs = FIRST_PAUSE_MS;
  let isOver = false;

  const connect = () => {
    const opening = new WebSocket(socketAddressOf(API.live));
    let wasOpen = false;
    socket = opening;
    opening.onopen = () => {
      wasOpen = true;
      pauseMs = FIRST_PAUSE_MS;
      clearTimeout(complaint);
      complaint = undefined;
      liveLink.value = 'up';
    };
    opening.onmessage = ({ data }) => onMessage(JSON.parse(String(data)) as LiveMessage);
    opening.onclose = ({ code }) => void tryLater(!wasOpen || code === SIGNED_OUT);
  };

  const tryLater = async (isDoubtful: boolean) => {
    if (isOver) return;
    complaint ??= setTimeout(() => {
      liveLink.value = 'lost';
    }, PATIENCE_MS);
    if (isDoubtful) await onRefused().catch(() => undefined);
    if (isOver) return;
    timer = setTimeout(connect, pauseMs);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  };

  const hurry = () => {
    if (socket?.readyState !== WebSocket.CLOSED) return;
    clearTimeout(timer);
    connect();
  };

  liveLink.value = 'connecting';
  connect();
  addEventListener('online', hurry);
  return () => {
    isOver = true;
    removeEventListener('online', hurry);
    clearTimeout(timer);
    clearTimeout(complaint);
    socket?.close();
  };
}

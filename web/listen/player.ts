/** Listening to a call: one connection, and the audio graph worklet → volume → analyser → loudspeaker. */
import { signal } from '@preact/signals';
import { API } from '../../src/io/web/contract/endpoints.js';
import type { AudioHead } from '../../src/io/web/contract/live.js';
import { socketAddressOf } from '../api/request.js';
import { tell } from '../shell/notices.js';
import { audioFrameOf } from './audio-frame.js';
import { levelDbOf, strongestHz } from './heard-tone.js';
import { type ToWorklet, WORKLET_NAME } from './worklet-messages.js';

/** The address of the worklet's file, put in by scripts/build-web.mjs. */
declare const LISTEN_WORKLET: string;

export interface Target {
  readonly callid: string;
  /** One participant; undefined for the whole call. */
  readonly channelid: string | undefined;
  readonly title: string;
}

export const listening = signal<(Target & { readonly state: 'connecting' | 'playing' }) | undefined>(undefined);
/** From 0 to 1. */
export const volume = signal(0.8);
/** Of what leaves for the loudspeaker, a few times a second: dBFS, and Hz. */
export const heard = signal<{ readonly levelDb: number; readonly toneHz: number | undefined } | undefined>(undefined);

const FFT_SIZE = 4096;
const MEASURE_MS = 200;
const CLOSE_ORDERLY = 1000;
const CLOSE_NO_SUCH_CALL = 4404;

let stop: (() => void) | undefined;

export function stopListening(): void {
  stop?.();
  stop = undefined;
  listening.value = undefined;
  heard.value = undefined;
}

/** Ends what was heard before. Must follow from a click, since browsers let no page sound by itself. */
export async function listen(target: Target): Promise<void> {
  stopListening();
  listening.value = { ...target, state: 'connecting' };
  const { callid, channelid } = target;
  const address = socketAddressOf(API.callAudio, { callid });
  if (channelid !== undefined) address.searchParams.set('channelid', channelid);
  const socket = new WebSocket(address);
  socket.binaryType = 'arraybuffer';
  let graph: Promise<Graph> | undefined;
  let isOver = false;
  stop = () => {
    isOver = true;
    socket.close();
    void graph?.then(({ close }) => close());
  };
  socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
    if (typeof data === 'string') {
      const head = JSON.parse(data) as AudioHead;
      graph ??= openGraph(head.sampleRate);
      const indexes = head.participants.map(({ index }) => index);
      void graph.then(({ send }) => send({ kind: 'participants', indexes })).catch(fail);
      if (!isOver) listening.value = { ...target, state: 'playing' };
      return;
    }
    const frame = audioFrameOf(data);
    if (frame === undefined) return;
    void graph?.then(({ send }) => send({ kind: 'audio', index: frame.index, samples: frame.samples.buffer }));
  };
  const fail = (cause: unknown) => {
    if (isOver) return;
    stopListening();
    tell(`This browser can't play the call: ${String(cause)}`, 'bad');
  };
  socket.onclose = ({ code }) => {
    if (isOver) return;
    stopListening();
    tellWhy(code, target.title);
  };
}

function tellWhy(code: number, title: string): void {
  if (code === CLOSE_ORDERLY) tell(`${title} has ended, and listening with it.`, 'plain');
  else if (code === CLOSE_NO_SUCH_CALL) tell(`${title} is not streamed now, so it can't be heard.`, 'bad');
  else tell(`Listening to ${title} has broken off. Try again.`, 'bad');
}

interface Graph {
  send(message: ToWorklet): void;
  close(): void;
}

/** In the sample rate of the stream: the browser converts it for the loudspeaker. */
async function openGraph(sampleRate: number): Promise<Graph> {
  const context = new AudioContext({ sampleRate });
  await context.audioWorklet.addModule(new URL(LISTEN_WORKLET, document.baseURI));
  const worklet = new AudioWorkletNode(context, WORKLET_NAME, { numberOfInputs: 0, outputChannelCount: [1] });
  const gain = new GainNode(context);
  const analyser = new AnalyserNode(context, { fftSize: FFT_SIZE, smoothingTimeConstant: 0 });
  worklet.connect(gain).connect(analyser).connect(context.destination);
  const stopVolume = volume.subscribe((value) => gain.gain.setTargetAtTime(value, context.currentTime, 0.02));
  const timer = setInterval(() => measure(analyser), MEASURE_MS);
  await context.resume();
  return {
    send: (message) => worklet.port.postMessage(message, message.kind === 'audio' ? [message.samples] : []),
    close: () => {
      clearInterval(timer);
      stopVolume();
      void context.close();
    },
  };
}

function measure(analyser: AnalyserNode): void {
  const samples = new Float32Array(analyser.fftSize);
  const spectrum = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatTimeDomainData(samples);
  analyser.getFloatFrequencyData(spectrum);
  if (listening.value === undefined) return;
  heard.value = { levelDb: levelDbOf(samples), toneHz: strongestHz(spectrum, analyser.context.sampleRate) };
}

/**
 * A receiver of WebSocket Audio Streaming in TypeScript: one WAV file per participant.
 *
 *     npm install ari-audio-stream ws
 *     node receiver.ts --rate 16000 --secret X-Api-Key=your-secret
 *
 * Node.js runs it as it is from 22.18 on; compile it with tsc for older ones.
 */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  type AudioMessage,
  decodeMessage,
  ParticipantStreams,
  ProtocolError,
  SAMPLE_RATES,
  wavHeader,
} from 'ari-audio-stream/protocol';
import { WebSocketServer } from 'ws';

const { values: options } = parseArgs({
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '8091' },
    out: { type: 'string', default: 'received' },
    rate: { type: 'string', default: '8000' },
    secret: { type: 'string' },
  },
});
// The protocol does not carry the sample rate: both sides have to be told the same one.
const sampleRate = SAMPLE_RATES.find((rate) => String(rate) === options.rate);
if (sampleRate === undefined) throw new Error(`--rate is one of ${SAMPLE_RATES.join(', ')}`);
const [secretName = '', ...secretValue] = options.secret?.split('=') ?? [];

const streams = new ParticipantStreams();
const files = new Map<string, number>();
mkdirSync(options.out, { recursive: true });

// `ws` answers pings by itself, which tells the sender what has been read, and answers its Close.
const server = new WebSocketServer({
  host: options.host,
  port: Number(options.port),
  maxPayload: 64 * 1024,
  verifyClient: ({ req }: { req: IncomingMessage }) =>
    secretName === '' || req.headers[secretName.toLowerCase()] === secretValue.join('='),
});
server.on('listening', () => console.log('listening', server.address()));
server.on('connection', (socket) => {
  socket.on('message', (data, isBinary) => {
    if (!isBinary) take(data.toString());
  });
  // Without an end before it, this is a broken connection: the streams go on when the sender comes back.
  socket.on('close', (code) => console.log(`connection closed: ${code}`));
  socket.on('error', (error) => console.error(error.message));
});

function take(frame: string): void {
  try {
    const message = decodeMessage(frame, sampleRate);
    const { stream, change } = streams.take(message);
    const name = `${stream.callid}_${stream.channelid}`.replace(/[^A-Za-z0-9._-]/g, '_');
    if (change === 'begins') console.log(`${stream.number} speaks in call ${stream.callid}`);
    if (message.status === 'process') append(name, message, stream.samples);
    if (change !== 'ends') return;
    closeSync(files.get(name) ?? -1);
    files.delete(name);
    console.log(`${stream.number} has gone: ${(stream.samples / Number(sampleRate)).toFixed(2)} s in ${name}.wav`);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    console.error(`${error.fault}: ${error.message}`);
  }
}

/** Adds the fragment to the participant's file, and tells the header how long that is now: it can be played at any time. */
function append(name: string, { pcm }: AudioMessage, samplesInAll: number): void {
  const file = files.get(name) ?? openSync(join(options.out, `${name}.wav`), 'w');
  files.set(name, file);
  const header = wavHeader(Number(sampleRate), samplesInAll * 2);
  writeSync(file, header, 0, header.length, 0);
  // WAV files are little-endian, as are nearly all machines.
  const octets = new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  writeSync(file, octets, 0, octets.length, header.length + samplesInAll * 2 - octets.length);
}

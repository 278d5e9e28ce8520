/**
 * `ari-audio-stream/protocol`: for those who receive. Reads the messages of WebSocket Audio Streaming. It needs no Node and no
 * package, so it also runs in a browser. docs/embedding.md shows how it is used.
 */

export { wavHeader } from './core/audio/wav.js';
export { CALLFLOWS, type Callflow } from './core/callflow.js';
export {
  type AudioMessage,
  type DecodedMessage,
  decodeMessage,
  type EndOfAudio,
  ProtocolError,
  type ProtocolFault,
} from './core/receiver/decoded-message.js';
export { type ParticipantStream, ParticipantStreams, type StreamChange } from './core/receiver/participant-streams.js';
export {
  type EndMessage,
  FRAGMENT_SAMPLES,
  type Label,
  type Message,
  type ProcessMessage,
  SAMPLE_RATES,
  type SampleRate,
} from './core/relay/protocol.js';

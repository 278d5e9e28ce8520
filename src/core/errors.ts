/** Every error this program can report, once: its code, and the words that docs/errors.md explains. */

export type Blame = 'settings' | 'asterisk' | 'receiver' | 'machine' | 'us';

export const ERROR_CODES = {
  SETTINGS_INVALID: 'The settings are not valid',
  UNEXPECTED: 'Something happened that should not have',
  RATE_UNSUPPORTED: 'No resampler between these rates',
  RESAMPLER_UNAVAILABLE: 'The WebAssembly resampler cannot run here',
  RESAMPLER_CLOSED: 'A resampler was used after its close',
  ARI_REFUSED: 'Nothing answers at the address of Asterisk',
  ARI_UNREACHABLE: 'Asterisk cannot be reached',
  ARI_TIMEOUT: 'Asterisk does not answer in time',
  ARI_TLS: 'No trusted TLS connection to Asterisk',
  ARI_CONNECTION_LOST: 'The connection to Asterisk broke',
  ARI_WRONG_PASSWORD: 'Asterisk refuses the user name or password',
  ARI_FORBIDDEN: 'Asterisk does not allow it to this user',
  ARI_NOT_THERE: 'Asterisk answers, but its ARI does not',
  ARI_NOT_ARI: 'What answers is not the ARI of an Asterisk',
  ARI_APP_TAKEN: 'Another client has taken over the application name',
  ARI_REQUEST_FAILED: 'Asterisk refused a request',
  OPUS_UNAVAILABLE: 'Opus cannot be decoded here',
  RECEIVER_REFUSED: 'Nothing answers at the address of the receiver',
  RECEIVER_UNREACHABLE: 'The receiver cannot be reached',
  RECEIVER_TIMEOUT: 'The receiver does not answer in time',
  RECEIVER_CERTIFICATE: 'The certificate of the receiver is not trusted',
  RECEIVER_CERTIFICATE_EXPIRED: 'The certificate of the receiver does not hold today',
  RECEIVER_CERTIFICATE_NAME: 'The certificate of the receiver is for another name',
  RECEIVER_WANTS_CERTIFICATE: 'The receiver wants another certificate of this program',
  RECEIVER_TLS: 'No TLS connection to the receiver',
  RECEIVER_TLS_VERSION: 'The receiver speaks no version of TLS that is safe',
  RECEIVER_WRONG_SECRET: 'The receiver refuses the secret',
  RECEIVER_REJECTED: 'The receiver refuses the WebSocket',
  RECEIVER_CONNECTION_LOST: 'The connection to the receiver broke',
  MEDIA_LISTEN_FAILED: 'The UDP socket for RTP could not be opened',
  RECEIVER_LISTEN_FAILED: 'The receiver cannot listen there',
  RECEIVER_OUT_FAILED: 'The receiver cannot write to its output folder',
  RECEIVER_CERTIFICATE_UNUSABLE: 'The receiver cannot use its certificate and key',
  PORTAL_LISTEN_FAILED: 'The settings page cannot listen there',
  PORTAL_CERTIFICATE_UNUSABLE: 'The settings page cannot use its certificate and key',
  STATE_DIR_TAKEN: 'Another program uses the folder for state',
  ACCESS_FILE_UNUSABLE: 'The accounts of the settings page cannot be read',
  RTP_MISSING: 'No audio arrives from Asterisk',
  RTP_DROPPED: 'The kernel dropped packets of audio, the receive buffer being full',
  TAP_FAILED: 'A participant could not be tapped',
  MONITORING_LISTEN_FAILED: 'The listener for monitoring could not be opened',
  TRACES_UNAVAILABLE: 'Traces cannot be sent from here',
  TRACES_REFUSED: 'The receiver of traces does not take them',
  NO_FILE_DESCRIPTORS: 'This machine lets the program open no more files and connections',
  NO_SOCKET_MEMORY: 'The kernel of this machine has no memory left for a connection',
  STATE_NOT_WRITABLE: 'Nothing can be saved in the folder for state',
} as const satisfies Record<string, string>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** An error with a code, whose fault it is, and what lies under it. */
export class StreamError extends Error {
  override readonly name = 'StreamError';
  readonly code: ErrorCode;
  readonly blame: Blame;

  constructor(code: ErrorCode, blame: Blame, detail: string, cause?: unknown) {
    super(`${ERROR_CODES[code]}: ${detail}`, { cause });
    this.code = code;
    this.blame = blame;
  }
}

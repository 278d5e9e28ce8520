/** What an administrator can do about a receiver that cannot be reached, in one or two sentences; docs/errors.md says more. */
import type { ErrorCode } from './errors.js';

export const RECEIVER_ADVICE: Partial<Readonly<Record<ErrorCode, string>>> = {
  RECEIVER_REFUSED: 'The machine is there, but nothing listens at this port. Start the server, or correct the port.',
  RECEIVER_UNREACHABLE: 'Check the name of the server, and the way to it from the machine on which this program runs.',
  RECEIVER_TIMEOUT: 'Mostly a firewall drops the packets, or this is not the address of a WebSocket server.',
  RECEIVER_CERTIFICATE:
    'Use the name that the certificate is made for. For an authority of your own, name its certificate in streaming.ca, in the settings file.',
  RECEIVER_TLS: 'Mostly the server does not speak TLS at this port: try ws:// or another port.',
  RECEIVER_WRONG_SECRET: 'Compare the name and the value of the secret with what the receiving platform expects.',
  RECEIVER_REJECTED: 'A web server answers, but no WebSocket server at this path: check the path, and ws:// or wss://.',
  RECEIVER_CONNECTION_LOST:
    'The server ended the connection: its log says why. Some platforms refuse a wrong secret in this way.',
};

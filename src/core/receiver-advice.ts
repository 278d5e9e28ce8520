/** What an administrator can do about a receiver that cannot be reached, in one or two sentences; docs/errors.md says more. */
import type { ErrorCode } from './errors.js';

export const RECEIVER_ADVICE: Partial<Readonly<Record<ErrorCode, string>>> = {
  RECEIVER_REFUSED: 'The machine is there, but nothing listens at this port. Start the server, or correct the port.',
  RECEIVER_UNREACHABLE: 'Check the name of the server, and the way to it from the machine on which this program runs.',
  RECEIVER_TIMEOUT: 'Mostly a firewall drops the packets, or this is not the address of a WebSocket server.',
  RECEIVER_CERTIFICATE:
    'For an authority of your own, or a self-signed certificate, name its certificate in streaming.ca, in the settings file.',
  RECEIVER_CERTIFICATE_EXPIRED:
    'The receiver needs a new certificate; if it has one, restart it. If the certificate is good, the clock of this machine is wrong.',
  RECEIVER_CERTIFICATE_NAME: 'Put a name that the certificate is made for into streaming.serverAddress.',
  RECEIVER_WANTS_CERTIFICATE:
    'Give it a certificate that it trusts, with streaming.cert and streaming.key, in the settings file.',
  RECEIVER_TLS: 'Mostly the server does not speak TLS at this port: try ws:// or another port.',
  RECEIVER_TLS_VERSION: 'Have the server speak TLS 1.2 or 1.3: older versions can be read on the way.',
  RECEIVER_WRONG_SECRET: 'Compare the name and the value of the secret with what the receiving platform expects.',
  RECEIVER_REJECTED: 'A web server answers, but no WebSocket server at this path: check the path, and ws:// or wss://.',
  RECEIVER_CONNECTION_LOST:
    'The server ended the connection: its log says why. Some platforms refuse a wrong secret, or a wrong client certificate, in this way.',
};

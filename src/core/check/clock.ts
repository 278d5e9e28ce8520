/** Whether the clocks agree, and how long a certificate still holds. */

import { type Finding, settingLine, shellLine, well } from './finding.js';

/** The Date header has whole seconds, and the answer took its time. */
const TOLERATED_MS = 5000;
const DAY_MS = 86_400_000;
const EXPIRY_WARNING_DAYS = 21;

/** `aheadMs`: how far the other machine's clock is before ours; nothing when it told no time. */
export function clockFinding(
  id: 'asterisk.clock' | 'receiver.clock',
  who: string,
  aheadMs: number | undefined,
): Finding[] {
  if (aheadMs === undefined) return [];
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  if (Math.abs(aheadMs) <= TOLERATED_MS) return [well(id, `The clock of ${who} agrees with this machine's.`)];
  return [
    {
      id,
      level: 'warning',
      what: `The clock of ${who} is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} this machine's.`,
      why: 'Logs cannot be laid side by side, and certificates may count as not valid yet or no longer.',
      lines: [shellLine('timedatectl set-ntp true   # on both machines')],
    },
  ];
}

/** `expires` and `now` in milliseconds since 1970; nothing for a connection without TLS. */
export function certificateFinding(
  id: 'asterisk.certificate' | 'receiver.certificate',
  who: string,
  expires: number | undefined,
  now: number,
): Finding[] {
  if (expires === undefined) return [];
  const days = Math.floor((expires - now) / DAY_MS);
  if (days >= EXPIRY_WARNING_DAYS) return [well(id, `The certificate of ${who} holds ${days} more days.`)];
  const lines =
    id === 'asterisk.certificate'
      ? [
          { where: 'http.conf, [general]', text: 'tlscertfile = (a new certificate)' },
          shellLine('asterisk -rx "module reload http"'),
        ]
      : [{ where: 'the receiver', text: '(a new certificate)' }, settingLine('streaming.ca', '/path/to/authority.pem')];
  return [
    {
      id,
      level: 'warning',
      what: `The certificate of ${who} expires in ${days} ${days === 1 ? 'day' : 'days'}.`,
      why: 'From that moment on every new connection is refused.',
      lines,
    },
  ];
}

/** The certificate that this program shows to the receiver (streaming.cert); nothing where it has none. */
export function ownCertificateFinding(expires: number | undefined, now: number): Finding[] {
  const id = 'receiver.clientCertificate';
  if (expires === undefined) return [];
  const days = Math.floor((expires - now) / DAY_MS);
  if (days >= EXPIRY_WARNING_DAYS) return [well(id, `The certificate in streaming.cert holds ${days} more days.`)];
  const isOver = expires <= now;
  return [
    {
      id,
      level: isOver ? 'error' : 'warning',
      what: isOver
        ? 'The certificate in streaming.cert has expired.'
        : `The certificate in streaming.cert expires in ${days} ${days === 1 ? 'day' : 'days'}.`,
      why: 'A receiver that wants it refuses every new connection from that moment on.',
      lines: [
        settingLine('streaming.cert', '/path/to/new-cert.pem'),
        settingLine('streaming.key', '/path/to/new-key.pem'),
        shellLine('systemctl reload ari-audio-stream'),
      ],
    },
  ];
}

/** What is said of connections whose certificate is not verified: in the log, on the page and by the check. */

export const ASTERISK_UNVERIFIED = 'The certificate of Asterisk is not verified: asterisk.insecure is true.';
export const ASTERISK_UNVERIFIED_ADVICE =
  'Anybody on the way can take its place and read the password of ARI. Name the certificate, or that of its authority, in asterisk.ca instead.';

export const RECEIVER_UNVERIFIED = 'The certificate of the receiver is not verified: streaming.insecure is true.';
export const RECEIVER_UNVERIFIED_ADVICE =
  'Anybody on the way can take its place, hear the calls and read the secret. Name the certificate of its authority in streaming.ca instead.';

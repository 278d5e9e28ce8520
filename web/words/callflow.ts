/** What a call is in, as an administrator of Asterisk calls it. */
import type { CallRecord } from '../../src/io/web/contract/calls.js';

export type Callflow = CallRecord['callflows'][number]['callflow'];

export const CALLFLOW_WORDS: Readonly<Record<Callflow, string>> = {
  '': 'Direct',
  ivr: 'IVR',
  queue: 'Queue',
  ringgroup: 'Ring group',
  cfd: 'Call flow control',
  conference: 'Conference',
  multicast_paging: 'Multicast paging',
};

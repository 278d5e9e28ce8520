import { expect, test } from '@jest/globals';
import { StreamError } from '../core/errors.js';
import { ServiceStatus } from './service-status.js';

const REFUSED = new StreamError('ARI_REFUSED', 'asterisk', 'http://127.0.0.1:8088');
const AWAY = 'STATUS=Trying to reach Asterisk. Nothing answers at the address of Asterisk: http://127.0.0.1:8088.';

function observed(): { status: ServiceStatus; sent: string[] } {
  const sent: string[] = [];
  return { status: new ServiceStatus({ send: (...parts) => void sent.push(parts.join('|')) }), sent };
}

test('ready is told once, with the first try, whatever came of it; a failure that lasts is not repeated', () => {
  const { status, sent } = observed();
  status.failed(REFUSED);
  status.failed(REFUSED);
  status.linked('22.10.1');
  status.failed(REFUSED);
  expect(sent).toEqual([`READY=1|${AWAY}`, 'STATUS=Connected to Asterisk 22.10.1.', AWAY]);
});

test('a reload is told before and after it, and the status is again what it was', () => {
  const { status, sent } = observed();
  status.linked('22.10.1');
  status.reloading(() => void sent.push('reload'));
  expect(sent.slice(1)).toEqual([
    'RELOADING=1|STATUS=Reading the settings again.',
    'reload',
    'READY=1|STATUS=Connected to Asterisk 22.10.1.',
  ]);
});

test('a reload before the first try does not make it ready', () => {
  const { status, sent } = observed();
  status.reloading(() => void sent.push('reload'));
  expect(sent).toEqual(['reload']);
});

test('after the stop nothing else is told', () => {
  const { status, sent } = observed();
  status.linked('22.10.1');
  status.stopping();
  status.failed(REFUSED);
  expect(sent.slice(1)).toEqual(['STOPPING=1|STATUS=Ending the streams.']);
});

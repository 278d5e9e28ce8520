import { expect, test } from '@jest/globals';
import { hasDescriptors, machineShortage } from './machine-shortage.js';

function failure(code: string, message = `connect ${code}`): Error {
  return Object.assign(new Error(message), { code });
}

test.each([
  ['EMFILE', 'NO_FILE_DESCRIPTORS', 'LimitNOFILE'],
  ['ENFILE', 'NO_FILE_DESCRIPTORS', 'fs.file-max'],
  // What a kernel without memory says cannot be brought about here; libuv tries a write that meets ENOBUFS again by itself.
  ['ENOBUFS', 'NO_SOCKET_MEMORY', 'tcp_mem'],
  ['ENOMEM', 'NO_SOCKET_MEMORY', 'tcp_mem'],
])('%s is the fault of this machine: %s', (code, expected, advice) => {
  const error = machineShortage(failure(code), 'ws://there');
  expect(error).toMatchObject({ code: expected, blame: 'machine' });
  expect(error?.message).toContain(`ws://there: connect ${code}; `);
  expect(error?.message).toContain(advice);
});

test.each(['ECONNREFUSED', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'CERT_HAS_EXPIRED'])('%s is not', (code) => {
  expect(machineShortage(failure(code), 'ws://there')).toBeUndefined();
});

test('what Node adds about a socket that never was is left out', () => {
  const message = 'connect EMFILE 127.0.0.1:1 - Local (undefined:undefined)';
  expect(machineShortage(failure('EMFILE', message), 'x')?.message).toContain('connect EMFILE 127.0.0.1:1; raise');
});

test('there are descriptors, and looking for them takes none', async () => {
  expect(hasDescriptors(32)).toBe(true);
  for (let n = 0; n < 2_000; n++) hasDescriptors(32);
  expect(hasDescriptors(32)).toBe(true);
});

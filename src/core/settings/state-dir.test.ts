import { expect, test } from '@jest/globals';
import { defaultStateDir } from './state-dir.js';

test.each([
  [{ STATE_DIRECTORY: '/var/lib/a:/var/lib/b', XDG_STATE_HOME: '/x', HOME: '/home/u' }, '/var/lib/a'],
  [{ STATE_DIRECTORY: '', XDG_STATE_HOME: '/x', HOME: '/home/u' }, '/x/ari-audio-stream'],
  [{ XDG_STATE_HOME: 'relative', HOME: '/home/u' }, '/home/u/.local/state/ari-audio-stream'],
  [{}, './ari-audio-stream-state'],
])('%j', (environment, folder) => {
  expect(defaultStateDir(environment)).toBe(folder);
});

/** The callflow words of settings and those of the wire are one list, written twice since the two do not know each other. */
import { expect, test } from '@jest/globals';
import { CALLFLOWS } from '../src/core/relay/protocol.js';
import { CALLFLOW_WORDS } from '../src/core/settings/callflow-rule.js';

test('rules may name every callflow of the protocol, and no other', () => {
  expect(CALLFLOW_WORDS).toEqual(CALLFLOWS);
});

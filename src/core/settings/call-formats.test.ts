import { describe, expect, test } from '@jest/globals';
import {
  CALLFLOW_RULE,
  CONTEXT_GLOB,
  DID_OR_PATTERN,
  EXTENSION_GROUP_ENTRY,
  EXTENSION_GROUP_NAME,
  NAME_OR_PATTERN,
  TECHNOLOGY,
} from './call-formats.js';
import type { TextFormat } from './formats.js';

const NAMES = ['*', '1001', '_10XX', '_[1-5]XX.', '_+49Z!', '_.', '+4930', 'my-trunk_2', '*98'];
const NO_NAMES = ['', 'a b', '1,2', '_', '_1.2', '_[12', '_12]', '_[]', '_.!', '1\n', 'x'.repeat(80)];

const GOOD: readonly [string, TextFormat, readonly string[]][] = [
  ['a name or pattern', NAME_OR_PATTERN, NAMES],
  ['a DID', DID_OR_PATTERN, [...NAMES, '+49 (30) 123-456/7', '030.123.456', '(555) 010-0199', 's', '0']],
  ['the name of a group', EXTENSION_GROUP_NAME, ['sales', 'Vertrieb Süd', '__proto__', 'a.b', '*1', 'x'.repeat(63)]],
  ['a subscribed group', EXTENSION_GROUP_ENTRY, ['*', 'sales']],
  ['a technology', TECHNOLOGY, ['PJSIP', 'SIP', 'IAX2', 'DAHDI', 'WebSocket', 'x'.repeat(79)]],
  ['a context', CONTEXT_GLOB, ['from-trunk', 'from-trunk*', '*', '*-pstn-*', '_x', 'x'.repeat(79)]],
  ['a rule', CALLFLOW_RULE, ['app:Queue=queue', 'context:ivr-*=ivr', 'context:ext-local=']],
];

const BAD: readonly [string, TextFormat, readonly string[]][] = [
  ['a name or pattern', NAME_OR_PATTERN, NO_NAMES],
  ['a DID', DID_OR_PATTERN, [...NO_NAMES.filter((text) => text !== 'a b'), ' ', '+', '+()', '030\t1', '030\u00a01']],
  ['the name of a group', EXTENSION_GROUP_NAME, ['', 'a,b', 'a=b', 'a|b', 'a\nb', ' a', 'a ', '*', 'x'.repeat(64)]],
  ['a subscribed group', EXTENSION_GROUP_ENTRY, ['', '**\n', 'a|b']],
  ['a technology', TECHNOLOGY, ['', '*', 'PJSIP/', 'a b', 'Local', 'SNOOP', 'UnicastRTP', 'x'.repeat(80)]],
  ['a context', CONTEXT_GLOB, ['', 'a b', 'a,b', 'a\n', 'x'.repeat(80)]],
  ['a rule', CALLFLOW_RULE, ['', 'queue', 'app:Queue', 'app:Queue=kueue']],
];

describe.each(GOOD)('%s may be', (_, format, texts) => {
  test.each(texts)('%j', (text) => {
    expect(format.faultIn(text)).toBeUndefined();
  });
});

describe.each(BAD)('%s may not be', (_, format, texts) => {
  test.each(texts)('%j', (text) => {
    expect(format.faultIn(text)).toMatch(/^(?:is|has|holds|begins) /);
  });
});

import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CALLFLOWS } from '../callflow.js';
import { parseCallflowRule } from './callflow-rule.js';

test.each([
  ['app:Queue=queue', { by: 'app', pattern: 'Queue', callflow: 'queue' }],
  ['app:ConfBridge=', { by: 'app', pattern: 'ConfBridge', callflow: '' }],
  ['context:ivr-*=ivr', { by: 'context', pattern: 'ivr-*', callflow: 'ivr' }],
  ['context:*page*=multicast_paging', { by: 'context', pattern: '*page*', callflow: 'multicast_paging' }],
  ['context:ext-local=', { by: 'context', pattern: 'ext-local', callflow: '' }],
  ['context:app:Queue=cfd', { by: 'context', pattern: 'app:Queue', callflow: 'cfd' }],
])('%s', (text, rule) => {
  expect(parseCallflowRule(text)).toEqual(rule);
});

test.each([
  '',
  '=',
  'Queue=queue',
  'app:Queue',
  'app:=queue',
  'app:Qu*=queue',
  'app: Queue=queue',
  'App:Queue=queue',
  'context:=ivr',
  'context:ivr=IVR',
  'context:ivr=ivr ',
  'context:ivr=ivr\n',
  'context:a b=ivr',
  'context:a=b=ivr',
  'context:a\u202eb=ivr',
  `context:${'x'.repeat(80)}=ivr`,
  'context:ivr=toString',
  'exten:ivr=ivr',
])('not %j', (text) => {
  expect(parseCallflowRule(text)).toBeUndefined();
});

test('a rule says what its text says', () => {
  const letters = fc.constantFrom('app', 'context', ':', '=', '*', ' ', 'a', '-', '_', ...CALLFLOWS);
  fc.assert(
    fc.property(fc.array(letters, { maxLength: 6 }), (parts) => {
      const text = parts.join('');
      const rule = parseCallflowRule(text);
      if (rule !== undefined) expect(`${rule.by}:${rule.pattern}=${rule.callflow}`).toBe(text);
    }),
  );
});

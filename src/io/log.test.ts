import { Writable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { createLog } from './log.js';
import { jsonLine, textLine } from './log-line.js';

class Written extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

const TIME = new Date('2026-03-14T15:09:26.535Z');
const line = (message: string, fields: Record<string, unknown>) => ({ time: TIME, level: 'info', message, fields });
/** The text line behind its time and level. */
const text = (message: string, fields: Record<string, unknown>) => textLine(line(message, fields)).slice(36);

describe('a line for people', () => {
  test('begins with the local time, which is the right one, and the level', () => {
    const [time = '', level] = textLine(line('hello', {})).split(' ');
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.535[+-]\d\d:\d\d$/);
    expect(new Date(time)).toEqual(TIME);
    expect(level).toBe('info');
  });

  test.each([
    [
      'ids as they are',
      { callid: '17.1', channel: 'PJSIP/1009-00000007' },
      'm callid=17.1 channel=PJSIP/1009-00000007',
    ],
    ['quotes where a reader needs them', { a: 'x y', b: '', c: 'd="e"' }, 'm a="x y" b="" c="d=\\"e\\""'],
    ['no line break or escape sequence', { name: 'a\nb\u001b[31m' }, 'm name="a\\nb\\u001b[31m"'],
    ['no text turned around', { name: '\u202eevil\u009b' }, 'm name="\\u202eevil\\u009b"'],
    ['nothing for what is not there', { a: undefined, b: null, c: false, d: 0 }, 'm b=null c=false d=0'],
    ['an error by its message, code and cause', { error: failure() }, 'm error="EIO: outer, because: inner"'],
    ['bytes by their number', { pcm: new Uint8Array(1280) }, 'm pcm="1280 bytes"'],
    ['objects as JSON', { at: { host: '::1', port: 1n } }, 'm at={"host":"::1","port":"1"}'],
  ])('has %s', (_, fields, expected) => {
    expect(text('m', fields)).toBe(expected);
  });

  test('is one line, whatever the message holds', () => {
    expect(text('a\nb', {})).toBe('a\\u000ab');
  });
});

describe('a line of JSON', () => {
  test('has time, level and message, then the fields', () => {
    expect(jsonLine(line('call started', { callid: '17.1' }))).toBe(
      '{"time":"2026-03-14T15:09:26.535Z","level":"info","message":"call started","callid":"17.1"}',
    );
  });

  test('keeps its own time, level and message', () => {
    expect(JSON.parse(jsonLine(line('m', { message: 'x', level: 9, time: 0 })))).toEqual({
      time: '2026-03-14T15:09:26.535Z',
      level: 'info',
      message: 'm',
      message_: 'x',
      level_: 9,
      time_: 0,
    });
  });

  test('has what was said, also of hostile callers', () => {
    const number = 'a\n\u001b\u202e\ud800"';
    const written = jsonLine(line('m', { number }));
    expect(written).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(written).number).toBe(number);
  });
});

test.each([textLine, jsonLine])('no secret is in it, however deep', (render) => {
  const secret = { Authorization: 'hunter2', apiKey: 'hunter2', list: [{ accessToken: 'hunter2' }] };
  const fields = {
    password: 'hunter2',
    deep: { secretValue: { a: 'hunter2' }, ...secret },
    map: new Map([['token', 'hunter2']]),
  };
  expect(render(line('m', fields))).not.toContain('hunter2');
});

test('whatever is too long is cut, and how much is said', () => {
  const long = 'x'.repeat(1_000_000);
  for (const render of [textLine, jsonLine]) {
    const shown = render(line(long, { name: long, error: new Error(long), list: [long], inner: { name: long } }));
    expect(shown.length).toBeLessThan(21_000);
    expect(shown).toContain('… and 996000 characters more');
  }
});

test('a circle and an endless chain of causes come to an end', () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const error = new Error('again');
  error.cause = error;
  expect(text('m', { circle })).toContain('…');
  expect(text('m', { error })).toContain('again, because: again');
});

describe('the log', () => {
  test('writes lines of its level and above', () => {
    const output = new Written();
    const log = createLog({ level: 'warn', format: 'json', output, now: () => TIME });
    log.error('one', { a: 1 });
    log.warn('two');
    log.info('three');
    log.debug('four');
    const lines = output.text.trimEnd().split('\n');
    expect(lines.map((json) => JSON.parse(json).message)).toEqual(['one', 'two']);
    expect(lines[0]).toBe('{"time":"2026-03-14T15:09:26.535Z","level":"error","message":"one","a":1}');
  });

  test('does not look at the fields of a line that is not wanted', () => {
    const log = createLog({ level: 'info', format: 'text', output: new Written() });
    const fields = {
      get expensive(): string {
        throw new Error('looked at');
      },
    };
    expect(() => log.debug('m', fields)).not.toThrow();
    expect(() => log.info('m', fields)).toThrow('looked at');
  });

  test('changes its level while it is in use', () => {
    const output = new Written();
    const log = createLog({ level: 'info', format: 'json', output, now: () => TIME });
    const { debug, info } = log;
    debug('one');
    log.setLevel('debug');
    debug('two');
    expect(log.isDebugEnabled()).toBe(true);
    log.setLevel('warn');
    info('three');
    log.warn('four');
    const messages = output.text
      .trimEnd()
      .split('\n')
      .map((json) => JSON.parse(json).message);
    expect(messages).toEqual(['two', 'four']);
    expect(log.isDebugEnabled()).toBe(false);
  });

  test('says whether debug lines are wanted', () => {
    const output = new Written();
    expect(createLog({ level: 'debug', format: 'text', output }).isDebugEnabled()).toBe(true);
    expect(createLog({ level: 'info', format: 'text', output }).isDebugEnabled()).toBe(false);
  });
});

function failure(): Error {
  return Object.assign(new Error('outer', { cause: new Error('inner') }), { code: 'EIO' });
}

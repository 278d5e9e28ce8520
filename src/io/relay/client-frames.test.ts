import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Label } from '../../core/relay/protocol.js';
import { ClientFrames } from './client-frames.js';

const TEXT = 1;
const PING = 9;

const labelOf = (channelid: string): Label => ({ callid: '17.1', callflow: '', number: '1001', channelid });

interface Frame {
  readonly opcode: number;
  readonly key: string;
  readonly payload: string;
}

/** Read by the letter of RFC 6455, 5.2 and 5.3, from a client's octets. */
function framesIn(octets: Buffer): Frame[] {
  const found: Frame[] = [];
  for (let at = 0; at < octets.length; ) {
    expect(octets.readUInt8(at) & 0xf0).toBe(0x80);
    expect(octets.readUInt8(at + 1) & 0x80).toBe(0x80);
    const opcode = octets.readUInt8(at) & 0x0f;
    let length = octets.readUInt8(at + 1) & 0x7f;
    at += 2;
    if (length === 126) {
      length = octets.readUInt16BE(at);
      expect(length).toBeGreaterThan(125);
      at += 2;
    } else if (length === 127) {
      length = Number(octets.readBigUInt64BE(at));
      expect(length).toBeGreaterThan(0xffff);
      at += 8;
    }
    const key = octets.subarray(at, at + 4);
    const payload = octets.subarray(at + 4, at + 4 + length).map((octet, index) => octet ^ key.readUInt8(index % 4));
    expect(payload.length).toBe(length);
    found.push({ opcode, key: key.toString('hex'), payload: Buffer.from(payload).toString() });
    at += 4 + length;
  }
  return found;
}

const message = (channelid: string, pcm: Int16Array | undefined): string =>
  JSON.stringify({
    callid: '17.1',
    callflow: '',
    audio: pcm === undefined ? '' : Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64'),
    number: '1001',
    status: pcm === undefined ? 'end' : 'process',
    channelid,
  });

const names = fc.string({ unit: 'binary', maxLength: 60 });
const samples = fc.int16Array({ maxLength: 40 });

test('whatever is added, a server reads it as frames of its own', () => {
  const frames = new ClientFrames();
  const ping = fc.nat();
  const sent = fc.tuple(names, fc.option(samples, { nil: undefined }));
  fc.assert(
    fc.property(fc.array(fc.oneof(ping, sent), { maxLength: 30 }), (added) => {
      const expected = added.map((one) => {
        if (typeof one === 'number') {
          frames.addPing(String(one));
          return { opcode: PING, payload: String(one) };
        }
        const [channelid, pcm] = one;
        frames.addMessage({ label: labelOf(channelid), pcm });
        return { opcode: TEXT, payload: message(channelid, pcm) };
      });
      expect(framesIn(frames.take())).toMatchObject(expected);
    }),
  );
  expect(frames.take()).toHaveLength(0);
});

test.each([12, 13, 640, 1920, 24_000, 100_000])('a fragment of %d samples', (length) => {
  const frames = new ClientFrames();
  const pcm = Int16Array.from({ length }, (_, index) => index * 37);
  for (const _ of [1, 2]) {
    frames.addPing('1');
    frames.addMessage({ label: labelOf('PJSIP/1'), pcm });
    expect(framesIn(frames.take()).at(-1)?.payload).toBe(message('PJSIP/1', pcm));
  }
});

test('each frame has a key of its own', () => {
  const frames = new ClientFrames();
  for (let n = 0; n < 3000; n++) frames.addPing('');
  const keys = new Set(framesIn(frames.take()).map(({ key }) => key));
  expect(keys.size).toBeGreaterThan(2990);
});

test('what was taken stays when it is left, and else gives way to what is added next', () => {
  const frames = new ClientFrames();
  const taken = (payload: string): Buffer => {
    frames.addPing(payload);
    return frames.take();
  };
  const first = taken('first');
  frames.leave();
  const second = taken('second');
  const third = taken('third.');
  expect([first, second, third].map((octets) => framesIn(octets)[0]?.payload)).toEqual(['first', 'third.', 'third.']);
});

test('what was left stays until it is given back, and then its room is used again, once', () => {
  const frames = new ClientFrames();
  const left = (payload: string): Buffer => {
    frames.addPing(payload);
    const taken = frames.take();
    frames.leave();
    return taken;
  };
  const [first, second] = [left('first'), left('second')];
  expect(framesIn(first)[0]?.payload).toBe('first');
  frames.giveBack(first);
  const [third, fourth] = [left('third'), left('fourth')];
  expect(third.buffer).toBe(first.buffer);
  expect([second, third, fourth].map((octets) => framesIn(octets)[0]?.payload)).toEqual(['second', 'third', 'fourth']);
});

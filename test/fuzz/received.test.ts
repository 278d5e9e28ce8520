/** Whatever a sender says to the receiver that comes along: it is recorded or counted, and no file is anywhere but in its folder. */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ReceiveScreen } from '../../src/app/receive-screen.js';
import { readFrame } from '../../src/app/received-frame.js';
import { Recorder } from '../../src/app/recorder.js';
import { parseWav, wavHeader } from '../../src/core/audio/wav.js';
import { SafeNames } from '../../src/core/receiver/safe-names.js';
import { decode, FRAGMENT_SAMPLES } from '../../src/core/relay/protocol.js';
import { jsonLine, textLine } from '../../src/io/log-line.js';
import { anyJson, spoilt, text } from './any-json.js';
import { runs } from './runs.js';

const KEYS = ['callid', 'callflow', 'audio', 'number', 'status', 'channelid'];
const FRAGMENT = Buffer.alloc(2 * FRAGMENT_SAMPLES[8000]).toString('base64');
const GOOD = {
  callid: '1.1',
  callflow: 'queue',
  audio: FRAGMENT,
  number: '1001',
  status: 'process',
  channelid: 'PJSIP/1001-00000001',
};
const END = { ...GOOD, audio: '', status: 'end' };
const labelled = fc
  .tuple(fc.constantFrom(GOOD, END), text, text, text)
  .map(([message, callid, number, channelid]) => ({ ...message, callid, number, channelid }));
const message = fc.oneof(
  fc
    .oneof(spoilt(GOOD, KEYS), spoilt(END, KEYS), anyJson(...KEYS), labelled)
    .map((value) => JSON.stringify(value) ?? ''),
  text,
);

const folder = mkdtempSync(join(tmpdir(), 'ari-audio-stream-fuzz-received-'));
const out = join(folder, 'out');
afterAll(() => rmSync(folder, { recursive: true }));

test('no message makes the decoder throw', () => {
  fc.assert(
    fc.property(message, (one) => {
      const decoded = decode(one);
      if (typeof decoded !== 'string') expect(Object.keys(decoded)).toHaveLength(KEYS.length);
      readFrame(one, 8000);
    }),
    runs(5),
  );
});

// The screen is a fake: what is shown of hostile names is in the tests of level-lines.
const NO_SCREEN = { begins: () => {}, hears: () => {}, ends: () => {} } as unknown as ReceiveScreen;
const SILENT = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {}, isDebugEnabled: () => false };

test('every label is recorded below the folder, in files of plain names that are whole WAVs', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat(2), message), { maxLength: 12 }), async (messages) => {
      const recorder = new Recorder({ folder: out, takenNames: [], sampleRate: 8000 }, NO_SCREEN, SILENT);
      for (const connection of [0, 1, 2]) recorder.opened(connection, '127.0.0.1:1');
      for (const [connection, one] of messages) recorder.text(connection, one);
      for (const connection of [0, 1, 2]) recorder.closed(connection, 1000);
      await recorder.close();
      JSON.stringify(recorder.report());
      expect(readdirSync(folder).filter((name) => name !== 'out')).toEqual([]);
      rmSync(out, { recursive: true, force: true });
    }),
    runs(0.1),
  );
});

test('file names of every id stay in their folder, and no two ids share one', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(text, fc.constantFrom('con', 'a', 'A', 'a-2', '.', '..')), { maxLength: 20 }),
      (ids) => {
        const names = new SafeNames('.wav');
        const given = ids.map((id) => names.claim(id));
        expect(new Set(given.map((name) => name.toLowerCase())).size).toBe(ids.length);
        for (const name of given) {
          expect(name).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]*\.wav$/);
          expect(name.length).toBeLessThan(200);
        }
      },
    ),
    runs(2),
  );
});

test('no octets make the reader of WAVs throw, or believe more than there is', () => {
  const chunk = fc
    .tuple(
      fc.constantFrom('RIFF', 'WAVE', 'fmt ', 'data', 'LIST'),
      fc.nat(2 ** 32 - 1),
      fc.uint8Array({ maxLength: 40 }),
    )
    .map(([name, size, octets]) => [...Buffer.from(name), ...new Uint8Array(Uint32Array.of(size).buffer), ...octets]);
  const spoiltWav = fc
    .tuple(fc.nat(2 ** 32 - 1), fc.nat(100), fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { maxLength: 4 }))
    .map(([rate, bytes, changes]) => {
      const wav = [...wavHeader(rate, bytes), ...new Uint8Array(bytes)];
      for (const [at, octet] of changes) wav[at] = octet;
      return wav;
    });
  const octets = fc.oneof(
    spoiltWav,
    fc.array(chunk, { maxLength: 5 }).map((chunks) => chunks.flat()),
  );
  fc.assert(
    fc.property(octets, (bytes) => {
      const wav = parseWav(Uint8Array.from(bytes));
      if (typeof wav !== 'string') expect(wav.samples.length).toBeLessThanOrEqual(bytes.length / 2);
    }),
    runs(5),
  );
});

test('whatever a caller is called, a line of the log is one line, and of an end', () => {
  fc.assert(
    fc.property(text, anyJson('number', 'password'), (callid, value) => {
      const line = { time: new Date(0), level: 'info', message: callid, fields: { callid, value } };
      for (const shown of [jsonLine(line), textLine(line)]) {
        expect(shown).not.toMatch(/[\p{Cc}\u2028\u2029\u202e]/u);
        expect(shown.length).toBeLessThan(1_000_000);
      }
      JSON.parse(jsonLine(line));
    }),
    runs(2),
  );
});

test('what is recorded of the good message is a file', async () => {
  const recorder = new Recorder({ folder: out, takenNames: [], sampleRate: 8000 }, NO_SCREEN, SILENT);
  recorder.opened(0, '127.0.0.1:1');
  recorder.text(0, JSON.stringify({ ...GOOD, channelid: '../../evil' }));
  await recorder.close();
  const [call] = recorder.report();
  expect(statSync(join(out, call?.participants[0]?.wav ?? '')).size).toBeGreaterThan(1000);
});

/** Who and what else changes settings: two at the page, SIGHUP, the environment, earlier versions, a hand in the files. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { until } from '../../lab/until.js';
import { formOf, SavingProgram, SETTINGS_FILE, save } from '../../test/saving-program.js';
import { writeSavedSettings } from '../io/settings/saved-settings.js';
import type { ApiFailure } from '../io/web/route.js';

let program: SavingProgram;
beforeEach(() => {
  program = new SavingProgram();
});
afterEach(() => program.remove());

async function refusal(promise: Promise<unknown>): Promise<ApiFailure> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason as ApiFailure,
  );
  if (error === undefined) throw new Error('It was not refused.');
  return error;
}

describe('two at once', () => {
  test('the second is told who was first, and can look again', async () => {
    const { changes } = program.start();
    const { revision } = changes.present();
    const change = (bufferSeconds: number) => ({
      revision,
      streaming: formOf(changes, { bufferSeconds }),
      applyToRunning: false,
    });
    const both = [changes.save(change(10), 'anna'), changes.save(change(20), 'bob')] as const;
    expect((await both[0]).change.settings.revision).toBe(1);
    const failure = await refusal(both[1]);
    expect(failure).toMatchObject({ status: 409, code: 'CONFLICT' });
    expect(failure.message).toBe(
      'anna saved other settings at 2026-11-22T12:00:00.000Z. Reload, and make your change again.',
    );
    expect(changes.present().streaming.bufferSeconds).toBe(10);
    expect((await save(changes, { bufferSeconds: 20 })).change.settings.revision).toBe(2);
  });

  test('SIGHUP in the middle of a save: both hold in the end', async () => {
    const { changes, reloads } = program.start();
    let go = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    let isWriting = false;
    program.write = async (versions) => {
      isWriting = true;
      await gate;
      await writeSavedSettings(program.stateDir, versions);
    };
    const saving = save(changes, { bufferSeconds: 99 });
    await until('the save writes', () => isWriting);
    program.writeFile({ ...SETTINGS_FILE, streaming: { ...SETTINGS_FILE.streaming, earlyMedia: true } });
    expect(reloads.reload(false)).toEqual([]);
    expect(reloads.inForce.streaming).toMatchObject({ bufferSeconds: 30, earlyMedia: true });
    go();
    await saving;
    expect(reloads.inForce.streaming).toMatchObject({ bufferSeconds: 99, earlyMedia: true });
  });

  test('a settings file that was changed since the form was filled: a conflict, and nothing of the old one is saved', async () => {
    const { changes, reloads } = program.start();
    const { revision, basis } = changes.present();
    const streaming = formOf(changes, { bufferSeconds: 99 });
    program.writeFile({ ...SETTINGS_FILE, streaming: { ...SETTINGS_FILE.streaming, earlyMedia: true } });
    reloads.reload(false);
    const change = { revision, basis, streaming, applyToRunning: false };
    expect(await refusal(changes.save(change, 'anna'))).toMatchObject({
      code: 'CONFLICT',
      message: 'The settings file was changed. Reload, and make your change again.',
    });
    const again = { ...change, basis: changes.present().basis, streaming: formOf(changes, { bufferSeconds: 99 }) };
    await changes.save(again, 'anna');
    expect(reloads.inForce.streaming).toMatchObject({ bufferSeconds: 99, earlyMedia: true });
    expect(changes.versions()).toMatchObject([{ changed: ['streaming.bufferSeconds'] }]);
  });

  test('a save that fails does not stop the next one', async () => {
    const { changes } = program.start();
    program.write = () => Promise.reject(new Error('ENOSPC: no space left on device'));
    const failure = await refusal(save(changes, { bufferSeconds: 10 }));
    expect(failure).toMatchObject({ status: 500, code: 'NOT_SAVED' });
    expect(failure.message).toContain('no space left');
    expect(changes.present()).toMatchObject({ revision: 0, streaming: { bufferSeconds: 30 } });
    expect(program.applied).toEqual([]);
    program.write = (versions) => writeSavedSettings(program.stateDir, versions);
    await save(changes, { bufferSeconds: 11 });
    expect(program.start().reloads.inForce.streaming.bufferSeconds).toBe(11);
  });
});

describe('what the environment gives', () => {
  test('is locked, and cannot be changed; sent back unchanged it does not matter', async () => {
    program.environment = {
      ARI_AUDIO_STREAM_STREAMING_SAMPLE_RATE: '48000',
      ARI_AUDIO_STREAM_STREAMING_SECRET_VALUE_FILE: join(program.folder, 'other-secret'),
    };
    program.writeFile({ ...SETTINGS_FILE, streaming: { serverAddress: 'ws://from.file' } });
    writeFileSync(join(program.folder, 'other-secret'), 'hunter9');
    const { changes, reloads } = program.start();
    expect(changes.present().locked).toEqual({
      'streaming.sampleRate': 'environment ARI_AUDIO_STREAM_STREAMING_SAMPLE_RATE',
      'streaming.secretValue': 'environment ARI_AUDIO_STREAM_STREAMING_SECRET_VALUE_FILE',
    });
    const { problems } = await refusal(save(changes, { sampleRate: 8000, secretValue: 'x', bufferSeconds: 5 }));
    expect(problems).toEqual([
      {
        field: 'streaming.secretValue',
        message: expect.stringContaining('_SECRET_VALUE_FILE and cannot be changed here'),
      },
      { field: 'streaming.sampleRate', message: expect.stringContaining('_SAMPLE_RATE and cannot be changed here') },
    ]);
    await save(changes, { bufferSeconds: 5 });
    expect(reloads.inForce.streaming).toMatchObject({
      bufferSeconds: 5,
      sampleRate: 48000,
      secret: { value: 'hunter9' },
    });
    expect(readFileSync(join(program.stateDir, 'settings.json'), 'utf8')).not.toContain('48000');
  });

  test('wins over what was saved before, also over a secret', async () => {
    const first = program.start();
    await save(first.changes, { sampleRate: 24000, secretValue: 'from-page' });
    program.writeFile({ ...SETTINGS_FILE, streaming: { serverAddress: 'ws://from.file', secret: { name: 'X-Key' } } });
    program.environment = {
      ARI_AUDIO_STREAM_STREAMING_SAMPLE_RATE: '8000',
      ARI_AUDIO_STREAM_STREAMING_SECRET_VALUE: 'from-variable',
    };
    expect(program.start().reloads.inForce.streaming).toMatchObject({
      sampleRate: 8000,
      secret: { name: 'X-Key', value: 'from-variable' },
    });
  });
});

describe('versions', () => {
  test('the last ten are kept; one that is put back is a new version', async () => {
    const { changes, reloads } = program.start();
    for (let seconds = 1; seconds <= 12; seconds += 1) await save(changes, { bufferSeconds: seconds });
    const revisions = changes.versions().map(({ revision }) => revision);
    expect(revisions).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3]);
    const { change, words } = await changes.restore(4, false, 'bob');
    expect(words).toBe('streaming.bufferSeconds: 12 → 4');
    expect(change.settings).toMatchObject({ revision: 13, savedBy: 'bob', streaming: { bufferSeconds: 4 } });
    expect(reloads.inForce.streaming.bufferSeconds).toBe(4);
    expect(changes.versions()[0]).toEqual({
      revision: 13,
      savedAt: '2026-11-22T12:00:00.000Z',
      savedBy: 'bob',
      changed: ['streaming.bufferSeconds'],
      isCurrent: true,
    });
    expect(await refusal(changes.restore(3, false, 'bob'))).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    expect(program.start().reloads.inForce.streaming.bufferSeconds).toBe(4);
  });

  test('nothing changed is no new version; program.applied to running calls all the same when asked', async () => {
    const { changes } = program.start();
    expect((await save(changes, {})).change).toMatchObject({ settings: { revision: 0 }, changed: [] });
    expect(program.applied).toEqual([]);
    expect((await save(changes, {}, true)).change.settings.revision).toBe(0);
    expect(program.applied).toMatchObject([[{}, true]]);
  });

  test('one that does not fit the settings file any more is not put back', async () => {
    const { changes } = program.start();
    const subscriptions = { ...formOf(changes).subscriptions, extensionGroups: ['sales'] };
    await save(changes, { subscriptions });
    await save(changes, { subscriptions: { ...subscriptions, extensionGroups: [] } });
    program.writeFile({ ...SETTINGS_FILE, calls: {} });
    expect(await refusal(changes.restore(1, false, 'bob'))).toMatchObject({
      status: 400,
      problems: [{ field: 'streaming.subscriptions.extensionGroups' }],
    });
    expect(changes.present().revision).toBe(2);
  });
});

describe('files that others have changed', () => {
  test('a settings file with a mistake: nothing can be saved, and why is said', async () => {
    const { changes } = program.start();
    program.writeFile({ ...SETTINGS_FILE, log: { level: 'loud' } });
    const failure = await refusal(save(changes, { bufferSeconds: 5 }));
    expect(failure).toMatchObject({ status: 422, code: 'SETTINGS_INVALID' });
    expect(failure.message).toContain('log.level is "loud"');
    expect(changes.present().revision).toBe(0);
  });

  test('saved settings that are damaged: never written over', async () => {
    const { changes } = program.start();
    await save(changes, { bufferSeconds: 5 });
    writeFileSync(join(program.stateDir, 'settings.json'), '{"format":');
    expect(await refusal(save(changes, { bufferSeconds: 6 }))).toMatchObject({ code: 'SETTINGS_INVALID' });
    expect(readFileSync(join(program.stateDir, 'settings.json'), 'utf8')).toBe('{"format":');
    expect(() => program.start()).toThrow(/settings\.json/);
  });

  test('saved settings that were taken away, or replaced: a conflict, not a silent return, and then they hold', async () => {
    const { changes, reloads } = program.start();
    await save(changes, { bufferSeconds: 5 });
    rmSync(program.stateDir, { recursive: true });
    expect(await refusal(save(changes, { bufferSeconds: 6 }))).toMatchObject({ status: 409, code: 'CONFLICT' });
    expect(changes.present()).toMatchObject({ revision: 0, streaming: { bufferSeconds: 30 } });
    await save(changes, { bufferSeconds: 7 });
    expect(reloads.inForce.streaming.bufferSeconds).toBe(7);
  });

  test('a mistake that gets into the settings file while it is saved: said, and saving goes on once it is mended', async () => {
    const { changes, reloads } = program.start();
    program.write = async (versions) => {
      await writeSavedSettings(program.stateDir, versions);
      program.writeFile({ ...SETTINGS_FILE, log: { level: 'loud' } });
    };
    expect(await refusal(save(changes, { bufferSeconds: 5 }))).toMatchObject({ status: 422, code: 'NOT_APPLIED' });
    expect(reloads.inForce.streaming.bufferSeconds).toBe(30);
    program.writeFile(SETTINGS_FILE);
    program.write = (versions) => writeSavedSettings(program.stateDir, versions);
    expect(await refusal(save(changes, { bufferSeconds: 6 }))).toMatchObject({ code: 'CONFLICT' });
    expect(changes.present()).toMatchObject({ revision: 1, streaming: { bufferSeconds: 5 } });
    await save(changes, { bufferSeconds: 6 });
    expect(reloads.inForce.streaming.bufferSeconds).toBe(6);
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { withFileLock } from './file-lock.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'file-lock-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('two holders never are inside at once', async () => {
  const path = join(folder, 'two');
  let inside = 0;
  let most = 0;
  const enter = (): Promise<void> =>
    withFileLock(
      path,
      () => {},
      async () => {
        inside += 1;
        most = Math.max(most, inside);
        await new Promise((resolve) => setTimeout(resolve, 30));
        inside -= 1;
      },
    );
  await Promise.all([enter(), enter(), enter()]);
  expect(most).toBe(1);
});

test('who waits is told so, and has the lock once its holder is dead', async () => {
  const path = join(folder, 'killed');
  const script = `import { spawn } from 'node:child_process';
    spawn('flock', [${JSON.stringify(path)}, 'sh', '-c', 'echo locked; read -r _'], { stdio: ['pipe', 'inherit', 'ignore'] });
    setInterval(() => {}, 1000);`;
  const dying = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(dying.stdout, 'data');

  const onWait = jest.fn(() => void dying.kill('SIGKILL'));
  expect(await withFileLock(path, onWait, async () => 'inside')).toBe('inside');
  expect(onWait).toHaveBeenCalledTimes(1);
});

test('what fails inside gives the lock back', async () => {
  const path = join(folder, 'failing');
  const failing = withFileLock(
    path,
    () => {},
    () => Promise.reject(new Error('inside')),
  );
  await expect(failing).rejects.toThrow('inside');
  expect(
    await withFileLock(
      path,
      () => {},
      async () => 'again',
    ),
  ).toBe('again');
});

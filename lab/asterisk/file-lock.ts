/** A lock between processes, held by flock(1): the kernel frees it when its holder dies, however that happens. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A free lock is had at once; who has waited this long waits for somebody. */
const WAITING_MS = 500;

/** Runs `body` while no other process holds `path`; `onWait` is called when another one holds it at first. */
export async function withFileLock<T>(path: string, onWait: () => void, body: () => Promise<T>): Promise<T> {
  // The shell says that it has the lock and keeps it until our end of the pipe closes.
  const holder = spawn('flock', [path, 'sh', '-c', 'echo locked; read -r _'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = setTimeout(onWait, WAITING_MS);
  try {
    await Promise.race([
      once(holder.stdout, 'data'),
      once(holder, 'exit').then(() => Promise.reject(new Error(`flock could not lock ${path}`))),
    ]);
  } finally {
    clearTimeout(waiting);
  }
  try {
    return await body();
  } finally {
    const ended = once(holder, 'exit');
    holder.stdin.end();
    await ended;
  }
}

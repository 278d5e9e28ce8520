/** How much a Node.js process really holds: its inspector collects the garbage and tells what is left. */
import { once } from 'node:events';
import { WebSocket } from 'ws';

/** A process that is stopped does not answer. */
const LIMIT_MS = 3_000;
/** Audio lies outside of the heap, in array buffers. */
const HELD = '(({ heapUsed, external }) => heapUsed + external)(process.memoryUsage())';

/** In bytes; undefined when the process does not answer. `inspector` is what it says it listens on, ws://… */
export async function liveHeapOf(inspector: string): Promise<number | undefined> {
  const socket = new WebSocket(inspector, { handshakeTimeout: LIMIT_MS });
  // Whatever becomes of it is known from the answers that do not come.
  socket.on('error', () => undefined);
  const limit = setTimeout(() => socket.terminate(), LIMIT_MS);
  const closed = once(socket, 'close').then(() => undefined);
  const answer = async (id: number, method: string, params: unknown): Promise<Answer | undefined> =>
    Promise.race([answerTo(socket, id, method, params), closed]);
  try {
    await Promise.race([once(socket, 'open'), closed]);
    await answer(1, 'HeapProfiler.collectGarbage', {});
    return (await answer(2, 'Runtime.evaluate', { expression: HELD, returnByValue: true }))?.result.value;
  } catch {
    return undefined;
  } finally {
    clearTimeout(limit);
    socket.terminate();
  }
}

interface Answer {
  readonly result: { readonly value: number };
}

async function answerTo(socket: WebSocket, id: number, method: string, params: unknown): Promise<Answer> {
  if (socket.readyState !== WebSocket.OPEN) throw new Error('The inspector is not there');
  socket.send(JSON.stringify({ id, method, params }));
  return new Promise((resolve) => {
    socket.on('message', (text) => {
      const answer = JSON.parse(String(text)) as { id: number; result: Answer };
      if (answer.id === id) resolve(answer.result);
    });
  });
}

/** An ARI client that is not ours: connects under a name, makes things of its own, and sees what becomes of it. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Lab } from '../../lab/lab.js';

export class ForeignClient {
  /** Types of all events that it was sent. */
  readonly events: string[] = [];
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (text) => this.events.push((JSON.parse(String(text)) as { type: string }).type));
  }

  static async connect(lab: Lab, application: string): Promise<ForeignClient> {
    const { url, username, password } = lab.pbx.ari;
    const query = new URLSearchParams({ app: application, api_key: `${username}:${password}` });
    const client = new ForeignClient(new WebSocket(`${url.replace(/^http/, 'ws')}/ari/events?${query}`));
    await once(client.#socket, 'open');
    return client;
  }

  get isConnected(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  async close(): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }
}

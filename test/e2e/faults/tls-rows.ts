/** One add-on with a secret, one receiver of wss and one call between two noisy phones: what the rows about TLS are tried on. */
import { createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Lab } from '../../../lab/lab.js';
import { AddOn, type LogLine, type SettingsPart } from '../add-on.js';
import { ListeningReceiver, type ReceiverOptions } from '../listening-receiver.js';
import { expectExact, flows, type NoiseCall, noiseCall, RATE, withoutRepeats } from '../noise-call.js';

export const SECRET = { name: 'X-Api-Key', value: 'hush-hush-0815' };
/** Longer than all rows of one call take, with pauses of up to 5 s between two tries. */
const BUFFER_SECONDS = 100;
const ROW_LIMIT_MS = 30_000;

export class TlsRow {
  readonly receiver: ListeningReceiver;
  readonly addOn: AddOn;
  readonly #parties: readonly [string, string];
  readonly #lab: Lab;
  call: NoiseCall | undefined;
  #logSeen = 0;

  private constructor(lab: Lab, parties: readonly [string, string], receiver: ListeningReceiver, addOn: AddOn) {
    this.#lab = lab;
    this.#parties = parties;
    this.receiver = receiver;
    this.addOn = addOn;
  }

  /** A receiver and an add-on for the calls of these two alone; it is connected to Asterisk when this resolves. */
  static async start(
    lab: Lab,
    parties: readonly [string, string],
    tls: NonNullable<ReceiverOptions['tls']>,
    streaming: SettingsPart,
  ): Promise<TlsRow> {
    const receiver = await new ListeningReceiver({ sampleRate: RATE, tls }).start();
    const app = `tls-${parties[0]}-${receiver.address.replace(/\D/g, '')}`;
    const addOn = await AddOn.linked(lab, receiver, {
      asterisk: { app },
      stateDir: join(lab.folder, app),
      streaming: {
        secret: SECRET,
        bufferSeconds: BUFFER_SECONDS,
        subscriptions: { extensions: [parties[0]] },
        ...streaming,
      },
    });
    return new TlsRow(lab, parties, receiver, addOn);
  }

  async begin(): Promise<void> {
    this.call = await noiseCall(this.#lab, undefined, ...this.#parties);
  }

  /** The next warning with this code and these words. By then nothing more has been told to the receiver. */
  async refused(code: string, words: string): Promise<LogLine> {
    const upgrades = this.receiver.upgrades.length;
    const isNext = (line: LogLine): boolean =>
      this.addOn.lines.indexOf(line) >= this.#logSeen && line.code === code && line.message.includes(words);
    const line = await this.addOn.logs(`${code} with "${words}"`, isNext, ROW_LIMIT_MS);
    this.#logSeen = this.addOn.lines.length;
    expect(this.receiver.upgrades).toHaveLength(upgrades);
    expect(line.level).toBe('warn');
    return line;
  }

  /** From now on the receiver's port is that of a server without TLS; gives all that came there, once something has. */
  async withoutTls<T>(meanwhile: () => Promise<T>): Promise<Buffer> {
    await this.receiver.stop();
    const came: Buffer[] = [];
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (octets) => {
        came.push(octets);
        socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
      });
    });
    const port = Number(new URL(this.receiver.address).port);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    await meanwhile();
    await new Promise((resolve) => server.close(resolve));
    return Buffer.concat(came);
  }

  async flows(fragments?: number): Promise<void> {
    await flows(this.receiver, this.#parties, fragments);
  }

  /** Hangs up, and fails unless the receiver has every sample, and every upgrade brought the secret. */
  async expectNothingLost(): Promise<void> {
    await this.call?.caller.hangUp();
    for (const heard of await this.receiver.ended(this.#parties, ROW_LIMIT_MS)) expectExact(withoutRepeats(heard).once);
    const secrets = this.receiver.upgrades.map((headers) => headers[SECRET.name.toLowerCase()]);
    expect(new Set(secrets)).toEqual(new Set([SECRET.value]));
  }

  async stop(): Promise<void> {
    await this.receiver.stop();
    await this.addOn.stop();
    expect(this.addOn.output).not.toContain(SECRET.value);
    expect(this.addOn.output).not.toContain(this.#lab.pbx.ari.password);
    expect(this.addOn.output).not.toContain('PRIVATE KEY');
    expect(this.addOn.output).not.toContain('"code":"UNEXPECTED"');
  }
}

/** An add-on of its own application, extensions and receiver, which reaches the lab's Asterisk through a proxy. */
import { expect } from '@jest/globals';
import type { Lab } from '../../../lab/lab.js';
import { AddOn, type LogLine, merged, type SettingsPart } from '../add-on.js';
import { ListeningReceiver } from '../listening-receiver.js';
import { RATE } from '../noise-call.js';
import { AriProxy } from './ari-proxy.js';

export class FaultyAri {
  readonly application: string;
  readonly caller: string;
  readonly callee: string;
  readonly proxy: AriProxy;
  readonly receiver: ListeningReceiver;
  readonly addOn: AddOn;
  #seen = 0;

  private constructor(
    application: string,
    pair: readonly [string, string],
    parts: [AriProxy, ListeningReceiver, AddOn],
  ) {
    this.application = application;
    [this.caller, this.callee] = pair;
    [this.proxy, this.receiver, this.addOn] = parts;
  }

  /** Streams the calls of these two extensions alone. */
  static async start(
    lab: Lab,
    application: string,
    pair: readonly [caller: string, callee: string],
    changes: SettingsPart = {},
  ): Promise<FaultyAri> {
    const proxy = await AriProxy.open(lab.pbx.ari);
    const receiver = await new ListeningReceiver({ sampleRate: RATE }).start();
    const own = {
      asterisk: { url: proxy.url, app: application },
      streaming: { subscriptions: { extensions: pair } },
    };
    const addOn = await AddOn.linked(lab, receiver, merged(own, changes));
    return new FaultyAri(application, pair, [proxy, receiver, addOn]);
  }

  /** What the add-on has logged since complaints were taken. */
  newLines(): LogLine[] {
    return this.addOn.lines.slice(this.#seen);
  }

  /** The new warnings and errors; those about a receiver that a busy machine lets wait are no matter of Asterisk. */
  takeComplaints(): string[] {
    const fresh = this.newLines();
    this.#seen += fresh.length;
    return fresh
      .filter(({ level, code }) => (level === 'warn' || level === 'error') && !String(code).startsWith('RECEIVER_'))
      .map(({ message }) => message);
  }

  /** Adds what the add-on has logged meanwhile to a failure. */
  async explains<T>(run: () => Promise<T>): Promise<T> {
    const before = this.addOn.lines.length;
    try {
      return await run();
    } catch (error) {
      const lines = this.addOn.lines.slice(before).map((line) => JSON.stringify(line));
      throw new Error(`${error instanceof Error ? error.message : error}\n${lines.join('\n')}`, { cause: error });
    }
  }

  async stop(lab: Lab): Promise<void> {
    const code = await this.addOn.stop();
    await this.receiver.stop();
    await this.proxy.close();
    expect(code).toBe(0);
    expect(this.addOn.output).not.toContain('"code":"UNEXPECTED"');
    expect(this.addOn.output).not.toContain(lab.pbx.ari.password);
  }
}

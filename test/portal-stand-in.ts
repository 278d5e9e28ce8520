/**
 * A stand-in for the program behind the page: for what can't be made to happen for real at will, such as 200 participants
 * at once, every kind of trouble, or a call of an hour; and for drawing the views. Whatever can be tested against the real
 * program is tested there. It keeps no secrets and checks no rights.
 */
import { join } from 'node:path';
import helmet from '@fastify/helmet';
import websocket, { type WebSocket } from '@fastify/websocket';
import Fastify, { type FastifyInstance } from 'fastify';
import { projectRoot } from '../lab/project-root.js';
import type { Identity, Session } from '../src/io/web/contract/access.js';
import { API } from '../src/io/web/contract/endpoints.js';
import type { LiveMessage } from '../src/io/web/contract/live.js';
import type { SettingsChange } from '../src/io/web/contract/settings.js';
import { readPage } from '../src/io/web/pages.js';
import { securityHeaders } from '../src/io/web/security-headers.js';
import { StandInContent } from './portal-stand-in-content.js';

/** The contract: figures come five times a second. */
const FIGURES_MS = 200;
const AUDIO_MS = 40;

export class PortalStandIn {
  readonly content: StandInContent;
  /** Who is signed in; nobody for the door. */
  user: Identity | undefined = { name: 'admin', role: 'admin', mayListen: true };
  isSetUp = true;
  readonly #server: FastifyInstance;
  readonly #live = new Set<WebSocket>();
  #timer: NodeJS.Timeout | undefined;
  #address = '';

  private constructor(content: StandInContent) {
    this.content = content;
    this.#server = Fastify({ logger: false, forceCloseConnections: true });
  }

  static async start(content = new StandInContent(), port = 0): Promise<PortalStandIn> {
    const standIn = new PortalStandIn(content);
    await standIn.#open(port);
    return standIn;
  }

  /** Where the page is, with the slash at its end. */
  get address(): string {
    return `${this.#address}/`;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    for (const socket of this.#live) socket.terminate();
    await this.#server.close();
  }

  /** Tells all pages something now. */
  tell(message: LiveMessage): void {
    for (const socket of this.#live) socket.send(JSON.stringify(message));
  }

  /** All sessions end, as they do when their time is over. */
  expire(): void {
    this.user = undefined;
    for (const socket of this.#live) socket.close(4401, 'signed out');
  }

  /** Somebody else changes the settings. */
  saveAs(name: string, change: Partial<StandInContent['settings']['streaming']>): void {
    const { settings } = this.content;
    settings.revision += 1;
    settings.savedBy = name;
    settings.savedAt = new Date().toISOString();
    Object.assign(settings.streaming, change);
    this.tell({ kind: 'settings', revision: settings.revision, savedBy: name });
  }

  async #open(port: number): Promise<void> {
    const server = this.#server;
    await server.register(websocket);
    await server.register(helmet, securityHeaders(false));
    const { files, index } = readPage('', join(projectRoot(), 'dist', 'web'));
    server.get<{ Params: { '*': string } }>('/*', ({ params }, reply) => {
      const { type, content } = files.get(params['*']) ?? index;
      return reply.type(type).send(content);
    });
    server.addHook('onRequest', async (request, reply) => {
      const isOpen = [API.session, API.setup].some((path) => request.url === path) || !request.url.startsWith('/api');
      if (this.user !== undefined || isOpen) return;
      return reply
        .code(401)
        .send({ error: { code: 'NOT_SIGNED_IN', message: 'You are not signed in, or no longer.' } });
    });
    this.#addAccess();
    this.#addSettings();
    this.#addCalls();
    await server.register(async (scope) => this.#addSockets(scope));
    this.#address = await server.listen({ host: '127.0.0.1', port });
    this.#timer = setInterval(() => this.tell(this.content.figures()), FIGURES_MS);
  }

  #session(): Session {
    const state = this.isSetUp ? (this.user === undefined ? 'signed-out' : 'signed-in') : 'setup-needed';
    const isIn = state === 'signed-in';
    return {
      state,
      user: isIn ? (this.user ?? null) : null,
      csrfToken: isIn ? 'csrf' : null,
      version: isIn ? '0.1.0' : '',
    };
  }

  #addAccess(): void {
    const { content } = this;
    const admin: Identity = { name: 'admin', role: 'admin', mayListen: true };
    this.#server.get(API.session, () => this.#session());
    this.#server.post<{ Body: { name: string; password: string } }>(API.session, (request, reply) => {
      if (request.body.password !== 'correct horse battery') {
        reply.code(401);
        return { error: { code: 'WRONG_PASSWORD', message: 'The user name or the password is wrong.' } };
      }
      this.user = { ...admin, name: request.body.name };
      return this.#session();
    });
    this.#server.post(API.setup, () => {
      this.isSetUp = true;
      this.user = admin;
      return this.#session();
    });
    this.#server.delete(API.session, (_request, reply) => {
      this.user = undefined;
      return reply.code(204).send();
    });
    this.#server.get(API.users, () => content.users);
    this.#server.get(API.tokens, () => content.tokens);
    this.#server.post<{ Body: { name: string } }>(API.tokens, ({ body }) => content.makeToken(body));
    this.#server.get(API.audit, () => content.audit);
    this.#server.get(API.health, () => content.health);
    this.#server.get<{ Querystring: { after: string } }>(API.log, ({ query }) =>
      content.log.filter(({ serial }) => serial > Number(query.after)),
    );
  }

  #addSettings(): void {
    const { content } = this;
    this.#server.get(API.settings, () => content.settings);
    this.#server.put<{ Body: SettingsChange }>(API.settings, ({ body }, reply) => {
      if (body.revision !== content.settings.revision) {
        reply.code(409);
        return { error: { code: 'CONFLICT', message: 'Somebody else has saved these settings meanwhile.' } };
      }
      if (body.streaming.serverAddress.includes('?bad')) {
        reply.code(400);
        const problems = [
          { field: 'streaming.serverAddress', message: 'must be an address such as wss://example.com' },
        ];
        return { error: { code: 'INVALID', message: 'The settings are not valid.', problems } };
      }
      return content.save(body, this.user?.name ?? 'nobody');
    });
    this.#server.post(API.settingsTest, () => content.connectionTest);
    this.#server.get(API.settingsVersions, () => content.versions);
    this.#server.get(API.subscriptionObjects, () => content.objects);
  }

  #addCalls(): void {
    const { content } = this;
    this.#server.get<{ Querystring: { search: string; limit: string } }>(API.recentCalls, ({ query }) =>
      content.recent.filter((call) => JSON.stringify(call).includes(query.search)).slice(0, Number(query.limit)),
    );
    this.#server.get<{ Params: { callid: string } }>(API.call, ({ params }, reply) => {
      const call = content.recent.find(({ callid }) => callid === params.callid);
      if (call !== undefined) return call;
      reply.code(404);
      return { error: { code: 'NOT_FOUND', message: `There is no call ${params.callid}.` } };
    });
    const orders = [API.callPause, API.callStreaming, API.participantPause];
    for (const path of orders) {
      this.#server.put<{ Params: Record<string, string>; Body: Record<string, boolean> }>(path, (request, reply) => {
        content.order(request.params, request.body);
        this.tell({ kind: 'calls', calls: content.calls });
        return reply.code(204).send();
      });
    }
  }

  #addSockets(server: FastifyInstance): void {
    const { content } = this;
    server.get(API.live, { websocket: true }, (socket) => {
      this.#live.add(socket);
      socket.on('close', () => this.#live.delete(socket));
      const first: LiveMessage[] = [
        { kind: 'calls', calls: content.calls },
        { kind: 'health', health: content.health },
        content.figures(),
      ];
      for (const message of first) socket.send(JSON.stringify(message));
    });
    server.get(API.callAudio, { websocket: true }, (socket) => {
      const rate = 16_000;
      const samples = (rate * AUDIO_MS) / 1000;
      const participants = [{ index: 0, channelid: 'PJSIP/1001-00000001', number: '1001' }];
      socket.send(JSON.stringify({ kind: 'participants', sampleRate: rate, participants }));
      let at = 0;
      const begun = performance.now();
      const send = () => {
        const frame = Buffer.alloc(1 + samples * 2);
        for (let index = 0; index < samples; index += 1, at += 1) {
          frame.writeInt16LE(Math.round(9000 * Math.sin((2 * Math.PI * 700 * at) / rate)), 1 + index * 2);
        }
        socket.send(frame);
      };
      // A timer that is late must not make the tone slower.
      const timer = setInterval(() => {
        while (at < ((performance.now() - begun) / 1000) * rate) send();
      }, AUDIO_MS);
      socket.on('close', () => clearInterval(timer));
    });
  }
}

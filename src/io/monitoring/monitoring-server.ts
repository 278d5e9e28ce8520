/** The listener for monitoring: /metrics, /healthz and /readyz over HTTP, without a login, for they name nobody. */

import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { StreamError } from '../../core/errors.js';
import { detailOf } from '../network-problem.js';

/** HTTP status and JSON of a health question. */
export interface HealthAnswer {
  readonly isGood: boolean;
  readonly report: Readonly<Record<string, unknown>>;
}

export interface MonitoringAnswers {
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>;
  readonly health: () => HealthAnswer;
  readonly readiness: () => HealthAnswer;
}

/** Nobody has to send a body, and nobody may take long: all questions are short. */
const BODY_LIMIT_OCTETS = 1024;
const REQUEST_LIMIT_MS = 5000;
const CONNECTION_LIMIT_MS = 10_000;
/** A scraper every second from each of many hosts still finds room. */
const MAX_CONNECTIONS = 100;

export class MonitoringServer {
  readonly #server: FastifyInstance;

  private constructor(server: FastifyInstance) {
    this.#server = server;
  }

  /** Listens; port 0 takes any free one. Rejects with MONITORING_LISTEN_FAILED. */
  static async open(
    { host, port }: { readonly host: string; readonly port: number },
    answers: MonitoringAnswers,
  ): Promise<MonitoringServer> {
    const server = serverOf(answers);
    try {
      await server.listen({ host, port });
    } catch (cause) {
      await server.close();
      const at = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
      const detail = `monitoring.listen ${at}: ${detailOf(cause)}; choose another address, or off`;
      throw new StreamError('MONITORING_LISTEN_FAILED', 'machine', detail, cause);
    }
    return new MonitoringServer(server);
  }

  /** HOST:PORT, with the port that was bound. */
  get address(): string {
    const { address, family, port } = this.#server.server.address() as AddressInfo;
    return family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`;
  }

  async close(): Promise<void> {
    await this.#server.close();
  }
}

function serverOf({ metrics, health, readiness }: MonitoringAnswers): FastifyInstance {
  const server = Fastify({
    logger: false,
    bodyLimit: BODY_LIMIT_OCTETS,
    requestTimeout: REQUEST_LIMIT_MS,
    connectionTimeout: CONNECTION_LIMIT_MS,
    keepAliveTimeout: CONNECTION_LIMIT_MS,
    forceCloseConnections: true,
  });
  server.server.maxConnections = MAX_CONNECTIONS;
  server.addHook('onSend', async (_request, reply) => {
    reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
  });
  server.get('/metrics', async (_request, reply) => {
    const { contentType, text } = await metrics();
    return reply.header('content-type', contentType).send(text);
  });
  server.get('/healthz', (_request, reply) => send(reply, health()));
  server.get('/readyz', (_request, reply) => send(reply, readiness()));
  server.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: 'There are /metrics, /healthz and /readyz here.' }),
  );
  return server;
}

function send(reply: FastifyReply, { isGood, report }: HealthAnswer): FastifyReply {
  return reply.code(isGood ? 200 : 503).send(report);
}

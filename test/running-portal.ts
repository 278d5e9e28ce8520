/** The real portal on loopback with real accounts in a folder of its own; only its passwords are hashed more cheaply. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessRoutes } from '../src/app/access/access-routes.js';
import { PortalAccess } from '../src/app/access/portal-access.js';
import type { Log, LogFields } from '../src/core/log.js';
import { PasswordHasher } from '../src/io/access/password-hash.js';
import type { NewToken } from '../src/io/web/contract/access.js';
import type { PortalOptions } from '../src/io/web/portal-options.js';
import { openPortal, type Portal } from '../src/io/web/portal-server.js';
import type { RouteModule } from '../src/io/web/route.js';
import { PortalClient } from './portal-client.js';

export const VERSION = '9.8.7';
export const ADMIN = { name: 'admin', password: 'correct horse battery' };

export interface LoggedLine {
  readonly level: string;
  readonly message: string;
  readonly fields: LogFields;
}

type Choices = Partial<Omit<PortalOptions, 'gate' | 'log' | 'version'>> & {
  readonly routes?: readonly RouteModule[];
  /** Kept by the caller, for a second portal over the same files. */
  readonly stateDir?: string;
};

export class RunningPortal {
  readonly portal: Portal;
  readonly access: PortalAccess;
  readonly stateDir: string;
  readonly lines: LoggedLine[];
  readonly clock: { now: number };
  readonly #isOwnFolder: boolean;

  private constructor(
    portal: Portal,
    access: PortalAccess,
    stateDir: string,
    isOwnFolder: boolean,
    lines: LoggedLine[],
    clock: { now: number },
  ) {
    this.portal = portal;
    this.access = access;
    this.stateDir = stateDir;
    this.#isOwnFolder = isOwnFolder;
    this.lines = lines;
    this.clock = clock;
  }

  /** Without any account: the log has the code. */
  static async bare({ routes = [], stateDir, ...choices }: Choices = {}): Promise<RunningPortal> {
    const folder = stateDir ?? (await mkdtemp(join(tmpdir(), 'portal-')));
    const lines: LoggedLine[] = [];
    const log = logInto(lines);
    const clock = { now: 0 };
    const hasher = new PasswordHasher({ ln: 4, r: 8, p: 1 });
    const access = await PortalAccess.open({ stateDir: folder, log, hasher, clock: () => clock.now });
    const options = { listen: { host: '127.0.0.1', port: 0 }, basePath: '', trustedProxies: [], hosts: [], ...choices };
    const all = [...routes, ...accessRoutes(access, VERSION)];
    const portal = await openPortal({ ...options, version: VERSION, gate: access, log }, all).catch(async (error) => {
      await access.close();
      if (stateDir === undefined) await rm(folder, { recursive: true, force: true });
      throw error;
    });
    await access.announce(portal.address);
    return new RunningPortal(portal, access, folder, stateDir === undefined, lines, clock);
  }

  /** With the administrator ADMIN, who may listen. */
  static async open(choices: Choices = {}): Promise<RunningPortal> {
    const running = await RunningPortal.bare(choices);
    await running.access.accounts.setUp(ADMIN.name, ADMIN.password);
    await running.access.sweep();
    return running;
  }

  /** A browser that has not been here before. */
  client(ca?: string): PortalClient {
    return new PortalClient(this.portal.address, ca);
  }

  async adminClient(ca?: string): Promise<PortalClient> {
    const client = this.client(ca);
    await client.signIn(ADMIN.name, ADMIN.password);
    return client;
  }

  /** A program with a token of these rights. */
  async tokenClient(rights: Partial<NewToken> = {}): Promise<PortalClient> {
    const name = `t${this.access.accounts.tokens().length}`;
    const wanted = { name, role: 'admin', mayListen: false, mayReadSecrets: false, ...rights } as const;
    const { token } = await this.access.accounts.addToken(wanted, ADMIN.name);
    const client = this.client();
    client.token = token;
    return client;
  }

  /** The newest code in the log. */
  get setupCode(): string | undefined {
    const line = this.lines.findLast(({ fields }) => fields.setupCode !== undefined);
    return line === undefined ? undefined : String(line.fields.setupCode);
  }

  async close(): Promise<void> {
    await this.portal.close();
    await this.access.close();
    if (this.#isOwnFolder) await rm(this.stateDir, { recursive: true, force: true });
  }
}

function logInto(lines: LoggedLine[]): Log {
  const at =
    (level: string) =>
    (message: string, fields: LogFields = {}) =>
      void lines.push({ level, message, fields });
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug'), isDebugEnabled: () => true };
}

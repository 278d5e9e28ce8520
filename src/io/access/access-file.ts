/** The file of the accounts, `access.json` in the state folder: read once, written whole at every change. */
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { AccountsData } from '../../core/access/accounts.js';
import { StreamError } from '../../core/errors.js';
import { writePrivateJsonFile } from '../json-file.js';

const VERSION = 1;

const Rights = { role: z.enum(['admin', 'reader']), mayListen: z.boolean() };
const Time = z.iso.datetime();

const AccessData = z.object({
  version: z.literal(VERSION),
  users: z.array(
    z.object({
      ...Rights,
      name: z.string().min(1),
      passwordHash: z.string().startsWith('$scrypt$'),
      createdAt: Time,
      lastSeenAt: Time.nullable(),
    }),
  ),
  tokens: z.array(
    z.object({
      ...Rights,
      id: z.string().min(1),
      name: z.string(),
      mayReadSecrets: z.boolean(),
      hash: z.string().length(64),
      createdAt: Time,
      createdBy: z.string(),
      lastUsedAt: Time.nullable(),
    }),
  ),
});

export class AccessFile {
  readonly #path: string;
  #last: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Nothing when there is no such file yet. A file that is there but cannot be understood is never taken for none, or
   * anybody could become the first administrator: rejects with ACCESS_FILE_UNUSABLE.
   */
  async read(): Promise<AccountsData | undefined> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw this.#unusable(error instanceof Error ? error.message : String(error), error);
    }
    let content: unknown;
    try {
      content = JSON.parse(text);
    } catch (error) {
      // The reader's own message would quote the file.
      throw this.#unusable('it is not JSON', error);
    }
    const version =
      typeof content === 'object' && content !== null && 'version' in content ? content.version : undefined;
    if (typeof version === 'number' && version > VERSION) {
      throw this.#unusable(`it has version ${version}, and this program knows version ${VERSION} only`);
    }
    const data = AccessData.safeParse(content);
    if (!data.success) {
      const [issue] = data.error.issues;
      throw this.#unusable(`${issue?.path.join('.') || 'its content'}: ${issue?.message ?? 'not valid'}`);
    }
    return { users: data.data.users, tokens: data.data.tokens };
  }

  /** Writes one after the other, each as the data were when it was called; resolves when it is on the disk. */
  write(data: AccountsData): Promise<void> {
    const content = { version: VERSION, users: data.users, tokens: data.tokens };
    const written = this.#last.then(async () => {
      await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
      await writePrivateJsonFile(this.#path, content);
    });
    this.#last = written.catch(() => undefined);
    return written;
  }

  #unusable(detail: string, cause?: unknown): StreamError {
    return new StreamError('ACCESS_FILE_UNUSABLE', 'machine', `${this.#path}: ${detail}`, cause);
  }
}

/** What the service manager is told, in plain words: when we are ready, what we are about, when we end. */
import type { StreamError } from '../core/errors.js';
import type { ServiceNotify } from '../io/service-notify.js';

/** Ready is who listens for RTP and has tried once to reach Asterisk: a boot does not wait for an Asterisk that is away. */
export class ServiceStatus {
  readonly #notify: Pick<ServiceNotify, 'send'> | undefined;
  #isReady = false;
  #isStopping = false;
  #status = 'Connecting to Asterisk.';

  constructor(notify: Pick<ServiceNotify, 'send'> | undefined) {
    this.#notify = notify;
  }

  /** The link to Asterisk is there. */
  linked(version: string): void {
    this.#tell(`Connected to Asterisk ${version}.`);
  }

  /** The link broke, or did not come about; it is tried again. */
  failed({ message }: StreamError): void {
    this.#tell(`Trying to reach Asterisk. ${message}.`);
  }

  /** Runs a reload of the settings, which does not take longer than the call. */
  reloading(reload: () => void): void {
    if (this.#isReady) this.#notify?.send('RELOADING=1', 'STATUS=Reading the settings again.');
    reload();
    if (this.#isReady) this.#notify?.send('READY=1', `STATUS=${this.#status}`);
  }

  stopping(): void {
    this.#isStopping = true;
    this.#notify?.send('STOPPING=1', 'STATUS=Ending the streams.');
  }

  #tell(status: string): void {
    if (this.#isStopping || (this.#isReady && status === this.#status)) return;
    this.#status = status;
    this.#notify?.send(...(this.#isReady ? [] : ['READY=1']), `STATUS=${status}`);
    this.#isReady = true;
  }
}

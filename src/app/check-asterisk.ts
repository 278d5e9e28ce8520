/** Checks one Asterisk: how it is reached, its version, its modules, its configuration, and the way of the audio from it. */

import {
  type AriProblem,
  applicationFinding,
  ariProblem,
  channelvarsFinding,
  unverifiedAsterisk,
  versionFindings,
} from '../core/check/asterisk-findings.js';
import { certificateFinding, clockFinding } from '../core/check/clock.js';
import { areaOf, type Finding, skipped, well } from '../core/check/finding.js';
import { udpBufferFinding } from '../core/check/machine-findings.js';
import { moduleFindings } from '../core/check/modules.js';
import { noTapFinding, rtpFindings } from '../core/check/rtp-findings.js';
import { laterPortFinding, listenFinding, opusFinding, portTakenFinding } from '../core/check/socket-findings.js';
import { StreamError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import { type HostPort, hostPort } from '../core/settings/addresses.js';
import type { Settings } from '../core/settings/settings.js';
import { EVENT_TYPES } from '../io/ari/ari-events.js';
import { AriHttp, AriRefusal, type AriServer } from '../io/ari/ari-http.js';
import { AriRequests, type AsteriskModuleState } from '../io/ari/ari-requests.js';
import { loadOpusDecoder } from '../io/media/opus-decoder.js';
import { RECEIVE_BUFFER_OCTETS, RtpSocket } from '../io/media/rtp-socket.js';
import { advertisedAddress, listenAddresses } from './advertised-address.js';
import { loopBackTap } from './check-tap.js';
import { unverified } from './streaming-options.js';

/** Where the HTTP server of Asterisk mostly is, when it is not where the settings say. */
const USUAL_PORTS = ['http://HOST:8088', 'https://HOST:8089'];
/** What the sample http.conf has for a prefix. */
const USUAL_PREFIX = 'asterisk';
/** Linux reports twice what it granted. */
const KERNEL_FACTOR = 2;

export async function checkAsterisk(settings: Settings, log: Log, signal: AbortSignal): Promise<Finding[]> {
  const http = new AriHttp(settings.asterisk);
  try {
    return await new AsteriskCheck(settings, http, log, signal).run();
  } finally {
    http.close();
  }
}

class AsteriskCheck {
  readonly #settings: Settings;
  readonly #http: AriHttp;
  readonly #ari: AriRequests;
  readonly #log: Log;
  readonly #signal: AbortSignal;
  /** Of this check itself, so that a running add-on keeps its own. */
  readonly #application: string;

  constructor(settings: Settings, http: AriHttp, log: Log, signal: AbortSignal) {
    this.#settings = settings;
    this.#http = http;
    this.#ari = new AriRequests(http);
    this.#log = log;
    this.#signal = signal;
    this.#application = `${settings.asterisk.app}.check`;
  }

  async run(): Promise<Finding[]> {
    const { asterisk } = this.#settings;
    let version: string;
    try {
      ({ version } = await this.#ari.info());
    } catch (error) {
      const problem = ariProblem(await this.#problemOf(error), asterisk);
      return [problem, skipped('audio.path', 'The rest of Asterisk, and the audio from it, could not be looked at.')];
    }
    this.#signal.throwIfAborted();
    const modules = await this.#modules();
    return [
      well('asterisk.reach', `ARI answers at ${asterisk.url}, and takes the password of "${asterisk.username}".`),
      ...versionFindings(version, dayOf(Date.now())),
      ...this.#facts(),
      ...modules,
      ...(await this.#app()),
      ...(await this.#audio(modules.some(({ level }) => level === 'error'))),
    ];
  }

  #facts(): Finding[] {
    const { clockAheadMs, certificateExpires } = this.#http.lastAnswer ?? {};
    return [
      ...clockFinding('asterisk.clock', 'Asterisk', clockAheadMs),
      ...(unverified(this.#settings).asterisk
        ? [unverifiedAsterisk()]
        : certificateFinding('asterisk.certificate', 'Asterisk', certificateExpires, Date.now())),
    ];
  }

  async #modules(): Promise<Finding[]> {
    let modules: AsteriskModuleState[];
    try {
      modules = await this.#ari.modules();
    } catch (error) {
      return [skipped('asterisk.modules', `Asterisk does not tell its modules: ${wordsOf(error)}.`)];
    }
    return moduleFindings(modules, this.#settings.media.format);
  }

  async #app(): Promise<Finding[]> {
    const { app } = this.#settings.asterisk;
    try {
      return [applicationFinding(await this.#ari.application(app), app, EVENT_TYPES)];
    } catch (error) {
      return [skipped('asterisk.application', `Asterisk does not tell its applications: ${wordsOf(error)}.`)];
    }
  }

  async #audio(lacksModule: boolean): Promise<Finding[]> {
    const { media } = this.#settings;
    const findings: Finding[] = [];
    if (media.format === 'opus') findings.push(opusFinding(await opusProblem()));
    // Asterisk knows the name of our own last tap for a moment longer: so whose it is, is asked before the first one.
    const isOtherCheck = (await this.#ari.application(this.#application).catch(() => undefined)) !== undefined;
    const [first = media.listen, ...others] = listenAddresses(media);
    findings.push(...(await this.#port(first, isOtherCheck, lacksModule)));
    const isFirstTaken = findings.some(({ id }) => id === 'audio.socket');
    for (const listen of others) {
      // One that fails is enough to see to.
      if (isOtherCheck || findings.some(({ level }) => level === 'error')) break;
      const more = await this.#port(listen, false, lacksModule);
      const ofAudio = more.filter((one) => areaOf(one) === 'audio');
      findings.push(...ofAudio.map((one) => laterPortFinding(one, listen, media, isFirstTaken)));
    }
    return findings;
  }

  /** One of the ports that the threads of the audio have. */
  async #port(listen: HostPort, isOtherCheck: boolean, lacksModule: boolean): Promise<Finding[]> {
    const { media } = this.#settings;
    const findings: Finding[] = [];
    const socket = await this.#openSocket(listen);
    if (socket instanceof StreamError) return [listenFinding(socket.message, media)];
    const { rtp, isOtherPort } = socket;
    if (isOtherPort) findings.push(portTakenFinding(listen, rtp.port));
    try {
      const granted = rtp.receiveBufferOctets / KERNEL_FACTOR;
      findings.push(udpBufferFinding({ askedOctets: RECEIVE_BUFFER_OCTETS, grantedOctets: granted }));
      if (isOtherCheck) {
        const what = `Another check is running as "${this.#application}": the audio was left to it.`;
        return [...findings, skipped('audio.path', what)];
      }
      return [...findings, ...(await this.#tap(rtp, isOtherPort, lacksModule))];
    } finally {
      await rtp.close();
    }
  }

  /** The socket of media.listen; one beside it when another program, most likely the running add-on, has that one. */
  async #openSocket(listen: HostPort): Promise<{ rtp: RtpSocket; isOtherPort: boolean } | StreamError> {
    try {
      return { rtp: await RtpSocket.open(listen, this.#log), isOtherPort: false };
    } catch (error) {
      const isTaken = error instanceof StreamError && /EADDRINUSE/.test(error.message);
      if (!isTaken)
        return error instanceof StreamError ? error : new StreamError('MEDIA_LISTEN_FAILED', 'machine', wordsOf(error));
    }
    try {
      return { rtp: await RtpSocket.open({ host: listen.host, port: 0 }, this.#log), isOtherPort: true };
    } catch (error) {
      return new StreamError('MEDIA_LISTEN_FAILED', 'machine', wordsOf(error));
    }
  }

  async #tap(rtp: RtpSocket, isOtherPort: boolean, lacksModule: boolean): Promise<Finding[]> {
    const { asterisk, media, streaming } = this.#settings;
    const { channelvars, tap } = await loopBackTap(
      {
        server: asterisk,
        ari: this.#ari,
        application: this.#application,
        rtp,
        media,
        // Of another port than that of media.listen only the host can be true.
        advertised: isOtherPort ? hostPort(media.advertise.host, rtp.port) : advertisedAddress(media, rtp.port),
        isOtherPort,
        ownAddress: this.#http.lastAnswer?.ownAddress,
        sampleRate: streaming.sampleRate,
        log: this.#log,
      },
      this.#signal,
    );
    const vars = channelvars === undefined ? [] : [channelvarsFinding(channelvars, media.workers)];
    if (!(tap instanceof StreamError)) return [...vars, ...rtpFindings(tap, lacksModule)];
    return [...vars, ...this.#noTap(tap, lacksModule)];
  }

  #noTap(problem: StreamError, lacksModule: boolean): Finding[] {
    if (problem.code === 'ARI_FORBIDDEN') {
      const { code, message } = problem;
      const finding = ariProblem({ code, message, foundAt: undefined, isPartMissing: false }, this.#settings.asterisk);
      return [finding, skipped('audio.path', 'The way of the audio could not be tried.')];
    }
    return [noTapFinding(problem.message, lacksModule)];
  }

  /** What is wrong with the way to ARI, and whether it is to be found where it mostly is. */
  async #problemOf(error: unknown): Promise<AriProblem> {
    const problem = error instanceof StreamError ? error : new StreamError('UNEXPECTED', 'us', wordsOf(error), error);
    const isRefusal = problem instanceof AriRefusal;
    const code = isRefusal ? 'ARI_NOT_THERE' : problem.code;
    const message = isRefusal ? new StreamError(code, 'asterisk', detailIn(problem.message)).message : problem.message;
    const isPartMissing = isRefusal && /Resource not found/.test(problem.message);
    const mayBeElsewhere = ['ARI_REFUSED', 'ARI_NOT_THERE', 'ARI_NOT_ARI', 'ARI_TLS'].includes(code) && !isPartMissing;
    return {
      code,
      message,
      isPartMissing,
      foundAt: mayBeElsewhere ? await this.#findElsewhere(code === 'ARI_TLS') : undefined,
    };
  }

  async #findElsewhere(isTlsProblem: boolean): Promise<string | undefined> {
    const { asterisk } = this.#settings;
    const { protocol, hostname, host } = new URL(asterisk.url);
    const other = protocol === 'https:' ? 'http:' : 'https:';
    const candidates = [
      `${protocol}//${host}`,
      `${protocol}//${host}/${USUAL_PREFIX}`,
      `${other}//${host}`,
      // Who asks for TLS is not to be talked out of it for the sake of a certificate.
      ...(isTlsProblem ? [] : USUAL_PORTS.map((address) => address.replace('HOST', hostname))),
    ];
    for (const url of candidates) {
      if (url !== asterisk.url && (await isAri({ ...asterisk, url }))) return url;
    }
    return undefined;
  }
}

/** Whether an ARI answers there, be it that it refuses the password. */
async function isAri(server: AriServer): Promise<boolean> {
  const http = new AriHttp(server);
  try {
    await new AriRequests(http).info();
    return true;
  } catch (error) {
    return error instanceof StreamError && error.code === 'ARI_WRONG_PASSWORD';
  } finally {
    http.close();
  }
}

async function opusProblem(): Promise<string | undefined> {
  return loadOpusDecoder().then(
    () => undefined,
    (error: unknown) => wordsOf(error),
  );
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** The message without the words for its code. */
function detailIn(message: string): string {
  return message.slice(message.indexOf(': ') + 2);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

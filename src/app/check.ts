/** The doctor: looks at the settings, this machine, Asterisk, the way of the audio and the receiver, and says what to change. */

import type { Finding } from '../core/check/finding.js';
import { skipped } from '../core/check/finding.js';
import {
  descriptorsFinding,
  type Listener,
  listenerFinding,
  nodeFinding,
  secretFileFindings,
  stateDirFinding,
} from '../core/check/machine-findings.js';
import { receiverFindings } from '../core/check/receiver-findings.js';
import { settingsFindings } from '../core/check/settings-findings.js';
import type { Log } from '../core/log.js';
import { hostPort } from '../core/settings/addresses.js';
import type { Problem } from '../core/settings/problem.js';
import type { Settings } from '../core/settings/settings.js';
import { descriptorLimit, modeOf, whyNoListener, whyNotWritable } from '../io/machine.js';
import { expiryOf } from '../io/peer-facts.js';
import { isOpenFolder } from '../io/private-files.js';
import type { InspectedSettings } from '../io/settings/inspect-settings.js';
import { checkAsterisk } from './check-asterisk.js';
import { probeReceiver } from './check-receiver.js';
import { destinationOf, unverified } from './streaming-options.js';

export interface CheckOptions {
  /** The settings file, if there is one. */
  readonly file: string | undefined;
  readonly inspected: InspectedSettings;
  /** As `v20.19.4`. */
  readonly nodeVersion: string;
}

/** Logs nothing: what is to be said stands in the findings. */
const SILENT: Log = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
  isDebugEnabled: () => false,
};

/** All findings. Rejects when the signal aborts, and then with everything removed from Asterisk as well. */
export async function check(options: CheckOptions, signal: AbortSignal): Promise<Finding[]> {
  const { file, inspected, nodeVersion } = options;
  const { problems, settings } = inspected;
  const [ofMachine, listeners, ofAsterisk, ofReceiver] = await Promise.all([
    checkMachine(inspected, nodeVersion),
    tryListeners(settings),
    asteriskFindings(problems, settings, signal),
    receiverPart(problems, settings, signal),
  ]);
  signal.throwIfAborted();
  const addOnRuns = ofAsterisk.some(({ id, level }) => id === 'asterisk.application' && level === 'note');
  const ofListeners = listeners.map(({ listener, problem }) => listenerFinding(listener, problem, addOnRuns));
  return [...settingsFindings(inspected, file), ...ofMachine, ...ofListeners, ...ofAsterisk, ...ofReceiver];
}

interface TriedListener {
  readonly listener: Listener;
  /** Node's code for why it cannot be listened there. */
  readonly problem: string | undefined;
}

async function tryListeners({ monitoring, web }: Settings): Promise<TriedListener[]> {
  const choices = [
    { id: 'machine.page', key: 'web.listen', listen: web.listen, proposal: '127.0.0.1:8091' },
    { id: 'machine.monitoring', key: 'monitoring.listen', listen: monitoring.listen, proposal: '127.0.0.1:9465' },
  ] as const;
  const tried = choices.map(async ({ id, key, listen, proposal }) => {
    if (listen === undefined) return [];
    const listener = { id, key, address: hostPort(listen.host, listen.port), proposal };
    return [{ listener, problem: await whyNoListener(listen.host, listen.port) }];
  });
  return (await Promise.all(tried)).flat();
}

async function checkMachine(
  { problems, settings, secretFiles }: InspectedSettings,
  nodeVersion: string,
): Promise<Finding[]> {
  const files = await Promise.all(
    secretFiles.map(async ({ path, holds }) => ({ path, holds, mode: await modeOf(path) })),
  );
  const today = new Date().toISOString().slice(0, 10);
  const isFolderKnown = !isWrong(problems, 'stateDir');
  return [
    nodeFinding(nodeVersion, today),
    ...secretFileFindings(files),
    descriptorsFinding(await descriptorLimit()),
    isFolderKnown
      ? stateDirFinding(
          settings.stateDir,
          await whyNotWritable(settings.stateDir),
          await isOpenFolder(settings.stateDir),
        )
      : skipped('machine.stateDir', 'stateDir is not valid, and was not tried.'),
  ];
}

async function asteriskFindings(
  problems: readonly Problem[],
  settings: Settings,
  signal: AbortSignal,
): Promise<Finding[]> {
  const isReachable = !['asterisk.url', 'asterisk.ca', 'asterisk.insecure'].some((key) => isWrong(problems, key));
  if (!isReachable)
    return [skipped('asterisk.reach', 'asterisk.url or asterisk.ca is not valid: Asterisk was not tried.')];
  if (settings.asterisk.password === '') {
    return [skipped('asterisk.reach', 'There is no usable asterisk.password: Asterisk was not tried.')];
  }
  return checkAsterisk(settings, SILENT, signal);
}

async function receiverPart(problems: readonly Problem[], settings: Settings, signal: AbortSignal): Promise<Finding[]> {
  const { streaming } = settings;
  const { enable, serverAddress, secret, cert } = streaming;
  if (!enable) return [skipped('receiver.reach', 'streaming.enable is false: no receiver is needed.')];
  const wrong = [
    'streaming.serverAddress',
    'streaming.ca',
    'streaming.cert',
    'streaming.key',
    'streaming.insecure',
    'streaming.secret.name',
    'streaming.secret.value',
    'streaming.secret.valueFile',
  ];
  if (serverAddress === undefined || wrong.some((key) => isWrong(problems, key))) {
    return [skipped('receiver.reach', 'The address or the secret of the receiver is not valid: it was not tried.')];
  }
  const destination = destinationOf(streaming, serverAddress);
  const facts = await probeReceiver(destination, signal);
  const place = {
    shownAs: destination.shownAs,
    secretName: secret?.name,
    isUnverified: unverified(settings).receiver,
    ownCertificateExpires: cert === undefined ? undefined : expiryOf(cert),
  };
  return receiverFindings(facts, place, Date.now());
}

function isWrong(problems: readonly Problem[], key: string): boolean {
  return problems.some((problem) => problem.key === key || problem.meant === key);
}

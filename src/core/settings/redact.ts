/** The settings as they may be shown: the one line "started with these settings" is made from this. */
import type { Settings } from './settings.js';

const SET = '(set)';

/** Every setting that may be seen, by group; of secrets only whether they are set. Built field by field on purpose. */
export function redactSettings({
  asterisk,
  media,
  log,
  monitoring,
  stateDir,
  streaming,
  calls,
  web,
}: Settings): Record<string, unknown> {
  return {
    asterisk: {
      url: asterisk.url,
      username: asterisk.username,
      password: SET,
      app: asterisk.app,
      ca: asterisk.ca === undefined ? undefined : SET,
      insecure: asterisk.insecure,
    },
    media: { listen: media.listen, advertise: media.advertise, format: media.format, workers: media.workers },
    log: { level: log.level, format: log.format },
    monitoring: {
      listen: monitoring.listen,
      traces: monitoring.traces === undefined ? undefined : shownAddress(monitoring.traces),
    },
    stateDir,
    streaming: {
      enable: streaming.enable,
      serverAddress: streaming.serverAddress === undefined ? undefined : shownAddress(streaming.serverAddress),
      ca: streaming.ca === undefined ? undefined : SET,
      cert: streaming.cert === undefined ? undefined : SET,
      key: streaming.key === undefined ? undefined : SET,
      insecure: streaming.insecure,
      secret: streaming.secret === undefined ? undefined : { name: streaming.secret.name, value: SET },
      sampleRate: streaming.sampleRate,
      bufferSeconds: streaming.bufferSeconds,
      earlyMedia: streaming.earlyMedia,
      subscriptions: {
        enableExtensions: streaming.subscriptions.enableExtensions,
        enableExtensionGroups: streaming.subscriptions.enableExtensionGroups,
        enableTrunks: streaming.subscriptions.enableTrunks,
        enableDids: streaming.subscriptions.enableDids,
        extensions: streaming.subscriptions.extensions,
        extensionGroups: streaming.subscriptions.extensionGroups,
        trunks: streaming.subscriptions.trunks,
        dids: streaming.subscriptions.dids,
      },
    },
    calls: {
      technologies: calls.technologies,
      trunks: calls.trunks,
      trunkContexts: calls.trunkContexts,
      extensionGroups: calls.extensionGroups,
      callflows: calls.callflows.map(({ by, pattern, callflow }) => `${by}:${pattern}=${callflow}`),
    },
    web: {
      listen: web.listen,
      cert: web.cert === undefined ? undefined : SET,
      key: web.key === undefined ? undefined : SET,
      basePath: web.basePath,
      trustedProxies: web.trustedProxies,
      hosts: web.hosts,
    },
  };
}

/** A server's address without what stands behind the question mark, where some platforms put a key. */
export function shownAddress(url: string): string {
  return url.replace(/\?.*$/, '?…');
}

/** The settings page, its API and its live view: joined to the parts that they show and change. */
import { fileURLToPath } from 'node:url';
import type { Log } from '../../core/log.js';
import type { Settings } from '../../core/settings/settings.js';
import type { AriRequests } from '../../io/ari/ari-requests.js';
import { FolderLock } from '../../io/folder-lock.js';
import type { LogTail } from '../../io/log-tail.js';
import { writeSavedSettings } from '../../io/settings/saved-settings.js';
import { callsRoutes } from '../../io/web/calls-routes.js';
import { compatibleRoutes } from '../../io/web/compatible-routes.js';
import { healthRoutes } from '../../io/web/health-routes.js';
import { liveRoutes } from '../../io/web/live-routes.js';
import type { PortalOptions } from '../../io/web/portal-options.js';
import { openPortal } from '../../io/web/portal-server.js';
import type { RouteModule } from '../../io/web/route.js';
import { settingsRoutes } from '../../io/web/settings-routes.js';
import { subscriptionRoutes } from '../../io/web/subscription-routes.js';
import { accessRoutes } from '../access/access-routes.js';
import { PortalAccess } from '../access/portal-access.js';
import { connectionTests } from '../connection-test.js';
import type { FigureSources } from '../figures.js';
import { Opened } from '../opened.js';
import type { SettingsReloads } from '../reloads.js';
import { SettingsChanges } from '../settings-changes.js';
import { StateFolder } from '../state-folder.js';
import type { StreamedCalls } from '../streamed-calls.js';
import { unverified } from '../streaming-options.js';
import { AskedObjects } from '../subscription-objects.js';
import { CallAudio } from './call-audio.js';
import { CallsDesk } from './calls-desk.js';
import { HealthDesk } from './health-desk.js';
import { LiveWatch } from './live-watch.js';

/** What only the program can give: how its settings are read, the end of its log, its Node. */
export interface PageExtras {
  readonly reloads: SettingsReloads;
  readonly tail: LogTail;
  /** Such as `v20.20.2`. */
  readonly nodeVersion: string;
  /** Told to a second program that wants the same folder for state. */
  readonly pid: number;
}

export interface PageParts extends PageExtras {
  readonly calls: StreamedCalls;
  readonly ari: AriRequests;
  readonly sources: FigureSources;
  readonly version: string;
  readonly log: Log;
}

/** The built page lies beside the compiled program: dist/web beside dist/src. */
const PAGES = fileURLToPath(new URL('../../../web', import.meta.url));

/**
 * Opens the page; there is none when `web.listen` is off. Rejects with STATE_DIR_TAKEN, PORTAL_LISTEN_FAILED,
 * PORTAL_CERTIFICATE_UNUSABLE, ACCESS_FILE_UNUSABLE.
 */
export async function openPage(settings: Settings, parts: PageParts): Promise<Opened | undefined> {
  const { listen } = settings.web;
  if (listen === undefined) return undefined;
  const opened = new Opened();
  try {
    const { version, log, pid } = parts;
    const { stateDir } = settings;
    const stateFolder = new StateFolder(stateDir, log);
    await stateFolder.look();
    const lock = { folder: stateDir, setting: 'stateDir', pid, log };
    opened.add(await FolderLock.take(lock), (held) => held.close());
    const access = opened.add(await PortalAccess.open({ stateDir, stateFolder, log }), (open) => open.close());
    const options = { ...portalOptions(settings), listen, pages: PAGES, version, gate: access, log };
    const routes = [...programRoutes(settings, parts, stateFolder), ...accessRoutes(access, version)];
    const portal = opened.add(await openPortal(options, routes), (open) => open.close());
    await access.announce(portal.address);
    return opened;
  } catch (error) {
    await opened.close();
    throw error;
  }
}

function programRoutes({ stateDir }: Settings, parts: PageParts, stateFolder: StateFolder): RouteModule[] {
  const { calls, ari, sources, tail, reloads, version, nodeVersion, log } = parts;
  const desk = new CallsDesk(calls, sources.media);
  const health = new HealthDesk({ sources, tail, version, nodeVersion, unverified: () => unverified(reloads.inForce) });
  const live = new LiveWatch(desk, health);
  calls.onCallOver((callid) => live.callOver(callid));
  const changes = new SettingsChanges({
    reloads,
    write: (versions) => stateFolder.saving('settings', () => writeSavedSettings(stateDir, versions)),
    runningCalls: () => sources.tally.calls.present.size,
    now: () => new Date(),
  });
  changes.onSaved(({ revision, savedBy }) => live.settingsSaved(revision, savedBy));
  const objects = new AskedObjects({
    ari,
    calls: () => reloads.inForce.calls,
    didsSeen: () => calls.didsSeen,
  });
  return [
    settingsRoutes(
      changes,
      connectionTests(() => reloads.inForce),
    ),
    subscriptionRoutes(objects),
    compatibleRoutes(changes, log),
    callsRoutes(desk),
    liveRoutes(live, new CallAudio(desk)),
    healthRoutes(health),
  ];
}

function portalOptions({ web }: Settings): Pick<PortalOptions, 'tls' | 'basePath' | 'trustedProxies' | 'hosts'> {
  const { cert, key, basePath, trustedProxies, hosts } = web;
  const tls = cert === undefined || key === undefined ? undefined : { cert, key };
  return { tls, basePath, trustedProxies, hosts };
}

/** What an Asterisk has of everything that calls and applications make, to see what of it stays. */
import type { AriHttp } from '../ari-http.js';

/** The part of a lab's Asterisk that is asked. */
export interface AskedAsterisk {
  readonly pbx: { cli(command: string): Promise<string> };
  readonly pbxAri: AriHttp;
}

export interface AsteriskObjects {
  readonly channels: readonly string[];
  /** Without those of parking lots, which stay for ever after their first use. */
  readonly bridges: readonly string[];
  /** Names of ARI's applications. */
  readonly applications: readonly string[];
  /** Names of queues of work inside Asterisk. */
  readonly taskprocessors: readonly string[];
}

export async function objectsIn({ pbx, pbxAri }: AskedAsterisk): Promise<AsteriskObjects> {
  const channels = await pbxAri.request<{ name: string }[]>('GET', 'channels');
  const bridges = await pbxAri.request<{ id: string; bridge_class: string }[]>('GET', 'bridges');
  const applications = await pbxAri.request<{ name: string }[]>('GET', 'applications');
  const taskprocessors = (await pbx.cli('core show taskprocessors')).split('\n');
  return {
    channels: channels.map(({ name }) => name),
    bridges: bridges.filter(({ bridge_class }) => bridge_class !== 'parking').map(({ id }) => id),
    applications: applications.map(({ name }) => name),
    // The rows of a table: a name, then numbers.
    taskprocessors: taskprocessors.flatMap((row) => /^(\S+)(?:\s+\d+){5}\s*$/.exec(row)?.[1] ?? []),
  };
}

/** What our taps have left, in words; nothing when all is gone. `before` is from when no call had been. */
export function leftBehind(before: AsteriskObjects, after: AsteriskObjects): string[] {
  const channels = after.channels.map((name) => `Asterisk still has the channel ${name}`);
  const bridges = after.bridges.map((id) => `Asterisk still has the bridge ${id}`);
  const applications = added(before.applications, after.applications).map(
    (name) => `ARI has a new application ${name}`,
  );
  const ours = after.taskprocessors.filter((name) => /aas~|Snoop|UnicastRTP/i.test(name));
  return [
    ...channels,
    ...bridges,
    ...applications,
    ...ours.map((name) => `Asterisk still has the taskprocessor ${name}`),
  ];
}

function added(before: readonly string[], after: readonly string[]): string[] {
  return after.filter((name) => !before.includes(name));
}

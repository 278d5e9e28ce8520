/** Whether anything of ours, or of anybody, is left in the PBX once all calls are over. */
import type { Lab } from '../../lab/lab.js';
import { until } from '../../lab/until.js';

/** Waits until the PBX has neither channel nor bridge, and fails when it keeps one. */
export async function nothingLeft(lab: Lab, limitMs = 10_000): Promise<void> {
  const left = async (): Promise<string[]> => {
    const channels = await lab.pbxAri.request<{ name: string }[]>('GET', 'channels');
    const bridges = await lab.pbxAri.request<{ id: string; bridge_class: string }[]>('GET', 'bridges');
    return [...channels.map(({ name }) => name), ...bridges.filter(isNoParkingLot).map(({ id }) => id)];
  };
  let last: string[] = [];
  try {
    await until(
      'the PBX has no channel and no bridge left',
      async () => {
        last = await left();
        return last.length === 0;
      },
      limitMs,
    );
  } catch (cause) {
    throw new Error(`left in the PBX: ${last.join(', ')}`, { cause });
  }
}

/** A parking lot's bridge stays for ever after its first use. */
function isNoParkingLot({ bridge_class }: { readonly bridge_class: string }): boolean {
  return bridge_class !== 'parking';
}

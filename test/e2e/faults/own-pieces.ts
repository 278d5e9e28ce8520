/** What one add-on has in Asterisk, told by the ids that it gives; and whether all of that goes again. */
import type { Lab } from '../../../lab/lab.js';
import { until } from '../../../lab/until.js';
import { ResourceNames } from '../../../src/core/call/resource-id.js';

/** Ids of all channels and bridges of this application. */
export async function piecesOf(lab: Lab, application: string): Promise<string[]> {
  const names = new ResourceNames(application, '');
  const channels = await lab.pbxAri.request<{ id: string }[]>('GET', 'channels');
  const bridges = await lab.pbxAri.request<{ id: string }[]>('GET', 'bridges');
  return [...channels, ...bridges].map(({ id }) => id).filter((id) => names.isOurs(id));
}

/** Waits until this application has nothing in Asterisk, whatever others have there. */
export async function nothingOf(lab: Lab, application: string, limitMs = 15_000): Promise<void> {
  let last: string[] = [];
  try {
    await until(
      'nothing of the application is left',
      async () => {
        last = await piecesOf(lab, application);
        return last.length === 0;
      },
      limitMs,
    );
  } catch (cause) {
    throw new Error(`left of ${application}: ${last.join(', ')}`, { cause });
  }
}

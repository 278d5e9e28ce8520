/** How the program is doing, as it was last told: by the live connection, or asked for. */
import { signal } from '@preact/signals';
import type { Health } from '../../src/io/web/contract/health.js';
import { readHealth } from '../api/health.js';

export const health = signal<Health | undefined>(undefined);

export function takeHealth(next: Health): void {
  health.value = next;
}

export async function loadHealth(): Promise<void> {
  health.value = await readHealth();
}

/** Short news at the edge of the page, read aloud by screen readers, gone after a while. */
import { signal } from '@preact/signals';

export interface Notice {
  readonly serial: number;
  readonly tone: 'good' | 'bad' | 'plain';
  readonly text: string;
}

const SHOWN_MS = 6_000;
/** What went wrong stays long enough to be read twice. */
const SHOWN_WHEN_BAD_MS = 15_000;

export const notices = signal<readonly Notice[]>([]);

let serial = 0;

export function tell(text: string, tone: Notice['tone'] = 'good'): void {
  serial += 1;
  const notice = { serial, tone, text };
  // The same words twice at once would only push others away.
  notices.value = [...notices.value.filter((other) => other.text !== text), notice].slice(-3);
  setTimeout(() => dismiss(notice.serial), tone === 'bad' ? SHOWN_WHEN_BAD_MS : SHOWN_MS);
}

export function dismiss(gone: number): void {
  notices.value = notices.value.filter((notice) => notice.serial !== gone);
}

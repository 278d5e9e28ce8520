/** Something that takes a moment: runs once at a time, and tells when it fails. */
import { useSignal } from '@preact/signals';
import { messageOf } from '../api/request.js';
import { tell } from '../shell/notices.js';

export interface Action<A extends readonly unknown[]> {
  readonly isBusy: boolean;
  run(...args: A): Promise<void>;
}

export function useAction<A extends readonly unknown[]>(
  act: (...args: A) => Promise<void>,
  onFailure: (cause: unknown) => void = (cause) => tell(messageOf(cause), 'bad'),
): Action<A> {
  const isBusy = useSignal(false);
  return {
    isBusy: isBusy.value,
    run: async (...args) => {
      if (isBusy.value) return;
      isBusy.value = true;
      try {
        await act(...args);
      } catch (cause) {
        onFailure(cause);
      } finally {
        isBusy.value = false;
      }
    },
  };
}

/** What the page tells its audio thread. */

export const WORKLET_NAME = 'listen';

export type ToWorklet =
  | { readonly kind: 'participants'; readonly indexes: readonly number[] }
  /** 16-bit samples in the machine's own order of octets, handed over and not copied. */
  | { readonly kind: 'audio'; readonly index: number; readonly samples: ArrayBuffer };

/** The part of the figures that the media plane counts. */
import type { Figures } from './figures.js';

export interface MediaFigures extends Pick<Figures, 'packets' | 'jitterMs' | 'sent' | 'queue' | 'connections'> {
  readonly rtp: Pick<Figures['rtp'], 'received' | 'strangers' | 'afterEnd'>;
}

/** A level meter that is moved by transforms alone, so that no layout follows from it. */
import type { RefObject } from 'preact';
import { levelInWords, portionOf } from './level.js';

export interface MeterElements {
  readonly meter: RefObject<HTMLDivElement | null>;
  readonly cover: RefObject<HTMLDivElement | null>;
  readonly peak: RefObject<HTMLDivElement | null>;
}

export function Meter({ elements, label }: { readonly elements: MeterElements; readonly label: string }) {
  return (
    <div ref={elements.meter} class="meter" role="img" aria-label={`${label}: silent`}>
      <div ref={elements.cover} class="meter-cover" />
      <div ref={elements.peak} class="meter-peak" />
    </div>
  );
}

/** Levels in dBFS. */
export function moveMeter(elements: MeterElements, label: string, levelDb: number, peakDb: number): void {
  const { meter, cover, peak } = elements;
  const level = portionOf(levelDb);
  if (cover.current !== null) cover.current.style.transform = `scaleX(${(1 - level).toFixed(3)})`;
  if (peak.current !== null) {
    const at = portionOf(peakDb);
    peak.current.style.transform = `translateX(${(at * 100 - 100).toFixed(1)}%)`;
    peak.current.style.opacity = at > 0 ? '1' : '0';
  }
  const words = `${label}: ${levelInWords(levelDb)}`;
  if (meter.current !== null && meter.current.ariaLabel !== words) meter.current.ariaLabel = words;
}

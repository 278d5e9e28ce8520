/** Chooses who resamples what: Speex where it keeps every promise, the FIR for the rest and where Speex cannot run. */
import { createFirResampler } from '../../core/audio/fir-resampler.js';
import type { ResamplerFactory } from '../../core/audio/resampler.js';
import type { Log } from '../../core/log.js';
import { loadSpeexResampler } from './speex-resampler.js';

export async function loadResamplers(log: Log, loadSpeex = loadSpeexResampler): Promise<ResamplerFactory> {
  try {
    const createSpeexResampler = await loadSpeex();
    return (fromHz, toHz) =>
      speexIsTooSlow(fromHz, toHz) ? createFirResampler(fromHz, toHz) : createSpeexResampler(fromHz, toHz);
  } catch (error) {
    log.warn('The Speex resampler cannot run here; resampling will take several times the processor time', {
      error: String(error),
    });
    return createFirResampler;
  }
}

/**
 * Going up from 8000 Hz, Speex needs 65 samples of input, 8.1 ms, before an impulse comes out; the FIR needs 40, 5.0 ms.
 * From 12000 Hz on the same 65 samples last less than the 8 ms allowed.
 */
function speexIsTooSlow(fromHz: number, toHz: number): boolean {
  return fromHz === 8_000 && toHz > fromHz;
}

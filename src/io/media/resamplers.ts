/** Chooses who resamples: Speex, and the FIR where Speex cannot run. */
import { createFirResampler } from '../../core/audio/fir-resampler.js';
import type { ResamplerFactory } from '../../core/audio/resampler.js';
import type { Log } from '../../core/log.js';
import { loadSpeexResampler } from './speex-resampler.js';

export async function loadResamplers(log: Log, loadSpeex = loadSpeexResampler): Promise<ResamplerFactory> {
  try {
    return await loadSpeex();
  } catch (error) {
    log.warn('The Speex resampler cannot run here; resampling will take several times the processor time', {
      error: String(error),
    });
    return createFirResampler;
  }
}

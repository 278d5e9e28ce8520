/** Chooses the kernel that resamples: the one in SIMD instructions, and the plain one where that cannot run. */
import { createFirResampler, firResamplers } from '../../core/audio/fir-resampler.js';
import type { ResamplerFactory } from '../../core/audio/resampler.js';
import type { Log } from '../../core/log.js';
import { simdKernels } from './simd-kernel.js';

export function loadResamplers(log: Log): ResamplerFactory {
  try {
    return firResamplers('fir simd', simdKernels());
  } catch (error) {
    log.warn('WebAssembly with SIMD cannot run here; resampling will take some nine times the processor time', {
      error: String(error),
    });
    return createFirResampler;
  }
}

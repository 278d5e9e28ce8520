import { keepsResamplerPromises } from '../../../test/resampler-promises.js';
import { createFirResampler } from './fir-resampler.js';

keepsResamplerPromises(createFirResampler, 5);

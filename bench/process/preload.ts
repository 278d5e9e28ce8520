/** Loaded before the real program and in each of its threads (`node --import`), so that it can be asked what it costs; it knows nothing of that. */
import { isMainThread } from 'node:worker_threads';
import { probe } from './probe.js';
import { serve } from './serve.js';

if (isMainThread) {
  serve(probe);
  // The program ends when it has nothing more to do, not when we have nothing more to ask.
  process.channel?.unref();
}

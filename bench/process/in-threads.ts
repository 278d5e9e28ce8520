/** Loaded in each thread of a process (`node --import`): its threads answer the probe that the process has itself. */
import './probe.js';

/** What the operating system has taken of the messages to the receiver, and how long their audio had waited for that. */
import { Histogram } from '../histogram.js';

/** Seconds. A healthy path takes about a millisecond; what is above a second has waited for a receiver. */
const DELAY_BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const MS_PER_SECOND = 1000;

export class Deliveries {
  /** Messages, each as often as it was sent. */
  messages = 0;
  /** Fragments, each once, however often it was sent. */
  fragments = 0;
  /** Octets of their samples, before base64. */
  octets = 0;
  /** Seconds from the completion of a fragment until the operating system had taken it for the first time. */
  readonly delay = new Histogram(DELAY_BOUNDS);

  /** The operating system took a message. */
  message(): void {
    this.messages += 1;
  }

  /** It was a fragment that had not been taken before. */
  fragment(octets: number, delayMs: number): void {
    this.fragments += 1;
    this.octets += octets;
    this.delay.observe(delayMs / MS_PER_SECOND);
  }
}

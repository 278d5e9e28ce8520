/**
 * Numbers that wrap on the wire (RFC 3550, 5.1): 16-bit sequence numbers, extended to the nearest value of an ever-growing count
 * (at 50 packets a second it lasts five million years), and 32-bit timestamps, of which only distances are needed.
 */

/** The extended sequence number nearest to `near`: at most 32,768 below it, at most 32,767 above. */
export function extendSequence(sequence: number, near: number): number {
  // The shifts keep the low 16 bits of the difference and spread their sign.
  return near + (((sequence - near) << 16) >> 16);
}

/** Ticks from one 32-bit timestamp to another: at most 2^31 back, less than 2^31 on. */
export function ticksFrom(earlier: number, later: number): number {
  return (later - earlier) | 0;
}

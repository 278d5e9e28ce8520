/**
 * Numbers that wrap on the wire, made to never wrap: 16-bit sequence numbers and 32-bit timestamps (RFC 3550, 5.1),
 * extended to the nearest value of an ever-growing count. At 50 packets a second that count lasts five million years.
 */

/** The extended sequence number nearest to `near`: at most 32,768 below it, at most 32,767 above. */
export function extendSequence(sequence: number, near: number): number {
  // The shifts keep the low 16 bits of the difference and spread their sign.
  return near + (((sequence - near) << 16) >> 16);
}

/** The extended timestamp nearest to `near`: at most 2^31 below it, less than 2^31 above. */
export function extendTimestamp(timestamp: number, near: number): number {
  // `| 0` keeps the low 32 bits of the difference, with their sign.
  return near + ((timestamp - near) | 0);
}

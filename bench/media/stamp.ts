/** The number of a packet, written into its first samples: what goes through unchanged tells at the receiver which it was. */

/** A sample that says that a number follows; big-endian on the wire. */
const MARK = 0x5aa5;
export const STAMP_OCTETS = 6;
const AUDIO_KEY = Buffer.from('"audio":"');
const STAMP_DIGITS = 8;

/** Writes it at the beginning of a payload of L16. */
export function writeStamp(payload: Buffer, offset: number, packet: number): void {
  payload.writeUInt16BE(MARK, offset);
  payload.writeUInt16BE(packet >>> 16, offset + 2);
  payload.writeUInt16BE(packet & 0xffff, offset + 4);
}

/** The number of the first packet in a fragment; undefined where a fragment does not begin with one. */
export function readStamp(message: Buffer): number | undefined {
  const at = message.indexOf(AUDIO_KEY) + AUDIO_KEY.length;
  const octets = Buffer.from(message.toString('latin1', at, at + STAMP_DIGITS), 'base64');
  if (octets.length < STAMP_OCTETS || octets.readUInt16LE(0) !== MARK) return undefined;
  return octets.readUInt16LE(2) * 0x10000 + octets.readUInt16LE(4);
}

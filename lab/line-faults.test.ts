import { describe, expect, test } from '@jest/globals';
import { rtp } from '../test/rtp-packets.js';
import {
  changing,
  delaying,
  doubling,
  internetChecksum,
  joinedBy,
  type LineFault,
  losing,
  overtaking,
  type Passing,
  rtpOnLine,
  withRtp,
  withSource,
} from './line-faults.js';

/** An IPv4 datagram from 198.18.0.1:10000 to 198.18.0.2:40000, as it comes out of a TUN device. */
function onLine(sequence: number, payload = Uint8Array.of(1, 2, 3, 4)): Buffer {
  const content = rtp({ sequence, timestamp: sequence * 320, ssrc: 7, payload });
  const head = Buffer.from('450000000000000040110000c6120001c612000227109c4000000000', 'hex');
  const packet = Buffer.concat([head, content]);
  packet.writeUInt16BE(packet.length, 2);
  packet.writeUInt16BE(content.length + 8, 24);
  packet.writeUInt16BE(0xabcd, 26);
  packet.writeUInt16BE(internetChecksum(packet.subarray(0, 20)), 10);
  return packet;
}

/** The numbers of what passes, in the order of the times at which it does, a packet coming every 20 ms. */
function passing(fault: LineFault, count: number): number[] {
  const passed: (Passing & { at: number })[] = [];
  for (let nth = 0; nth < count; nth++) {
    for (const each of fault(onLine(nth), nth, nth * 20)) passed.push({ ...each, at: nth * 20 + each.afterMs });
  }
  return passed.sort((a, b) => a.at - b.at).map(({ packet }) => rtpOnLine(packet)?.sequence ?? -1);
}

describe('a packet of the line', () => {
  test('is read with its source and its RTP header', () => {
    expect(rtpOnLine(onLine(5))).toEqual({
      sourcePort: 10_000,
      sequence: 5,
      timestamp: 1600,
      ssrc: 7,
      payload: Buffer.of(1, 2, 3, 4),
    });
  });

  test('that is no RTP is nothing', () => {
    const tcp = onLine(5);
    tcp.writeUInt8(6, 9);
    const sip = onLine(5);
    sip.write('INVITE', 28);
    for (const packet of [tcp, sip, onLine(5).subarray(0, 39), Buffer.alloc(20)])
      expect(rtpOnLine(packet)).toBeUndefined();
  });

  test('is changed in a copy, whose sums and lengths fit', () => {
    const before = onLine(5);
    const changed = withRtp(before, {
      sequence: 65_537,
      timestamp: -1,
      ssrc: 9,
      payloadType: 13,
      payload: Buffer.of(8),
    });
    expect(before).toEqual(onLine(5));
    expect(rtpOnLine(changed)).toEqual({
      sourcePort: 10_000,
      sequence: 1,
      timestamp: 2 ** 32 - 1,
      ssrc: 9,
      payload: Buffer.of(8),
    });
    expect(changed.readUInt8(29)).toBe(13);
    expect(changed.length).toBe(41);
    expect([changed.readUInt16BE(2), changed.readUInt16BE(24), changed.readUInt16BE(26)]).toEqual([41, 21, 0]);
    expect(internetChecksum(changed.subarray(0, 20))).toBe(0);
  });

  test('is made to come from elsewhere', () => {
    const foreign = withSource(onLine(5), { address: '203.0.113.9', port: 4444 });
    expect(rtpOnLine(foreign)?.sourcePort).toBe(4444);
    expect([...foreign.subarray(12, 16)]).toEqual([203, 0, 113, 9]);
    expect(internetChecksum(foreign.subarray(0, 20))).toBe(0);
    expect(withSource(onLine(5), {}).subarray(28)).toEqual(onLine(5).subarray(28));
  });
});

describe('a line that', () => {
  test('loses', () =>
    expect(
      passing(
        losing((nth) => nth % 3 === 1),
        6,
      ),
    ).toEqual([0, 2, 3, 5]));

  test('doubles, at once or later', () => {
    expect(
      passing(
        doubling((nth) => nth === 1, 0),
        3,
      ),
    ).toEqual([0, 1, 1, 2]);
    expect(
      passing(
        doubling((nth) => nth === 1, 30),
        4,
      ),
    ).toEqual([0, 1, 2, 1, 3]);
  });

  test('lets packets overtake, one at a time', () => {
    expect(
      passing(
        overtaking((nth) => nth === 1 || nth === 2),
        5,
      ),
    ).toEqual([0, 2, 1, 3, 4]);
    expect(
      passing(
        overtaking((nth) => nth % 2 === 0),
        4,
      ),
    ).toEqual([1, 0, 3, 2]);
  });

  test('delays, with or without overtaking', () => {
    const delayOf = (nth: number): number => (nth === 1 ? 70 : 0);
    expect(passing(delaying(delayOf, { inOrder: false }), 6)).toEqual([0, 2, 3, 4, 1, 5]);
    expect(passing(delaying(delayOf, { inOrder: true }), 6)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('changes some', () => {
    const fault = changing(({ sequence }, nth) => (nth > 1 ? { sequence: sequence + 500 } : undefined));
    expect(passing(fault, 4)).toEqual([0, 1, 502, 503]);
  });

  test('is used by others', () => {
    const fault = joinedBy((packet, nth) => (nth === 1 ? [withRtp(packet, { sequence: 99 })] : []));
    expect(passing(fault, 3)).toEqual([0, 1, 99, 2]);
  });
});

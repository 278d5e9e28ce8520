/** What a process is told that takes in RTP and sends messages: the program's media path, or the least that could do. */

export interface SubjectOptions {
  /** A name of PATHS. */
  readonly path: string;
  /** `media.workers`. */
  readonly workers: number;
  /** The receiver's address. */
  readonly url: string;
  /** PEM of the authority that signed its certificate; nothing without TLS. */
  readonly ca: string | undefined;
}

/** Participants of calls that begin. */
export interface NewParticipants {
  /** The number of the first of them. */
  readonly from: number;
  /** Where their audio comes from, one after the other. */
  readonly ports: readonly number[];
}

/** What it counted. */
export interface SubjectFigures {
  /** Packets of the participants. */
  readonly received: number;
  /** Packets of nobody's. */
  readonly strangers: number;
  /** Packets that the operating system dropped for want of room; undefined where it does not tell. */
  readonly kernelDrops: number | undefined;
  readonly receiveBufferOctets: number;
  /** Fragments that were sent again, or given up. */
  readonly resent: number;
  readonly dropped: number;
  readonly reconnects: number;
  /** Where silence was put in the place of what did not come. */
  readonly lostPackets: number;
}

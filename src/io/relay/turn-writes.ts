/**
 * What a turn of the event loop brings about to write goes out at its end, one connection after the other, when the packets
 * of that turn have been read. Between two packets each write held up those that waited, and woke a receiver on the same
 * machine anew.
 */

interface Writer {
  flush(): void;
}

/** Of this thread. */
const due: Writer[] = [];

/** Has it flushed at the end of this turn. */
export function writeAtEndOfTurn(writer: Writer): void {
  if (due.push(writer) === 1) setImmediate(writeDue);
}

/** Flushes what waits for that. For whoever holds the thread up at a turn's end; nobody else need call it. */
export function writeDue(): void {
  for (let writer = due.shift(); writer !== undefined; writer = due.shift()) writer.flush();
}

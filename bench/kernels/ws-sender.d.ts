/** What `ws` frames messages with, which its types leave out. */
import 'ws';

declare module 'ws' {
  interface FrameOptions {
    readonly fin: boolean;
    readonly opcode: number;
    readonly mask: boolean;
    /** Whether the data is to be left as it is. */
    readonly readOnly: boolean;
  }
  const Sender: {
    /** The header, and the masked data behind it. */
    frame(data: Buffer, options: FrameOptions): Buffer[];
  };
}

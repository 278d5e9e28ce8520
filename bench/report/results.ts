/** Everything that one run of the benchmarks has found, as it is written to a file. */
import type { ControlResult } from '../control/control-bench.js';
import type { KernelResult } from '../kernels/kernels.js';
import type { Machine } from '../machine.js';
import type { MediaResult } from '../media/media-bench.js';
import type { SetUpResult } from '../setup/setup-bench.js';
import type { SystemResult } from '../system/system-bench.js';

export interface BenchResults {
  /** ISO 8601. */
  readonly when: string;
  readonly machine: Machine;
  /** As the command line had them. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly media: readonly MediaResult[];
  readonly kernels: readonly KernelResult[];
  readonly system: readonly SystemResult[];
  readonly setUp: readonly SetUpResult[];
  readonly control: ControlResult | undefined;
  /** What could not be measured, and why. */
  readonly failures: readonly string[];
}

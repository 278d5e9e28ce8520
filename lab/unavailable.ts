/** Why the lab cannot run on this machine, in one sentence for a person: a reason to skip, not a fault of ours. */
export class LabUnavailable extends Error {
  override readonly name = 'LabUnavailable';
}

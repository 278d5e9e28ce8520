/** Why a file or a folder cannot be written to, in words. */

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  ENOTDIR: 'a part of the path is no folder',
  EEXIST: 'a file is in the place of a folder',
  EROFS: 'the file system can only be read',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of this user is used up',
  EIO: 'the disk reports a fault',
  EMFILE: 'this program may open no more files: raise LimitNOFILE, or ulimit -n',
  ENFILE: 'this machine has too many files open: raise fs.file-max',
};

/** A code of errno(3) that is not among these stands for itself; an error without a code says its own words. */
export function fileProblemOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown error';
  if (!('code' in error)) return error instanceof Error ? error.message : 'unknown error';
  const code = String(error.code);
  return REASONS[code] ?? code;
}

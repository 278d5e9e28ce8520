/** The version of this package, as its package.json has it; that of a git checkout ends in `+checkout`, since it may be any commit. */
import { existsSync, readFileSync } from 'node:fs';

/** The package is some folders up: two from src, three from dist/src. */
export function packageVersion(): string {
  for (let folder = new URL('..', import.meta.url); ; folder = new URL('..', folder)) {
    const file = new URL('package.json', folder);
    if (existsSync(file)) {
      const { version } = JSON.parse(readFileSync(file, 'utf8'));
      return existsSync(new URL('.git', folder)) ? `${version}+checkout` : String(version);
    }
    if (folder.pathname === '/') return 'unknown';
  }
}

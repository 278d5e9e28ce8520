/** Amounts with their units. */

const COUNT = new Intl.NumberFormat();
const ONE_DECIMAL = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

export function countOf(value: number): string {
  return COUNT.format(value);
}

/** `1 call`, `2 calls`. */
export function numberOf(value: number, one: string, many = `${one}s`): string {
  return `${COUNT.format(value)} ${value === 1 ? one : many}`;
}

const SIZES = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** `512 bytes`, `1.5 kB`, `11.8 MB`: a thousand of one is the next. */
export function sizeOf(bytes: number): string {
  let value = bytes;
  let size = 0;
  while (value >= 999.95 && size < SIZES.length - 1) {
    value /= 1000;
    size += 1;
  }
  return `${ONE_DECIMAL.format(value)} ${SIZES[size]}`;
}

/** A running clock: `0:07`, `12:03`, `1:02:03`. */
export function clockOf(milliseconds: number): string {
  const total = Math.max(0, Math.floor(milliseconds / 1000));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor(total / 60) % 60;
  const seconds = String(total % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
}

/** A length with its unit: `80 ms`, `1.5 s`, `4 min 3 s`, `2 h 5 min`, `3 d 4 h`. */
export function lengthOf(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${ONE_DECIMAL.format(seconds)} s`;
  return twoUnits(Math.round(seconds), [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
    [1, 's'],
  ]);
}

function twoUnits(seconds: number, units: readonly (readonly [number, string])[]): string {
  const first = units.findIndex(([size]) => seconds >= size);
  let rest = seconds;
  return units
    .slice(first, first + 2)
    .map(([size, name]) => {
      const count = Math.floor(rest / size);
      rest -= count * size;
      return count > 0 ? `${count} ${name}` : '';
    })
    .filter((part) => part !== '')
    .join(' ');
}

/** `a`, `a and b`, `a, b and c`. */
export function listOf(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

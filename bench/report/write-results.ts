/** Puts the results where they can be looked at and compared: as JSON, as text, and drawn. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { chartsAsSvg } from './bar-chart.js';
import { chartsOf } from './charts.js';
import type { BenchResults } from './results.js';
import { targetsOf } from './targets.js';
import { textReport } from './text-report.js';

/** Gives the files, as seen from the working directory. */
export async function writeResults(folder: string, results: BenchResults): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const contents = {
    'results.json': `${JSON.stringify({ ...results, targets: targetsOf(results) }, undefined, 2)}\n`,
    'results.txt': textReport(results),
    'chart.svg': chartsAsSvg(chartsOf(results)),
  };
  for (const [name, content] of Object.entries(contents)) await writeFile(join(folder, name), content);
  return Object.keys(contents).map((name) => relative(process.cwd(), join(folder, name)));
}

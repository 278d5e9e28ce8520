import { expect, test } from '@jest/globals';
import { axisEnd, type BarChart, chartsAsSvg } from './bar-chart.js';

const CHART: BarChart = {
  title: 'Cost <of> this & that',
  parts: ['one', 'other'],
  groups: [
    {
      label: 'group',
      bars: [
        { label: '50', parts: [1, 2] },
        { label: '200', parts: [0.5, 0.5] },
      ],
    },
  ],
  lines: [{ label: 'target', at: 2 }],
};

function rects(svg: string) {
  return [
    ...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)" fill="#(0072b2|e69f00)"\/>/g),
  ]
    .map(([, x, y, width, height]) => ({ x: Number(x), y: Number(y), width: Number(width), height: Number(height) }))
    .filter(({ width }) => width > 20);
}

test('parts stand on one another, as high as they are worth', () => {
  const [lower, upper, small] = rects(chartsAsSvg([CHART]));
  if (lower === undefined || upper === undefined || small === undefined) throw new Error('bars are missing');
  expect(upper.y + upper.height).toBeCloseTo(lower.y, 0);
  expect(upper.height / lower.height).toBeCloseTo(2, 1);
  expect(lower.height / small.height).toBeCloseTo(2, 1);
  expect(upper.x).toBe(lower.x);
});

test('words are no markup', () => {
  const svg = chartsAsSvg([CHART]);
  expect(svg).toContain('Cost &lt;of&gt; this &amp; that');
  // Every element that is opened is closed.
  const opened = [...svg.matchAll(/<(?:svg|g|text)[ >]/g)].length;
  expect([...svg.matchAll(/<\/(?:svg|g|text)>/g)]).toHaveLength(opened);
  expect(svg).not.toContain('NaN');
});

test('a chart without bars is left out, and of nothing there is an empty picture', () => {
  const empty = { ...CHART, groups: [] };
  expect(chartsAsSvg([empty, CHART])).toBe(chartsAsSvg([CHART]));
  expect(chartsAsSvg([empty])).not.toContain('NaN');
  expect(
    chartsAsSvg([{ ...CHART, lines: [], groups: [{ label: 'g', bars: [{ label: 'b', parts: [0] }] }] }]),
  ).not.toContain('NaN');
});

test('axes end at round numbers, not below the value', () => {
  expect([0, 0.83, 1, 1.2, 7.6, 41, 101].map(axisEnd)).toEqual([1, 1, 1, 1.5, 10, 50, 150]);
});

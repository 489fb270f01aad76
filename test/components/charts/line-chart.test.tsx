import { expect, it } from 'vitest';

import { LineChart } from '#app/components/charts/line-chart.tsx';
import { textOf } from '#test/components/markup-of.tsx';

const chart = { label: 'Orders', xLabel: 'Week', formatX: () => '', formatY: (y: number) => `y=${y.toFixed(1)}` };

it('writes whole numbers alone beside what is counted, however little there is of it', () => {
  const series = [{ name: 'orders', points: [{ x: 0, y: 0 }, { x: 1, y: 1 }] }];
  expect(textOf(<LineChart {...chart} series={series} isCount />).match(/y=\S+/g)).toEqual(['y=0.0', 'y=1.0']);
  expect(textOf(<LineChart {...chart} series={series} />).match(/y=\S+/g)).toEqual(['y=0.0', 'y=0.2', 'y=0.4', 'y=0.6', 'y=0.8', 'y=1.0']);
});

import { scaleLinear } from 'd3-scale';

import type { BarChart } from '../sections/report-section.ts';
import { MAIN_COLOUR } from './chart-colours.ts';
import { widestRoom } from './text-room.ts';

const [ROW, BAR, GAP] = [28, 18, 8];

export function BarPicture({ chart: { label, bars }, width }: { chart: BarChart; width: number }) {
  const left = widestRoom(bars.map(({ name }) => name)) + GAP;
  const right = widestRoom(bars.map(({ text }) => text)) + GAP;
  const highest = Math.max(0, ...bars.map(({ value }) => value));
  const x = scaleLinear([0, highest === 0 ? 1 : highest], [0, width - left - right]);
  const height = bars.length * ROW;
  return (
    <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      {bars.map(({ name, value, text }, index) => {
        const middle = index * ROW + ROW / 2;
        return (
          <g key={name}>
            <text className="name" x={left - GAP} y={middle} dy=".35em" textAnchor="end">
              {name}
            </text>
            <rect x={left} y={middle - BAR / 2} width={Math.max(1, x(value))} height={BAR} rx={2} fill={MAIN_COLOUR} />
            <text className="value" x={left + Math.max(1, x(value)) + GAP} y={middle} dy=".35em">
              {text}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

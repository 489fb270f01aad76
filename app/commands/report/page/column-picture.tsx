import { scaleBand, scaleLinear } from 'd3-scale';
import { stack } from 'd3-shape';

import type { ColumnChart } from '../sections/report-section.ts';
import { PART_COLOURS } from './chart-colours.ts';
import { widestRoom } from './text-room.ts';
import { namesWithRoom, ValueAxis } from './value-axis.tsx';

const [TOP, BOTTOM, RIGHT, GAP] = [10, 26, 4, 8];
const RUNNING_OPACITY = 0.45;

export function ColumnPicture({ chart, width }: { chart: ColumnChart; width: number }) {
  const { label, parts, columns, format } = chart;
  const height = width > 500 ? 260 : 220;
  const highest = Math.max(1, ...columns.map(({ values }) => values.reduce((sum, value) => sum + value, 0)));
  const y = scaleLinear([0, highest], [height - BOTTOM, TOP]).nice(5);
  const ticks = y.ticks(5);
  const left = widestRoom(ticks.map(format)) + GAP;
  const x = scaleBand(columns.map((_, index) => index), [left, width - RIGHT]).paddingInner(0.25).paddingOuter(0.1);
  const layers = stack<ColumnChart['columns'][number], number>()
    .keys(parts.map((_, index) => index))
    .value(({ values }, part) => values[part] ?? 0)([...columns]);
  const names = columns.map(({ name }) => name);
  const shown = namesWithRoom(names, { each: x.step(), widest: widestRoom(names) });
  return (
    <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      <ValueAxis y={y} ticks={ticks} left={left} right={width - RIGHT} format={format} />
      {layers.map((layer, part) => (
        <g key={part} fill={PART_COLOURS[part]}>
          {layer.map(([low, high], index) => (
            <rect
              key={index}
              x={x(index)}
              y={y(high)}
              width={x.bandwidth()}
              height={Math.max(0, y(low) - y(high))}
              opacity={columns[index]?.isRunning === true ? RUNNING_OPACITY : 1}
            />
          ))}
        </g>
      ))}
      {names.map((name, index) =>
        shown.has(index) ? (
          <text key={index} {...placeOfName(x(index) ?? 0, x.bandwidth(), { name, width })} y={height - 8}>
            {name}
          </text>
        ) : null,
      )}
    </svg>
  );
}

/** In the middle below the column, unless that would leave the picture. */
function placeOfName(start: number, bandwidth: number, { name, width }: { name: string; width: number }) {
  const middle = start + bandwidth / 2;
  if (middle + widestRoom([name]) / 2 > width) return { x: width - RIGHT, textAnchor: 'end' as const };
  return { x: middle, textAnchor: 'middle' as const };
}

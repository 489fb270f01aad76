import { scaleLinear } from 'd3-scale';
import { line as lineThrough } from 'd3-shape';

import type { LineChart } from '../sections/report-section.ts';
import { lineColourAt } from './chart-colours.ts';
import { textRoom, widestRoom } from './text-room.ts';
import { namesWithRoom, ValueAxis } from './value-axis.tsx';

const [TOP, RIGHT, GAP] = [12, 14, 8];
const [NAMES_HEIGHT, TITLE_HEIGHT] = [24, 18];
const POINTS_SHOWN = 24;

export function LinePicture({ chart, width }: { chart: LineChart; width: number }) {
  const { label, lines, xNames, xTitle, markFrom, format } = chart;
  const height = width > 500 ? 280 : 230;
  const bottom = height - NAMES_HEIGHT - (xTitle === null ? 0 : TITLE_HEIGHT);
  const values = lines.flatMap((line) => line.values.filter((value) => value !== null));
  const y = scaleLinear([0, Math.max(Number.MIN_VALUE, ...values)], [bottom, TOP]).nice(5);
  const ticks = y.ticks(5);
  const left = widestRoom(ticks.map(format)) + GAP;
  const x = scaleLinear([0, Math.max(1, xNames.length - 1)], [left + 4, width - RIGHT]);
  const shown = namesWithRoom(xNames, { each: x(1) - x(0), widest: widestRoom(xNames) });
  const draw = lineThrough<number | null>()
    .defined((value) => value !== null)
    .x((_, index) => x(index))
    .y((value) => y(value ?? 0));
  return (
    <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      {markFrom === undefined ? null : (
        <g>
          <rect x={x(markFrom.index)} y={TOP} width={width - RIGHT - x(markFrom.index)} height={bottom - TOP} fill="#eef4f2" />
          <text {...placeOfMark({ from: x(markFrom.index), name: markFrom.name, width })} y={TOP + 14}>
            {markFrom.name}
          </text>
        </g>
      )}
      <ValueAxis y={y} ticks={ticks} left={left} right={width - RIGHT} format={format} />
      {lines.map(({ name, values: points, isDashed = false }, index) => (
        <g key={name}>
          <path d={draw([...points]) ?? ''} fill="none" stroke={lineColourAt(index)} strokeWidth={2.5} strokeLinejoin="round" strokeDasharray={isDashed ? '6 4' : undefined} />
          {points.length > POINTS_SHOWN
            ? null
            : points.map((value, at) => (value === null ? null : <circle key={at} cx={x(at)} cy={y(value)} r={3} fill={lineColourAt(index)} />))}
        </g>
      ))}
      {xNames.map((name, index) =>
        shown.has(index) ? (
          <text key={index} {...placeOfName({ at: x(index), name, width })} y={bottom + 18}>
            {name}
          </text>
        ) : null,
      )}
      {xTitle === null ? null : (
        <text x={(left + width - RIGHT) / 2} y={height - 4} textAnchor="middle">
          {xTitle}
        </text>
      )}
    </svg>
  );
}

/** Within the shade where there is room for it, else ending where the shade does. */
function placeOfMark({ from, name, width }: { from: number; name: string; width: number }) {
  const isRoomy = from + GAP + textRoom(name) <= width - RIGHT;
  return isRoomy ? { x: from + GAP, textAnchor: 'start' as const } : { x: width - RIGHT - 4, textAnchor: 'end' as const };
}

function placeOfName({ at, name, width }: { at: number; name: string; width: number }) {
  if (at + textRoom(name) / 2 > width) return { x: width, textAnchor: 'end' as const };
  return { x: at, textAnchor: 'middle' as const };
}

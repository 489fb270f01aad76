import { scaleLinear } from 'd3-scale';

import type { RangeChart } from '../sections/report-section.ts';
import { MAIN_COLOUR, PALE_COLOUR } from './chart-colours.ts';
import { textRoom } from './text-room.ts';

const [HEIGHT, MIDDLE, BOX, SIDE] = [92, 38, 30, 24];

/** One line of values: thin from p10 to p90, a box around the middle half, a mark at the median. */
export function RangePicture({ chart, width }: { chart: RangeChart; width: number }) {
  const { label, p10, p25, median, p75, p90, format } = chart;
  const x = scaleLinear([0, Math.max(1, p90)], [SIDE, width - SIDE]);
  return (
    <svg viewBox={`0 0 ${width} ${HEIGHT}`} role="img" aria-label={label}>
      <line className="grid" x1={x(0)} x2={x(p90)} y1={MIDDLE} y2={MIDDLE} />
      <line x1={x(p10)} x2={x(p90)} y1={MIDDLE} y2={MIDDLE} stroke={MAIN_COLOUR} strokeWidth={2} />
      {[p10, p90].map((value, index) => (
        <line key={index} x1={x(value)} x2={x(value)} y1={MIDDLE - 8} y2={MIDDLE + 8} stroke={MAIN_COLOUR} strokeWidth={2} />
      ))}
      <rect x={x(p25)} y={MIDDLE - BOX / 2} width={Math.max(2, x(p75) - x(p25))} height={BOX} fill={PALE_COLOUR} stroke={MAIN_COLOUR} rx={2} />
      <line x1={x(median)} x2={x(median)} y1={MIDDLE - BOX / 2} y2={MIDDLE + BOX / 2} stroke={MAIN_COLOUR} strokeWidth={3} />
      {labelsWithRoom([median, p25, p75, p10, p90].map((value) => ({ at: x(value), text: format(value) }))).map(({ at, text }) => (
        <text key={at} className="value" x={at} y={MIDDLE + BOX / 2 + 22} textAnchor="middle">
          {text}
        </text>
      ))}
    </svg>
  );
}

interface Label {
  at: number;
  text: string;
}

/** The first of two that would lie one over the other. */
function labelsWithRoom(labels: readonly Label[]): Label[] {
  const kept: Label[] = [];
  for (const label of labels) {
    const isFree = kept.every((other) => Math.abs(other.at - label.at) > (textRoom(other.text) + textRoom(label.text)) / 2 + 4);
    if (isFree) kept.push(label);
  }
  return kept;
}

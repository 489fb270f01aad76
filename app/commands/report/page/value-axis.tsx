import type { ScaleLinear } from 'd3-scale';

interface ValueAxisProps {
  y: ScaleLinear<number, number>;
  ticks: readonly number[];
  left: number;
  right: number;
  format: (value: number) => string;
}

/** Lines across with their values at the left. */
export function ValueAxis({ y, ticks, left, right, format }: ValueAxisProps) {
  return (
    <g>
      {ticks.map((tick) => (
        <g key={tick}>
          <line className={tick === 0 ? 'axis' : 'grid'} x1={left} x2={right} y1={y(tick)} y2={y(tick)} />
          <text x={left - 8} y={y(tick)} dy=".35em" textAnchor="end">
            {format(tick)}
          </text>
        </g>
      ))}
    </g>
  );
}

/** Of so many names, each how-manieth has room below the axis; the last always does. */
export function namesWithRoom(names: readonly string[], room: { each: number; widest: number }): Set<number> {
  const step = Math.max(1, Math.ceil((room.widest + 10) / room.each));
  const shown = new Set<number>();
  for (let index = names.length - 1; index >= 0; index -= step) shown.add(index);
  return shown;
}

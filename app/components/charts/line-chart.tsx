import { scaleLinear } from 'd3-scale';
import type { ScaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { useEffect, useRef, useState } from 'react';

import styles from './line-chart.module.css';

export interface ChartSeries {
  name: string;
  /** Ascending by x; a null y is a gap in the line. */
  points: readonly { x: number; y: number | null }[];
}

export interface LineChartProps {
  /** What a reader is told who does not see it; the numbers stand in the table beside the chart. */
  label: string;
  /** At most as many as there are line styles: colours alone would not tell them apart. */
  series: readonly ChartSeries[];
  xLabel: string;
  formatX: (x: number) => string;
  formatY: (y: number) => string;
  /** Whether y counts what comes in whole things: there is none between two of them. */
  isCount?: boolean;
  /** Names of series are written at the top; a single one needs none. */
  hasLegend?: boolean;
  /** How wide a label of the x axis is, with the room around it. */
  xLabelPixels?: number;
}

/** Until the width is known, as on the server. */
const FIRST_WIDTH = 720;
const HEIGHT = 260;
const MARGIN = { top: 12, right: 16, bottom: 44, left: 64 };
const Y_TICKS = 4;
const X_LABEL_PIXELS = 70;
export const LINE_STYLES = ['', '6 4', '2 3', '10 4 2 4'] as const;

/** Lines over an axis that begins at zero. Its height is fixed, so that nothing moves when it is drawn. */
export function LineChart(props: LineChartProps) {
  const { label, series, xLabel, formatX, formatY, isCount = false, hasLegend = series.length > 1, xLabelPixels = X_LABEL_PIXELS } = props;
  const { ref, width } = useWidth();
  const xs = series.flatMap(({ points }) => points.map(({ x }) => x));
  const ys = series.flatMap(({ points }) => points.flatMap(({ y }) => y ?? []));
  const x = scaleLinear([Math.min(...xs, 0), Math.max(...xs, 1)], [MARGIN.left, width - MARGIN.right]);
  const y = scaleLinear([0, Math.max(...ys, 0) || 1], [HEIGHT - MARGIN.bottom, MARGIN.top]).nice(Y_TICKS);
  const path = line<{ x: number; y: number | null }>()
    .defined((point) => point.y !== null)
    .x((point) => x(point.x))
    .y((point) => y(point.y ?? 0));
  const xTicks = ticksWithRoom(x, xLabelPixels);
  const yTicks = y.ticks(Y_TICKS).filter((tick) => !isCount || Number.isInteger(tick));
  return (
    // Time and numbers run from left to right in right-to-left languages too, as in their newspapers.
    <div ref={ref} className={styles['chart']} dir="ltr">
      {hasLegend ? <Legend names={series.map(({ name }) => name)} /> : null}
      <svg width={width} height={HEIGHT} role="img" aria-label={label}>
        {yTicks.map((tick) => (
          <g key={tick} transform={`translate(0,${y(tick)})`}>
            <line x1={MARGIN.left} x2={width - MARGIN.right} className={styles['grid']} />
            <text x={MARGIN.left - 8} dy="0.32em" textAnchor="end" className={styles['tick']}>
              {formatY(tick)}
            </text>
          </g>
        ))}
        {xTicks.map((tick) => (
          <text key={tick} {...placeOfLabel(x(tick), { width, pixels: xLabelPixels })} y={HEIGHT - MARGIN.bottom + 18} className={styles['tick']}>
            {formatX(tick)}
          </text>
        ))}
        <text x={(MARGIN.left + width - MARGIN.right) / 2} y={HEIGHT - 6} textAnchor="middle" className={styles['tick']}>
          {xLabel}
        </text>
        {series.map(({ name, points }, index) => (
          <path
            key={name}
            d={path([...points]) ?? undefined}
            className={`${styles['line']} ${styles[`series${index % LINE_STYLES.length}`]}`}
            strokeDasharray={LINE_STYLES[index % LINE_STYLES.length]}
          />
        ))}
      </svg>
    </div>
  );
}

/** As many whole numbers as have room beside each other; how many d3 makes of a wish for so many is up to it. */
function ticksWithRoom(x: ScaleLinear<number, number>, labelPixels: number): number[] {
  const [from = 0, to = 0] = x.range();
  const most = Math.max(2, Math.floor((to - from) / labelPixels));
  for (let wished = most; wished > 1; wished -= 1) {
    const ticks = x.ticks(wished).filter(Number.isInteger);
    if (ticks.length <= most + 1) return ticks;
  }
  return x.ticks(1).filter(Number.isInteger);
}

/** Below its tick; the last one, where that would go beyond the edge, up to it. */
function placeOfLabel(x: number, { width, pixels }: { width: number; pixels: number }): { x: number; textAnchor: 'middle' | 'end' } {
  return x + pixels / 2 > width ? { x: width, textAnchor: 'end' } : { x, textAnchor: 'middle' };
}

function Legend({ names }: { names: readonly string[] }) {
  return (
    <ul className={styles['legend']} aria-hidden="true">
      {names.map((name, index) => (
        <li key={name}>
          <svg width="28" height="8">
            <line
              x1="0"
              x2="28"
              y1="4"
              y2="4"
              className={`${styles['line']} ${styles[`series${index % LINE_STYLES.length}`]}`}
              strokeDasharray={LINE_STYLES[index % LINE_STYLES.length]}
            />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}

function useWidth() {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(FIRST_WIDTH);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined && entry.contentRect.width > 0) setWidth(Math.round(entry.contentRect.width));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, width };
}

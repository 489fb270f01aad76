import type { ReactElement } from 'react';

import type { Chart } from '../sections/report-section.ts';
import { BarPicture } from './bar-picture.tsx';
import { ColumnPicture } from './column-picture.tsx';
import { lineColourAt, PART_COLOURS } from './chart-colours.ts';
import { LinePicture } from './line-picture.tsx';
import { RangePicture } from './range-picture.tsx';

const WIDE = 912;
const NARROW = 340;

/** Drawn for a wide and for a narrow page, one of which is shown: shrunk, the words of a wide one could not be read. */
export function ChartPicture({ chart }: { chart: Chart }) {
  return (
    <>
      <Legend chart={chart} />
      <div className="wide">{drawn(chart, WIDE)}</div>
      <div className="narrow">{drawn(chart, NARROW)}</div>
    </>
  );
}

function drawn(chart: Chart, width: number): ReactElement {
  switch (chart.kind) {
    case 'bars':
      return <BarPicture chart={chart} width={width} />;
    case 'columns':
      return <ColumnPicture chart={chart} width={width} />;
    case 'lines':
      return <LinePicture chart={chart} width={width} />;
    case 'range':
      return <RangePicture chart={chart} width={width} />;
  }
}

function Legend({ chart }: { chart: Chart }) {
  if (chart.kind === 'columns') {
    return (
      <ul className="legend" aria-hidden="true">
        {chart.parts.map((name, index) => (
          <li key={name}>
            <span style={{ background: PART_COLOURS[index] }} />
            {name}
          </li>
        ))}
      </ul>
    );
  }
  if (chart.kind !== 'lines' || chart.lines.length < 2) return null;
  return (
    <ul className="legend" aria-hidden="true">
      {chart.lines.map(({ name, isDashed = false }, index) => (
        <li key={name}>
          <span className="line" style={{ borderTopColor: lineColourAt(index), borderTopStyle: isDashed ? 'dashed' : 'solid' }} />
          {name}
        </li>
      ))}
    </ul>
  );
}

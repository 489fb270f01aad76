import { renderToStaticMarkup } from 'react-dom/server';

import type { Definition, Figure, ReportSection } from '../sections/report-section.ts';
import type { ToldReport } from '../sections/told-report.ts';
import { ChartPicture } from './chart-picture.tsx';
import { FigureTable } from './figure-table.tsx';
import { PAGE_STYLE } from './page-style.ts';

/** Nothing runs and nothing is fetched, wherever the page is opened. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** One file: it opens without a network, is readable in a mail program's preview, and prints. */
export function writeReportPage(told: ToldReport): string {
  return `<!doctype html>\n${renderToStaticMarkup(<ReportPage told={told} />)}\n`;
}

function ReportPage({ told }: { told: ToldReport }) {
  return (
    <html lang={told.language}>
      <head>
        <meta charSet="utf-8" />
        <meta httpEquiv="Content-Security-Policy" content={POLICY} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light" />
        <title>{`${told.title} – ${told.asOf}`}</title>
        <style dangerouslySetInnerHTML={{ __html: PAGE_STYLE }} />
      </head>
      <body>
        <header>
          <p className="as-of">{told.asOf}</p>
          <h1>{told.title}</h1>
          <p>{told.scope}</p>
          <p>{told.leftOut}</p>
          {told.preset === null ? null : <p>{told.preset}</p>}
        </header>
        <main>
          {told.inShort.length === 0 ? null : <Summary told={told} />}
          {told.sections.map((section) => (
            <Section key={section.id} section={section} words={told.words} />
          ))}
        </main>
        <footer>{told.words.footer}</footer>
      </body>
    </html>
  );
}

function Summary({ told: { tiles, inShort, inShortTitle, sections } }: { told: ToldReport }) {
  return (
    <section className="summary" aria-labelledby="in-short">
      <dl className="tiles">
        {tiles.map(({ label, value, beside }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className="value">{value}</dd>
            <dd className="beside">{beside}</dd>
          </div>
        ))}
      </dl>
      <h2 id="in-short">{inShortTitle}</h2>
      <ul className="short">
        {inShort.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <nav>
        {sections.map(({ id, title }) => (
          <a key={id} href={`#${id}`}>
            {title}
          </a>
        ))}
      </nav>
    </section>
  );
}

function Section({ section, words }: { section: ReportSection; words: ToldReport['words'] }) {
  const { id, title, lead, figures, definitions } = section;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <p className="lead">{lead}</p>
      {figures.map((figure) => (
        <FigureBlock key={figure.table.caption} figure={figure} />
      ))}
      {definitions.length === 0 ? null : <Definitions definitions={definitions} words={words} />}
    </section>
  );
}

function FigureBlock({ figure: { title, chart, table, note } }: { figure: Figure }) {
  return (
    <div className="figure">
      {title === null ? null : <h3>{title}</h3>}
      {chart === null ? null : <ChartPicture chart={chart} />}
      {table.rows.length === 0 ? null : <FigureTable table={table} />}
      {note === null ? null : <p className="note">{note}</p>}
    </div>
  );
}

function Definitions({ definitions, words }: { definitions: readonly Definition[]; words: ToldReport['words'] }) {
  return (
    <div className="definitions">
      <h3>{words.howCounted}</h3>
      <dl>
        {definitions.map(({ term, words: meaning, formula }) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>
              {meaning}
              {formula === '' ? null : <span className="formula">{formula}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

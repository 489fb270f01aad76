/**
 * Dark text on white; one green for what the store did, grey beside it. The shades of the matrix are those of the
 * dashboard, where white text begins at the sixth (4.5:1). Charts are drawn twice, wide and narrow, so that their words
 * keep one size; paper gets the wide ones.
 */
export const PAGE_STYLE = `
:root { color-scheme: light; --ink: #1a1a1a; --soft: #595959; --line: #d9d9d9; --faint: #f4f6f5; --green: #176553; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2.5rem 1.5rem 4rem; max-width: 60rem; background: #fff; color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: break-word; }
h1 { margin: 0 0 .75rem; font-size: 2.25rem; line-height: 1.15; letter-spacing: -.01em; }
h2 { margin: 0 0 .25rem; font-size: 1.375rem; line-height: 1.25; }
h3 { margin: 1.75rem 0 .5rem; font-size: 1rem; }
p { margin: 0 0 .25rem; }
header p { color: var(--soft); max-width: 44rem; }
header .as-of { margin-bottom: .25rem; color: var(--green); font-weight: 600; }
section { margin-top: 3.25rem; }
.lead { max-width: 44rem; margin-bottom: 1rem; color: var(--soft); }
.summary { margin-top: 2rem; }
.tiles { display: grid; grid-template-columns: repeat(5, 1fr); gap: 0; margin: 0 0 2rem; border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
.tiles > div { padding: 1rem; border-left: 1px solid var(--line); }
.tiles > div:first-child { border-left: 0; }
.tiles dt { font-size: .8125rem; line-height: 1.3; color: var(--soft); min-height: 2.1em; }
.tiles dd { margin: 0; }
.tiles .value { margin-top: .25rem; font-size: 1.5rem; font-weight: 600; line-height: 1.2; white-space: nowrap; letter-spacing: -.01em; }
.tiles .beside { margin-top: .25rem; font-size: .75rem; color: var(--soft); }
.short { margin: .5rem 0 0; padding-left: 1.1rem; max-width: 46rem; }
.short li { margin: .35rem 0; }
.short li::marker { color: var(--green); }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin-top: 1.25rem; font-size: .875rem; }
nav a { color: var(--green); text-underline-offset: 3px; }
.figure { margin-top: 1rem; }
svg { display: block; width: 100%; height: auto; margin: .5rem 0 1rem; }
svg text { font: 12px/1 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; fill: var(--soft); }
svg .value, svg .name { fill: var(--ink); }
svg .grid { stroke: #e6e6e6; }
svg .axis { stroke: #8c8c8c; }
.narrow { display: none; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0; padding: 0; list-style: none; font-size: .8125rem; color: var(--soft); }
.legend span { display: inline-block; width: 1.1rem; height: .7rem; margin-right: .4rem; border-radius: 2px; }
.legend span.line { height: 0; border-radius: 0; border-top: 2.5px solid; vertical-align: middle; }
.scroller { overflow-x: auto; }
.scroller:focus-visible { outline: 2px solid var(--green); outline-offset: 2px; }
table { border-collapse: collapse; min-width: min(100%, 34rem); font-size: .875rem; line-height: 1.35; }
.caption { margin: 1rem 0 .4rem; font-size: .8125rem; color: var(--soft); }
th, td { padding: .45rem .75rem .45rem 0; text-align: left; vertical-align: top; font-weight: 400; border-bottom: 1px solid var(--line); }
thead th { word-break: keep-all; color: var(--soft); font-size: .8125rem; vertical-align: bottom; border-bottom-color: #8c8c8c; }
.number { text-align: right; white-space: nowrap; }
th.number, td.number { padding-left: .75rem; padding-right: 0; }
thead th.number { white-space: normal; max-width: 9rem; }
.number + :not(.number) { padding-left: 1.75rem; }
.strong { font-weight: 600; }
.running { font-style: italic; color: var(--soft); }
table.matrix { min-width: 0; font-size: .75rem; }
.matrix th, .matrix td { padding: .35rem .45rem; border: 1px solid #fff; white-space: nowrap; }
.matrix thead th { font-size: .75rem; }
.matrix th:first-child { padding-left: 0; position: sticky; left: 0; background: #fff; }
.shade0 { background: #fff; } .shade1 { background: #e3f3ee; } .shade2 { background: #c4e6dc; } .shade3 { background: #9bd3c3; }
.shade4 { background: #6cbca7; } .shade5 { background: #2b7f6b; color: #fff; } .shade6 { background: #176553; color: #fff; } .shade7 { background: #0b4a3c; color: #fff; }
.note { margin-top: .6rem; font-size: .8125rem; color: var(--soft); }
.definitions { margin-top: 1.5rem; padding: 1rem 1.25rem; background: var(--faint); border-radius: 8px; font-size: .8125rem; }
.definitions h3 { margin: 0 0 .5rem; font-size: .8125rem; }
.definitions dl { display: grid; gap: .5rem; margin: 0; }
.definitions dl > div { display: grid; grid-template-columns: 11rem 1fr; gap: .25rem 1rem; }
.definitions dt { font-weight: 600; }
.definitions dd { margin: 0; }
.formula { display: block; color: var(--soft); font-style: italic; }
/* Slanted Han characters are hard to read. */
:lang(zh-CN) .formula, :lang(zh-CN) .running { font-style: normal; }
footer { margin-top: 3.5rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: .8125rem; color: var(--soft); }
@media (max-width: 40rem) {
  body { padding: 1.5rem 1rem 3rem; }
  h1 { font-size: 1.875rem; }
  .wide { display: none; } .narrow { display: block; }
  .tiles { grid-template-columns: 1fr 1fr; }
  .tiles > div { border-left: 0; border-top: 1px solid var(--line); }
  .tiles > div:first-child { grid-column: 1 / -1; border-top: 0; }
  .tiles > div:nth-child(odd) { border-left: 1px solid var(--line); }
  .tiles > div:first-child { border-left: 0; }
  .tiles dt { min-height: 0; }
  /* Wider than the page, a table scrolls; its words do not break into single characters. */
  tbody th { min-width: 6.5rem; }
  tbody td:not(.number) { min-width: 9.5rem; }
  .matrix tbody th, .matrix tbody td { min-width: 0; }
  .definitions dl > div { grid-template-columns: 1fr; }
}
@media print {
  @page { size: A4; margin: 14mm 13mm; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  .wide { display: block; } .narrow { display: none; }
  nav { display: none; }
  section { margin-top: 9mm; }
  h2, h3, .lead, .caption { break-after: avoid; }
  svg, .tiles, .definitions > dl > div, tr { break-inside: avoid; }
  .scroller { overflow: visible; }
  table { font-size: 8.5pt; }
  table.matrix { font-size: 6.8pt; }
  .matrix th, .matrix td { padding: .9mm 1.1mm; }
  .matrix th:first-child { position: static; }
  .shade0, .shade1, .shade2, .shade3, .shade4, .shade5, .shade6, .shade7, .definitions, .legend span, svg { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
`;

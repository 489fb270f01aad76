import type { HealthReport, ShopHealth } from '#app/services/operations/check-shops.server.ts';

/** The report as a page that needs nothing else to be read: no script, no style sheet, no session. */
export function renderHealth(report: HealthReport): string {
  const { checkedAt, database, shops, nextAfter } = report;
  const offending = shops.filter(({ offences, problem }) => offences.length > 0 || problem !== null);
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Perennial: health</title>
<style>body{font:16px/1.5 system-ui,sans-serif;margin:2rem;max-width:70rem}table{border-collapse:collapse}
th,td{border:1px solid #767676;padding:.25rem .75rem;text-align:left;vertical-align:top}</style></head>
<body><main>
<h1>Health</h1>
<p>Looked at ${escape(checkedAt.toISOString())}. ${shops.length} shops looked through, ${offending.length} with something to do.</p>
<h2>Database</h2>
${database.length === 0 ? '<p>All is well.</p>' : `<ul>${database.map((line) => `<li>${escape(line)}</li>`).join('')}</ul>`}
<h2>Shops</h2>
${offending.length === 0 ? '<p>All is well.</p>' : tableOf(offending)}
${nextAfter === null ? '' : `<p><a href="?after=${nextAfter}">Next shops</a></p>`}
</main></body></html>
`;
}

function tableOf(shops: readonly ShopHealth[]): string {
  const rows = shops.flatMap(({ domain, offences, problem }) => [
    ...(problem === null ? [] : [rowOf(domain, problem, '', '')]),
    ...offences.map(({ code, count, samples }) => rowOf(domain, code, String(count), samples.join(', '))),
  ]);
  return `<table><thead><tr><th scope="col">Shop</th><th scope="col">What</th><th scope="col">How many</th><th scope="col">For example</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table>`;
}

function rowOf(...cells: string[]): string {
  return `<tr>${cells.map((cell) => `<td>${escape(cell)}</td>`).join('')}</tr>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

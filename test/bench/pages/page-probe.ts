import { z } from 'zod';

/**
 * Runs in every document before its own scripts. It notes what the browser reports of itself, and looks once a frame for
 * what the bench waits for; a moment counts when the frame after it has been painted. As text, since what compiles our
 * own functions puts calls into them that no page knows.
 */
export function pageProbe(dataSelectors: Readonly<Record<string, string>>): string {
  return `(() => {
  const path = location.pathname.replace(/\\/customers\\/\\d+$/, '/customers/*');
  const selector = ${JSON.stringify(dataSelectors)}[path];
  if (selector === undefined || window === window.top) return;
  let inputAt = -Infinity;
  const probe = { data: null, usable: null, lcp: 0, cls: 0, shifts: [], longest: 0, events: [], watch: null };
  window.__probe = probe;
  const observe = (type, each, options) => new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true, ...options });
  observe('largest-contentful-paint', (entry) => { probe.lcp = entry.startTime; });
  observe('layout-shift', (entry) => {
    // A click tells the browser only of the frame at the top what moves at somebody's wish, where both frames are of one process.
    if (entry.hadRecentInput || entry.startTime - inputAt < 500) return;
    probe.cls += entry.value;
    const of = (node) => node === null ? '?' : ((node.parentElement || node).className || node.nodeName).toString().slice(0, 60);
    probe.shifts.push(entry.value.toFixed(4) + ' at ' + Math.round(entry.startTime) + ' ms: ' + entry.sources.map(({ node }) => of(node)).join(', '));
  });
  observe('longtask', (entry) => { probe.longest = Math.max(probe.longest, entry.duration); });
  observe('event', (entry) => { if (entry.interactionId > 0) probe.events.push(entry.duration); }, { durationThreshold: 16 });
  const painted = (then) => { const { port1, port2 } = new MessageChannel(); port1.onmessage = () => then(performance.now()); port2.postMessage(0); };
  const isOurs = (element) => Object.keys(element).some((key) => key.startsWith('__reactProps'));
  const textOf = (selector) => [...document.querySelectorAll(selector)].map((element) => element.textContent).join('|');
  for (const type of ['pointerup', 'keydown']) addEventListener(type, (event) => { inputAt = event.timeStamp; }, { capture: true });
  probe.startWatching = (selector) => { probe.events = []; probe.longest = 0; probe.watch = { selector, before: textOf(selector), tookMs: null }; };
  const look = () => {
    if (probe.data === null) {
      const seen = [...document.querySelectorAll(selector)].find((element) => /\\d/.test(element.textContent));
      if (seen) { probe.data = -1; painted((at) => { probe.data = at; }); }
    }
    if (probe.data !== null && probe.usable === null) {
      const control = document.querySelector('button, select, a[href]');
      if (control && isOurs(control)) probe.usable = performance.now();
    }
    const { watch } = probe;
    if (watch !== null && watch.tookMs === null) {
      const text = textOf(watch.selector);
      const isBusy = document.querySelector('[aria-busy="true"]') !== null;
      if (text !== '' && text !== watch.before && !isBusy) { watch.tookMs = -1; const from = inputAt; painted((at) => { watch.tookMs = at - from; }); }
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();`;
}

/** What the page says of its first load; sizes as they came over the wire. */
export const READ_LOAD = `(() => {
  const { data, usable, lcp, cls, shifts, longest } = window.__probe;
  const [page] = performance.getEntriesByType('navigation');
  const resources = performance.getEntriesByType('resource');
  const scripts = resources.filter(({ name }) => name.startsWith(location.origin) && /\\.js(\\?|$)/.test(name));
  const fetched = resources.filter(({ initiatorType, name }) => initiatorType === 'fetch' && name.startsWith(location.origin));
  const sum = (entries) => entries.reduce((bytes, { encodedBodySize }) => bytes + encodedBodySize, 0);
  return {
    dataMs: data, usableMs: usable, lcpMs: lcp, cls, shifts, longestTaskMs: longest,
    serverMs: page.responseStart - page.requestStart,
    documentBytes: page.encodedBodySize, documentPlainBytes: page.decodedBodySize,
    scriptBytes: sum(scripts), fetchedBytes: sum(fetched),
    fetchedMs: Math.max(0, ...fetched.map(({ responseStart, requestStart }) => responseStart - requestStart)),
  };
})()`;

export const loadSchema = z.object({
  dataMs: z.number(),
  usableMs: z.number(),
  lcpMs: z.number(),
  cls: z.number(),
  shifts: z.array(z.string()),
  longestTaskMs: z.number(),
  serverMs: z.number(),
  documentBytes: z.number(),
  documentPlainBytes: z.number(),
  scriptBytes: z.number(),
  fetchedBytes: z.number(),
  fetchedMs: z.number(),
});

export type PageLoad = z.infer<typeof loadSchema>;

export const IS_LOADED = `window.__probe?.data > 0 && window.__probe.usable !== null && document.readyState === 'complete'`;

export const IS_ANSWERED = `window.__probe.watch.tookMs > 0`;

/** Of all that the browser took for one interaction, such as a key's going down and up, the slowest. */
export const READ_INTERACTION = `(() => {
  const { events, watch, cls, shifts, longest } = window.__probe;
  return { inpMs: Math.max(0, ...events), dataMs: watch.tookMs, cls, shifts, longestTaskMs: longest };
})()`;

export const interactionSchema = z.object({
  inpMs: z.number(),
  dataMs: z.number(),
  cls: z.number(),
  shifts: z.array(z.string()),
  longestTaskMs: z.number(),
});

export type InteractionFigures = z.infer<typeof interactionSchema>;

import type { Frame, Page } from 'playwright-core';

/** More than any of our pages has of places to stop at. */
const MOST_TABS = 120;

export interface Walk {
  controls: number;
  /** Those that Tab never came to, by name. */
  missed: string[];
}

/** Goes through the page by Tab alone, and round once more, until it came to everything that can be pressed or filled in. */
export async function walkByKeyboard(page: Page, frame: Frame, within: string): Promise<Walk> {
  const names = await frame.evaluate(findControls, within);
  const left = new Set(names.keys());
  for (let presses = 0; presses < MOST_TABS && left.size > 0; presses += 1) {
    await page.keyboard.press('Tab');
    left.delete(await frame.evaluate(whereFocusIs));
  }
  return { controls: names.length, missed: names.filter((_name, index) => left.has(index)) };
}

/** Comes to a control by Tab and presses Enter on it. @throws Error where Tab does not come to one of that name */
export async function pressByKeyboard(page: Page, frame: Frame, within: string, name: RegExp): Promise<void> {
  const names = await frame.evaluate(findControls, within);
  for (let presses = 0; presses < MOST_TABS; presses += 1) {
    await page.keyboard.press('Tab');
    const at = await frame.evaluate(whereFocusIs);
    if (name.test(names[at] ?? '')) return page.keyboard.press('Enter');
  }
  throw new Error(`The keyboard does not come to ${String(name)} among ${names.join(', ')}`);
}

/** Names of all controls that are seen, shadow trees included; the page keeps the elements for `whereFocusIs`. */
function findControls(within: string): string[] {
  const found: Element[] = [];
  const look = (root: ParentNode): void => {
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) look(element.shadowRoot);
      const isControl = element.matches('a[href], button, input:not([type="hidden"]), select, textarea, summary, [tabindex]:not([tabindex="-1"])');
      // Inside a field of Shopify's the arrow keys do what its small buttons do.
      const isPart = element.matches('[tabindex="-1"]') && element.getRootNode() instanceof ShadowRoot;
      if (isControl && !isPart && !element.matches(':disabled') && element.checkVisibility({ visibilityProperty: true })) found.push(element);
    }
  };
  for (const root of document.querySelectorAll(within)) look(root);
  Reflect.set(window, 'controlsUnderTest', found);
  return found.map((element) => {
    const labels = element instanceof HTMLInputElement || element instanceof HTMLSelectElement ? [...(element.labels ?? [])].map((label) => label.textContent).join(' ') : '';
    // What a component is called stands outside its shadow tree.
    const host = element.getRootNode();
    const outside = host instanceof ShadowRoot ? host.host.textContent : '';
    return (element.getAttribute('aria-label') ?? (labels || element.textContent || outside || element.tagName)).replace(/\s+/g, ' ').trim();
  });
}

/** Its place among them; -1 for elsewhere. */
function whereFocusIs(): number {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  const controls: unknown = Reflect.get(window, 'controlsUnderTest');
  return Array.isArray(controls) ? controls.indexOf(active) : -1;
}

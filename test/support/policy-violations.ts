import type { BrowserContext, Page } from 'playwright-core';
import { waitFor } from './wait-for.ts';

export interface Violations {
  /** `script-src-elem inline http://…/app`, oldest first. */
  readonly found: string[];
}

const REPORT = 'reportPolicyViolation';

/** Hears in every frame of every page of the context what the browser kept back because of a policy. */
export async function watchPolicies(context: BrowserContext): Promise<Violations> {
  const found: string[] = [];
  await context.exposeFunction(REPORT, (violation: string) => found.push(violation));
  await context.addInitScript((report) => {
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, documentURI, sample }) => {
      const page = documentURI.split('?', 1)[0];
      Reflect.get(window, report)(`${effectiveDirective} ${blockedURI} in ${page} ${sample}`);
    });
  }, REPORT);
  return { found };
}

/** Provokes a violation, so that a watcher that hears nothing is not taken for a page that does nothing wrong. */
export async function hearsViolation(page: Page, frameName: string, { found }: Violations): Promise<boolean> {
  const before = found.length;
  await page.frame(frameName)?.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.hasRunProvoked = true';
    document.body.append(script);
  });
  return waitFor('the violation is heard', () => (found.length > before ? true : undefined)).then(
    () => true,
    () => false,
  );
}

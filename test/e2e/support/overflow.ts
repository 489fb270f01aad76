import type { Frame } from 'playwright-core';

const MOST_NAMED = 5;

/**
 * Nothing when a document is no wider than its window and nothing in it is cut off at a side; else what is. A part that
 * scrolls by itself may be as wide as it likes, and what is for screen readers alone is hidden by cutting. What lies over
 * the page, and makes nothing wider by leaving it, is named by `over`.
 */
export function overflowOf(frame: Frame, over: string | null = null): Promise<string[]> {
  return frame.evaluate(([mostNamed, overlay]) => {
    const root = document.documentElement;
    const isSpokenOnly = (box: DOMRect): boolean => box.width <= 1 || box.height <= 1;
    const cutBy = (element: Element): Element | null => {
      const box = element.getBoundingClientRect();
      // Wholly off the left side waits a menu that slides in.
      if (isSpokenOnly(box) || box.right <= 0) return null;
      for (let up = element.parentElement; up !== null; up = up.parentElement) {
        const { overflowX } = getComputedStyle(up);
        if (overflowX === 'auto' || overflowX === 'scroll') return null;
        if (overflowX !== 'hidden' && overflowX !== 'clip') continue;
        const frame = up.getBoundingClientRect();
        if (isSpokenOnly(frame)) return null;
        if (box.right > frame.right + 1 || box.left < frame.left - 1) return up;
      }
      return null;
    };
    const isWide = root.scrollWidth > root.clientWidth;
    const found = isWide ? [`the document is ${root.scrollWidth} px wide in a window of ${root.clientWidth} px`] : [];
    for (const element of document.body.querySelectorAll('*')) {
      const box = element.getBoundingClientRect();
      const isOutside = isWide && box.right > root.clientWidth + 1 && !isSpokenOnly(box);
      const isOverlay = overlay !== null && element.closest(overlay) !== null && element.checkVisibility() && !isSpokenOnly(box);
      const sticksOut = isOverlay && (box.left < -1 || box.right > root.clientWidth + 1);
      if (isOutside || sticksOut || cutBy(element) !== null) found.push(element.outerHTML.slice(0, 160));
    }
    return found.slice(0, mostNamed);
  }, [MOST_NAMED, over] as const);
}

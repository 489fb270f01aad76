/**
 * Runs once, `delayMs` from now; while the page is hidden it waits until it is looked at again.
 *
 * @param returnDelayMs how long after the page is looked at again
 * @returns what calls it off
 */
export function whileVisible(delayMs: number, run: () => void, returnDelayMs: number = delayMs): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const startIn = (milliseconds: number) => {
    clearTimeout(timer);
    if (document.visibilityState === 'visible') timer = setTimeout(run, milliseconds);
  };
  const restart = () => startIn(returnDelayMs);
  startIn(delayMs);
  document.addEventListener('visibilitychange', restart);
  return () => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', restart);
  };
}

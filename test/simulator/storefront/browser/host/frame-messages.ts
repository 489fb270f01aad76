/** What the frame of a block says to the page around it. */
export type FromBlock = { kind: 'height'; heightPx: number } | { kind: 'failed' } | { kind: 'cart-changed' } | { kind: 'closed' };

const MARK = 'local-checkout-block';

export function tellPage(message: FromBlock): void {
  window.parent.postMessage({ mark: MARK, message }, location.origin);
}

export function listenToBlocks(hear: (message: FromBlock, source: MessageEventSource | null) => void): void {
  addEventListener('message', (event: MessageEvent<unknown>) => {
    if (event.origin === location.origin && isFromBlock(event.data)) hear(event.data.message, event.source);
  });
}

/** Origin and mark together say that the other end is our own script, so its form is trusted. */
function isFromBlock(data: unknown): data is { message: FromBlock } {
  return typeof data === 'object' && data !== null && 'mark' in data && data.mark === MARK && 'message' in data;
}

import { listenToBlocks } from './host/frame-messages.ts';

const SHOWN = 'block--shown';

listenToBlocks((message, source) => {
  const frame = [...document.querySelectorAll<HTMLIFrameElement>('iframe.block')].find(
    (candidate) => candidate.contentWindow === source,
  );
  if (!frame) return;
  if (message.kind === 'failed') return frame.remove();
  if (message.kind === 'cart-changed') return void takeNewSums();
  if (message.kind === 'closed') return frame.closest('dialog')?.close();
  frame.classList.toggle(SHOWN, message.heightPx > 0);
  frame.style.height = `${message.heightPx}px`;
});

/** The sums of the cart as they are now; what the buyer has typed stays. */
async function takeNewSums(): Promise<void> {
  const response = await fetch(location.href);
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  for (const selector of ['.checkout__summary', '.collapse b']) {
    const [old, renewed] = [document.querySelector(selector), fresh.querySelector(selector)];
    if (old && renewed) old.replaceWith(document.adoptNode(renewed));
  }
  const codes = [document, fresh].map((one) => one.querySelector<HTMLInputElement>('input[name="discount"]'));
  if (codes[0] && codes[1]) codes[0].value = codes[1].defaultValue;
}

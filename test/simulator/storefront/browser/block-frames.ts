import { listenToBlocks } from './host/frame-messages.ts';

const SHOWN = 'block--shown';

listenToBlocks((message, source) => {
  const frame = [...document.querySelectorAll<HTMLIFrameElement>('iframe.block')].find(
    (candidate) => candidate.contentWindow === source,
  );
  if (!frame) return;
  if (message.kind === 'failed') return frame.remove();
  frame.classList.toggle(SHOWN, message.heightPx > 0);
  frame.style.height = `${message.heightPx}px`;
});

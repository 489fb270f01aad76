import { useEffect, useState } from 'react';

import type { BlockPlacement } from './setup-guide.tsx';

const THANK_YOU_TARGET = 'purchase.thank-you.block.render';
/** Not every admin answers what it does not know. */
const PATIENCE_MS = 5_000;
const DISMISSED_KEY = 'perennial.setup-guide.dismissed';

export interface SetupGuideState {
  /** False until the browser has been asked, so that a dismissed guide never flashes. */
  isShown: boolean;
  placement: BlockPlacement;
  dismiss: () => void;
}

/** Whether the guide is wanted, and whether Shopify shows our block on the thank-you page. */
export function useSetupGuide(): SetupGuideState {
  const [isShown, setIsShown] = useState(false);
  const [placement, setPlacement] = useState<BlockPlacement>('asked');
  useEffect(() => {
    setIsShown(!wasDismissed());
    let isCurrent = true;
    void loadPlacement().then((loaded) => {
      if (isCurrent) setPlacement(loaded);
    });
    const patience = setTimeout(() => setPlacement((known) => (known === 'asked' ? 'unknown' : known)), PATIENCE_MS);
    return () => {
      isCurrent = false;
      clearTimeout(patience);
    };
  }, []);
  const dismiss = () => {
    setIsShown(false);
    rememberDismissal();
  };
  return { isShown, placement, dismiss };
}

async function loadPlacement(): Promise<BlockPlacement> {
  try {
    const extensions = await window.shopify.app.extensions();
    const isPlaced = extensions.some(({ activations }) => activations.some(({ target }) => target === THANK_YOU_TARGET));
    return isPlaced ? 'placed' : 'missing';
  } catch {
    // An older admin cannot say; the guide then leaves the question open.
    return 'unknown';
  }
}

/** Storage can be shut to a frame: then the guide comes back, which is no harm. */
function wasDismissed(): boolean {
  try {
    return localStorage.getItem(DISMISSED_KEY) !== null;
  } catch {
    return false;
  }
}

function rememberDismissal(): void {
  try {
    localStorage.setItem(DISMISSED_KEY, 'yes');
  } catch {
    // As above.
  }
}

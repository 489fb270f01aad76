/** @jsxImportSource preact */
import { useEffect, useState } from 'preact/hooks';

export interface CopyWords {
  copy: string;
  copied: string;
  copyFailed: string;
}

/** How long the button says that it copied. */
const COPIED_MS = 3000;

/** A code in a frame, with a button that copies it and says so. */
export function CopyCode({ id, code, words }: { id: string; code: string; words: CopyWords }) {
  const [copy, setCopy] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (copy !== 'copied') return;
    const timer = setTimeout(() => setCopy('idle'), COPIED_MS);
    return () => clearTimeout(timer);
  }, [copy]);

  return (
    <s-stack gap="none">
      <s-stack direction="inline" gap="small" alignItems="center">
        <s-box border="base" borderRadius="base" background="subdued" padding="small base">
          <s-text type="strong">{code}</s-text>
        </s-box>
        {/* Named by its own words: who speaks to the page says what they read. */}
        <s-button variant="secondary" command="--copy" commandFor={id}>
          {copy === 'copied' ? words.copied : words.copy}
        </s-button>
        <s-clipboard-item id={id} text={code} onCopy={() => setCopy('copied')} onCopyError={() => setCopy('failed')} />
      </s-stack>
      <s-stack accessibilityRole="status">
        {copy === 'failed' && <s-text color="subdued">{words.copyFailed}</s-text>}
        {copy === 'copied' && <s-text accessibilityVisibility="exclusive">{words.copied}</s-text>}
      </s-stack>
    </s-stack>
  );
}

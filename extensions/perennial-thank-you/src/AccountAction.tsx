/** @jsxImportSource preact */
import { useState } from 'preact/hooks';

import type { AccountPart } from './view-model.ts';

interface AccountActionProps {
  action: NonNullable<AccountPart['action']>;
  failedWords: string;
  invite: () => Promise<'failed' | 'done'>;
}

/** The one thing to do for an account: a link to sign in, or a button that has the invitation sent. */
export function AccountAction({ action, failedWords, invite }: AccountActionProps) {
  const [state, setState] = useState<'idle' | 'sending' | 'failed'>('idle');
  if (action.kind === 'sign-in') return <s-link href={action.url}>{action.label}</s-link>;
  const send = async (): Promise<void> => {
    setState('sending');
    if ((await invite()) === 'failed') setState('failed');
  };
  return (
    <s-stack gap="small-300">
      <s-button variant="secondary" loading={state === 'sending'} onClick={() => void send()}>
        {action.label}
      </s-button>
      <s-stack gap="none">
        <s-text color="subdued">{action.consent}</s-text>
        <s-stack accessibilityRole="status">{state === 'failed' && <s-text>{failedWords}</s-text>}</s-stack>
      </s-stack>
    </s-stack>
  );
}

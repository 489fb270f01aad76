import { RequestedTokenType, type Shopify } from '@shopify/shopify-api';
import { z } from 'zod';

import { staffNameOf } from '#app/domain/staff/permissions.ts';
import type { StaffFacts } from '#app/domain/staff/permissions.ts';

// Somebody waits for the page.
const DEADLINE_MS = 5_000;

export type StaffAnswer =
  | { readonly outcome: 'known'; readonly facts: StaffFacts }
  /** Shopify does not take the token: the account is closed, or the minute of the token is over. */
  | { readonly outcome: 'refused' }
  | { readonly outcome: 'unavailable' };

const userSchema = z.object({
  id: z.union([z.number().int(), z.string()]).transform(String),
  first_name: z.string().nullish(),
  last_name: z.string().nullish(),
  account_owner: z.boolean(),
  collaborator: z.boolean(),
});

interface Asked {
  api: Pick<Shopify, 'auth'>;
  shopDomain: string;
  /** Of the member of staff; proved and fresh. */
  sessionToken: string;
  staffId: string;
  deadlineMs?: number;
}

/**
 * Who the bearer of a session token is, which the token itself does not say: by exchanging it for an online access token,
 * whose answer names its user. Of that answer the name and two flags go on; the token, the scopes and the e-mail address end
 * here.
 */
export async function fetchStaffFacts({ api, shopDomain, sessionToken, staffId, deadlineMs = DEADLINE_MS }: Asked): Promise<StaffAnswer> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('too late')), deadlineMs);
  });
  try {
    const exchange = api.auth.tokenExchange({ shop: shopDomain, sessionToken, requestedTokenType: RequestedTokenType.OnlineAccessToken });
    const { session } = await Promise.race([exchange, tooLate]);
    const user = userSchema.safeParse(session.onlineAccessInfo?.associated_user);
    // An answer about somebody else is an answer to nothing that was asked.
    if (!user.success || user.data.id !== staffId) return { outcome: 'unavailable' };
    const { first_name: first, last_name: last, account_owner: isOwner, collaborator: isCollaborator } = user.data;
    return { outcome: 'known', facts: { staffId, name: staffNameOf(first ?? '', last ?? ''), isOwner, isCollaborator } };
  } catch (error) {
    // The library's errors print whole tokens, so neither their text nor they themselves travel on.
    const status = statusOf(error);
    return status === 400 || status === 401 ? { outcome: 'refused' } : { outcome: 'unavailable' };
  } finally {
    clearTimeout(timer);
  }
}

function statusOf(error: unknown): number | undefined {
  const response: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'response') : undefined;
  const code: unknown = typeof response === 'object' && response !== null ? Reflect.get(response, 'code') : undefined;
  return typeof code === 'number' ? code : undefined;
}

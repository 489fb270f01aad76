import { readAtOnce } from '#app/adapters/db/brief-connection.server.ts';
import type { ShopperMember } from '#app/adapters/db/shopper/shopper-standing.server.ts';
import { isBuried } from '#app/adapters/db/tombstones.repository.server.ts';
import { welcomeOf } from '#app/domain/loyalty/members/welcome.ts';
import type { Welcome } from '#app/domain/loyalty/members/welcome.ts';
import { claimWhenSeen } from '#app/services/shopper/claim-when-seen.server.ts';
import type { ClaimContext } from '#app/services/shopper/claim-when-seen.server.ts';
import type { ShownProgram } from '#app/services/shopper/shopper-program.server.ts';

interface Seen {
  readonly customerId: bigint;
  /** Null for who is none yet. */
  readonly member: ShopperMember | null;
  readonly program: ShownProgram;
}

/**
 * What a customer who is seen signed in is about to be given for their account, by what decides it; null where that is
 * nothing. Has it noted that they were seen where nobody knew. While the program does not run, nobody is welcomed: whoever
 * comes again later then is.
 */
export async function welcomeSeen(context: ClaimContext, { customerId, member, program }: Seen): Promise<Welcome | null> {
  const { shown, terms, nowMs } = program;
  const beginnings = member === null ? [] : member.beginnings;
  if (shown.status !== 'live' || beginnings === null) return null;
  const welcome = welcomeOf(beginnings, { versions: terms.versions, sinceMs: member?.welcomeDueMs ?? nowMs });
  // Nobody becomes a member for nothing, nor again who was forgotten.
  if (member === null && (welcome === null || (await isForgotten(context, customerId)))) return null;
  if (member?.isClaimed !== true) claimWhenSeen(context, customerId);
  return welcome;
}

function isForgotten({ pool, shop, sealedBox }: ClaimContext, customerId: bigint): Promise<boolean> {
  return readAtOnce(pool, shop, (connection) => isBuried(connection, sealedBox, shop, customerId));
}

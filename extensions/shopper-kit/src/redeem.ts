import type { RedeemAnswer, RedeemRequest, ShopperRedemption } from '../../../app/contracts/shopper-loyalty.ts';
import type { AppConnection } from './ask-app.ts';
import { askUntilKnown } from './ask-until-known.ts';
import type { Reading } from './ask-until-known.ts';
import { isRecord } from './is-record.ts';
import { readText } from './read-fields.ts';
import { readRedemption } from './read-loyalty.ts';

/** Why points were not spent: a reason of the app, or `trouble` where it did not answer as it should. */
export type RefusalReason = Extract<RedeemAnswer, { state: 'refused' }>['reason'] | 'trouble';

export type RedeemOutcome =
  /** `making` where the code was not there within our patience: it will be in the account. */
  | { kind: 'redeemed'; redemption: ShopperRedemption }
  | { kind: 'refused'; reason: RefusalReason };

const PATIENCE_FOR_CODE_MS = 30_000;
const REASONS = ['insufficient-points', 'limit-reached', 'not-offered', 'closed', 'excluded', 'changed'] as const;

/**
 * Spends points and waits for the code. The key of the wish stays the same over every repetition, so that a lost answer
 * costs nobody points twice. Never throws.
 */
export async function redeem(
  app: AppConnection,
  request: RedeemRequest,
  onReserved: (redemption: ShopperRedemption) => void = () => {},
): Promise<RedeemOutcome> {
  const answer = await askUntilKnown(app, { path: '/api/shopper/redemptions', body: request, read: readRedeemAnswer });
  if (answer.kind === 'unknown') return { kind: 'refused', reason: 'trouble' };
  if (answer.value.kind === 'refused' || answer.value.redemption.state !== 'making') return answer.value;
  onReserved(answer.value.redemption);
  return { kind: 'redeemed', redemption: await awaitCode(app, answer.value.redemption) };
}

/** The redemption once its code is made, or as it was when our patience ended. */
export async function awaitCode(app: AppConnection, redemption: ShopperRedemption): Promise<ShopperRedemption> {
  const path = `/api/shopper/redemption?id=${encodeURIComponent(redemption.redemptionId)}`;
  const later = await askUntilKnown(app, { path, read: readProgress, patienceMs: PATIENCE_FOR_CODE_MS });
  return (later.kind === 'known' && later.value) || redemption;
}

function readRedeemAnswer(body: unknown): Reading<RedeemOutcome> {
  const redemption = isRecord(body) && isRecord(body.redemption) ? readRedemption(body.redemption) : null;
  if (redemption !== null) return { kind: 'known', value: { kind: 'redeemed', redemption } };
  const told = isRecord(body) && body.state === 'refused' ? readText(body.reason) : '';
  return { kind: 'known', value: { kind: 'refused', reason: REASONS.find((reason) => reason === told) ?? 'trouble' } };
}

function readProgress(body: unknown): Reading<ShopperRedemption | null> {
  const redemption = isRecord(body) && isRecord(body.redemption) ? readRedemption(body.redemption) : null;
  if (redemption?.state === 'making') {
    return { kind: 'pending', retryAfterMs: isRecord(body) ? body.retryAfterMs : 0 };
  }
  return { kind: 'known', value: redemption };
}

import type { AccountStep, OrderPoints, OrderThanks } from '../../../app/contracts/order-thanks.ts';
import { askApp } from '../../shopper-kit/src/ask-app.ts';
import type { AppConnection } from '../../shopper-kit/src/ask-app.ts';
import { askUntilKnown } from '../../shopper-kit/src/ask-until-known.ts';
import { isRecord } from '../../shopper-kit/src/is-record.ts';
import { readNumber, readNumberOrNull, readText, readTextOrNull, readTexts, readWord } from '../../shopper-kit/src/read-fields.ts';
import type { AskedOrder } from './offer-client.ts';

/**
 * What the order gave and the way into the account. Told to `onTold` at each answer, since the account step is often
 * known before the points; a trouble leaves what was told last. Never throws.
 */
export async function fetchThanks(
  app: AppConnection,
  { orderId, locale }: AskedOrder,
  onTold: (thanks: OrderThanks) => void,
): Promise<void> {
  await askUntilKnown(app, {
    path: `/api/shopper/order?${new URLSearchParams({ orderId, locale }).toString()}`,
    read: (body) => {
      const thanks = readThanks(body);
      onTold(thanks);
      return thanks.points.state === 'pending'
        ? { kind: 'pending', retryAfterMs: thanks.points.retryAfterMs }
        : { kind: 'known', value: thanks };
    },
  });
}

/** Not offered any more: the account came into being, or the shop changed its mode. */
const NOT_OFFERED = 409;

/** Asks for the e-mail with the way into the account. The buyer reads what became of it. Never throws. */
export async function sendInvite(app: AppConnection, orderId: string): Promise<'invited' | 'failed' | 'none'> {
  const reply = await askApp(app, `/api/shopper/account-invite?orderId=${encodeURIComponent(orderId)}`, {});
  if (reply.kind === 'refused' && reply.status === NOT_OFFERED) return 'none';
  return reply.kind === 'answer' && isRecord(reply.body) && reply.body.state === 'invited' ? 'invited' : 'failed';
}

function readThanks(body: unknown): OrderThanks {
  const answer = isRecord(body) ? body : {};
  return { points: readPoints(answer.points), account: readStep(answer.account), texts: readTexts(answer.texts) };
}

function readPoints(value: unknown): OrderPoints {
  if (!isRecord(value)) return { state: 'none' };
  if (value.state === 'pending') {
    return { state: 'pending', retryAfterMs: readNumber(value.retryAfterMs), isPromised: value.isPromised === true };
  }
  const standing = readWord(value.standing, ['pending', 'spendable', 'claimable']);
  const points = readNumber(value.points);
  if (value.state !== 'ready' || standing === null || points <= 0) return { state: 'none' };
  return {
    state: 'ready',
    points,
    standing,
    spendableFrom: readTextOrNull(value.spendableFrom),
    balancePoints: readNumberOrNull(value.balancePoints),
  };
}

function readStep(value: unknown): AccountStep {
  if (!isRecord(value)) return { state: 'none' };
  const welcomePoints = readNumberOrNull(value.welcomePoints);
  if (value.state === 'invited') return { state: 'invited' };
  if (value.state === 'invite') return { state: 'invite', welcomePoints };
  const url = readText(value.url);
  if (value.state === 'sign-in' && /^https?:\/\//.test(url)) return { state: 'sign-in', url, welcomePoints };
  return { state: 'none' };
}

import { sayRule } from '#app/components/offers/say-rule.ts';
import type { OrderThanks } from '#app/contracts/order-thanks.ts';
import type { ShopperLoyaltyOn } from '#app/contracts/shopper-loyalty.ts';
import { requireCurrencyExponent } from '#app/domain/money/currency.ts';
import { formatDay } from '#app/domain/time/calendar-day.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';
import type { ShopperWording } from '#app/domain/texts/shopper-wording.ts';
import type { Surface } from '#app/domain/texts/surfaces.ts';
import { CheckoutPreview } from './checkout-preview.tsx';
import { LoyaltyPagePreview } from './loyalty-page-preview.tsx';
import { ProfilePreview } from './profile-preview.tsx';
import { SAMPLE_PENDING, sampleLoyalty, sampleOffer, sampleRule, sampleThanks } from './sample-shopper.ts';
import type { PreviewShop } from './sample-shopper.ts';
import type { Situation } from './situations.ts';
import { StorefrontPreview } from './storefront-preview.tsx';
import { sayReadyOffer, ThankYouPreview } from './thank-you-preview.tsx';
import type { OfferWords } from './thank-you-preview.tsx';

export interface SurfacePreviewProps {
  surface: Surface;
  situation: Situation;
  shop: PreviewShop;
  wording: ShopperWording;
  /** What an order gives, where the page knows; a sample otherwise. */
  orderPoints?: number;
}

/** One surface with the shop's own program, as a shopper who does not exist would find it. */
export function SurfacePreview({ surface, situation, shop, wording, orderPoints }: SurfacePreviewProps) {
  switch (surface) {
    case 'thank-you':
      return (
        <ThankYouPreview
          offer={offerIn(situation, shop, wording)}
          thanks={thanksIn(situation, sampleThanks(shop, orderPoints))}
          wording={wording}
        />
      );
    case 'checkout':
      return (
        <CheckoutPreview
          loyalty={sampleLoyalty(shop)}
          earns={orderPoints ?? SAMPLE_PENDING}
          situation={situation === 'applied' || situation === 'locked' || situation === 'signed-out' ? situation : 'open'}
          wording={wording}
        />
      );
    case 'loyalty-page':
      return (
        <LoyaltyPagePreview
          loyalty={loyaltyIn(situation, sampleLoyalty(shop))}
          today={formatDay(dayOfInstant(shop.nowMs, shop.timeZone))}
          wording={wording}
        />
      );
    case 'profile':
      return <ProfilePreview loyalty={sampleLoyalty(shop)} wording={wording} />;
    case 'storefront':
      return <StorefrontPreview loyalty={sampleLoyalty(shop)} isSignedIn={situation !== 'signed-out'} wording={wording} />;
  }
}

const SAMPLE_UNITS = 5;
const FLASH_HOURS = 48;

function offerIn(situation: Situation, shop: PreviewShop, wording: ShopperWording): OfferWords | 'promised' {
  const say = (change: Parameters<typeof sampleRule>[0]) => sayRule(sampleRule(change), { ...shop, wording });
  const amountMinor = SAMPLE_UNITS * 10 ** requireCurrencyExponent(shop.currency);
  switch (situation) {
    case 'waiting':
      return 'promised';
    case 'amount-off':
      return say({ grant: { kind: 'amount', amountMinor }, minimumSubtotalMinor: 10 * amountMinor });
    case 'free-shipping':
      return say({ grant: { kind: 'free-shipping' } });
    case 'store-credit':
      return say({ grant: { kind: 'store-credit', amountMinor } });
    case 'flash':
      return say({ grant: { kind: 'percent', basisPoints: 1500 }, validity: { kind: 'hours', hours: FLASH_HOURS } });
    default:
      return sayReadyOffer(sampleOffer(shop, { isPersonal: situation === 'member' }), wording);
  }
}

function thanksIn(situation: Situation, member: OrderThanks): OrderThanks {
  const { points } = member;
  if (situation === 'waiting') return { points: { state: 'pending', retryAfterMs: 0, isPromised: true }, account: { state: 'invited' } };
  if (points.state !== 'ready' || (situation !== 'guest-invite' && situation !== 'guest-sign-in')) return member;
  const claimable: OrderThanks['points'] = { ...points, standing: 'claimable', spendableFrom: null, balancePoints: null };
  const welcomePoints = 100;
  return situation === 'guest-invite'
    ? { points: claimable, account: { state: 'invite', welcomePoints } }
    : { points: claimable, account: { state: 'sign-in', url: '', welcomePoints } };
}

const NO_POINTS: ShopperLoyaltyOn['balance'] = { points: 0, pendingPoints: 0, nextSpendable: null, nextExpiry: null };

function loyaltyIn(situation: Situation, member: ShopperLoyaltyOn): ShopperLoyaltyOn {
  switch (situation) {
    case 'new':
      return {
        ...member,
        balance: NO_POINTS,
        redemptions: [],
        rewards: member.rewards.map((reward) => ({ ...reward, mostPoints: 0, isWithinReach: false, shortfallPoints: reward.leastPoints })),
        waysToEarn: member.waysToEarn.map((way) => (way.kind === 'welcome' ? { ...way, isDone: false, isComing: true } : way)),
      };
    case 'paused':
      return { ...member, program: { status: 'paused', lastRedemptionDay: null } };
    case 'winding-down':
      return { ...member, program: { status: 'winding-down', lastRedemptionDay: member.balance.nextExpiry?.day ?? null } };
    default:
      return member;
  }
}

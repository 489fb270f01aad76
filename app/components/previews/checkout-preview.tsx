import type { ShopperLoyaltyOn, ShopperReward } from '#app/contracts/shopper-loyalty.ts';
import type { ShopperWording } from '#app/domain/texts/shopper-wording.ts';
import { ButtonLike, Heading, Row, Say, Section, Stack, Tight } from './preview-parts.tsx';
import { nameReward, worthOf } from './reward-words.ts';

/** As in the checkout block: two choices are quickly made. */
const MOST_OFFERS = 2;
const KINDS_AT_CHECKOUT: readonly ShopperReward['kind'][] = ['amount', 'any-amount', 'percent', 'free-shipping'];

interface CheckoutPreviewProps {
  loyalty: ShopperLoyaltyOn;
  /** What this order would give. */
  earns: number;
  /** `applied`: a code of theirs is on the order. `locked`: a wallet took the checkout over. `signed-out`: what a guest is told. */
  situation: 'open' | 'applied' | 'locked' | 'signed-out';
  wording: ShopperWording;
}

/** The block in the checkout, for a cart that is large enough for everything. */
export function CheckoutPreview({ loyalty, earns, situation, wording }: CheckoutPreviewProps) {
  if (situation === 'signed-out') {
    return (
      <Section>
        <Say>{wording.points('membersEarn', earns)}</Say>
      </Section>
    );
  }
  const [ready] = loyalty.redemptions.filter(({ state }) => state === 'ready');
  const applied = situation === 'applied' ? ready : undefined;
  const waiting = situation === 'open' ? ready : undefined;
  const offers = situation === 'open' ? offered(loyalty.rewards) : [];
  const next = applied === undefined ? nearest(loyalty.rewards) : undefined;
  return (
    <Section>
      <Stack>
        <Tight>
          <Heading>{wording.points('heading', Math.max(0, loyalty.balance.points))}</Heading>
          <Say>{wording.points('willEarn', earns)}</Say>
        </Tight>
        {applied === undefined ? null : (
          <Row>
            <span>{wording.say('applied', { reward: nameReward(applied, wording), code: applied.code ?? '' })}</span>
            <ButtonLike>{wording.say('remove')}</ButtonLike>
          </Row>
        )}
        {waiting === undefined ? null : <ButtonLike isWide>{wording.say('useCode', { reward: nameReward(waiting, wording) })}</ButtonLike>}
        {offers.map((reward) => (
          <ButtonLike key={reward.rewardId} isWide>
            {sayUse(reward, wording)}
          </ButtonLike>
        ))}
        {next === undefined ? null : <Say look="subdued">{wording.points('next', next.shortfallPoints, { reward: nameReward(next, wording) })}</Say>}
        {situation === 'locked' ? <Say look="subdued">{wording.say('cannotApply')}</Say> : null}
      </Stack>
    </Section>
  );
}

/** What takes the most points first. */
function offered(rewards: readonly ShopperReward[]): ShopperReward[] {
  return rewards
    .filter(({ isWithinReach, kind }) => isWithinReach && KINDS_AT_CHECKOUT.includes(kind))
    .sort((left, right) => pointsFor(right) - pointsFor(left))
    .slice(0, MOST_OFFERS);
}

function pointsFor({ kind, leastPoints, mostPoints, stepPoints }: ShopperReward): number {
  return kind === 'any-amount' ? leastPoints + Math.max(0, Math.floor((mostPoints - leastPoints) / stepPoints)) * stepPoints : leastPoints;
}

function sayUse(reward: ShopperReward, wording: ShopperWording): string {
  const points = pointsFor(reward);
  const worth = worthOf(reward, points);
  // The merchant's name for "any amount" does not say which amount this is.
  const named = { ...reward, worth, name: reward.kind === 'any-amount' ? '' : reward.name };
  return wording.points('use', points, { reward: nameReward(named, wording) });
}

function nearest(rewards: readonly ShopperReward[]): ShopperReward | undefined {
  return rewards
    .filter(({ isWithinReach, hindrance, shortfallPoints }) => !isWithinReach && hindrance === null && shortfallPoints > 0)
    .sort((left, right) => left.shortfallPoints - right.shortfallPoints)[0];
}

import type { ShopperLoyaltyOn, ShopperReward, ShopperTier, TierPerk } from '#app/contracts/shopper-loyalty.ts';
import type { ShopperWording } from '#app/domain/texts/shopper-wording.ts';
import { Apart, ButtonLike, CodeWithCopy, Inline, Progress, Row, Say, Section, Stack, Tight, Title } from './preview-parts.tsx';
import { nameReward } from './reward-words.ts';
import { sayWay } from './way-words.ts';

interface LoyaltyPagePreviewProps {
  loyalty: ShopperLoyaltyOn;
  /** `YYYY-MM-DD`, for the ledger. */
  today: string;
  wording: ShopperWording;
}

/** The page of points and rewards in a customer's account. */
export function LoyaltyPagePreview({ loyalty, today, wording }: LoyaltyPagePreviewProps) {
  const { program, tier, balance, redemptions } = loyalty;
  const isNew = balance.points === 0 && balance.pendingPoints === 0 && redemptions.length === 0;
  const rewards = <Rewards key="rewards" rewards={loyalty.rewards} wording={wording} />;
  const ways = program.status === 'live' ? <Ways key="ways" loyalty={loyalty} wording={wording} /> : null;
  return (
    <Stack>
      <Title>{wording.say('title')}</Title>
      {program.status === 'live' ? null : <Say look="notice">{sayNotice(program, wording)}</Say>}
      <Balance loyalty={loyalty} wording={wording} />
      {tier === null ? null : <Tier tier={tier} wording={wording} />}
      <Codes loyalty={loyalty} wording={wording} />
      {/* Who has nothing yet wants to know how to come by it. */}
      {isNew ? [ways, rewards] : [rewards, ways]}
      {program.status === 'winding-down' ? null : <Birthday points={loyalty.birthday.points} wording={wording} />}
      {isNew ? null : <History today={today} pending={balance.pendingPoints} wording={wording} />}
    </Stack>
  );
}

function sayNotice({ status, lastRedemptionDay }: ShopperLoyaltyOn['program'], wording: ShopperWording): string {
  if (status === 'paused') return wording.say('paused');
  return lastRedemptionDay === null ? wording.say('windingDown') : wording.say('windingDownUntil', { date: wording.day(lastRedemptionDay) });
}

function Balance({ loyalty: { balance, redemptions }, wording }: { loyalty: ShopperLoyaltyOn; wording: ShopperWording }) {
  const { points, pendingPoints, nextSpendable, nextExpiry } = balance;
  const lines: string[] = [];
  if (points === 0 && pendingPoints <= 0 && redemptions.length === 0) lines.push(wording.say('noPoints'));
  if (nextSpendable !== null && nextSpendable.points >= pendingPoints) {
    lines.push(wording.points('pendingFrom', nextSpendable.points, { date: wording.instant(nextSpendable.at) }));
  } else if (pendingPoints > 0) {
    lines.push(wording.points('pending', pendingPoints));
  }
  if (nextExpiry !== null) lines.push(wording.points('nextExpiry', nextExpiry.points, { date: wording.day(nextExpiry.day) }));
  return (
    <Section heading={wording.points('points', points)}>
      {lines.map((line) => (
        <Say key={line} look="subdued">
          {line}
        </Say>
      ))}
    </Section>
  );
}

function Tier({ tier, wording }: { tier: ShopperTier; wording: ShopperWording }) {
  const { name, next, perks } = tier;
  return (
    <Section heading={name ?? wording.say('tierNone')}>
      {next === null ? null : (
        <Tight>
          <Progress
            value={next.progressBasisPoints / 10_000}
            label={wording.say('tierProgress', { tier: next.name, percent: wording.percent(Math.floor(next.progressBasisPoints / 100) * 100) })}
          />
          <Say>{sayMissing(next, wording)}</Say>
        </Tight>
      )}
      {perks.map((perk) => (
        <Say key={perk.kind}>• {sayPerk(perk, wording)}</Say>
      ))}
      {next === null && name !== null ? <Say look="subdued">{wording.say('tierTop')}</Say> : null}
    </Section>
  );
}

function sayMissing({ name: tier, missing }: NonNullable<ShopperTier['next']>, wording: ShopperWording): string {
  switch (missing.kind) {
    case 'spend':
      return wording.say('tierMissingSpend', { tier, amount: wording.amount(missing.amount) });
    case 'points':
      return wording.points('tierMissingPoints', missing.points, { tier });
    case 'orders':
      return wording.say('tierMissingOrders', { tier, count: missing.orders, orders: wording.count(missing.orders) });
  }
}

function sayPerk(perk: TierPerk, wording: ShopperWording): string {
  switch (perk.kind) {
    case 'multiplier':
      return wording.say('perkMultiplier', { factor: wording.factor(perk.factorBasisPoints) });
    case 'entry-points':
      return wording.points('perkEntryPoints', perk.points);
    case 'free-shipping':
      return wording.say('perkFreeShipping');
    case 'early-access':
      return wording.say('perkEarlyAccess');
  }
}

function Codes({ loyalty: { redemptions }, wording }: { loyalty: ShopperLoyaltyOn; wording: ShopperWording }) {
  const ready = redemptions.filter(({ state }) => state === 'ready');
  if (ready.length === 0) return null;
  return (
    <Section heading={wording.say('codesHeading')}>
      {ready.map((redemption) => (
        <Tight key={redemption.redemptionId}>
          <Say look="strong">{nameReward(redemption, wording)}</Say>
          <CodeWithCopy code={redemption.code ?? ''} wording={wording} />
          <Say look="subdued">{wording.say('useUntil', { date: wording.end(redemption.endsAt) })}</Say>
        </Tight>
      ))}
    </Section>
  );
}

function Rewards({ rewards, wording }: { rewards: readonly ShopperReward[]; wording: ShopperWording }) {
  if (rewards.length === 0) return null;
  return (
    <Section heading={wording.say('rewardsHeading')}>
      {rewards.map((reward) => (
        <Section key={reward.rewardId}>
          <Tight>
            <Say look="strong">{reward.kind === 'any-amount' ? reward.name || wording.say('rewardAnyAmount') : nameReward(reward, wording)}</Say>
            <Say>{sayPrice(reward, wording)}</Say>
            {sayTerms(reward, wording).map((term) => (
              <Say key={term} look="subdued">
                {term}
              </Say>
            ))}
          </Tight>
          {reward.isWithinReach ? (
            <span>
              <ButtonLike>{wording.say('redeem')}</ButtonLike>
            </span>
          ) : (
            <Say look="subdued">{reward.shortfallPoints > 0 ? wording.points('shortfall', reward.shortfallPoints) : wording.say('limitReached')}</Say>
          )}
        </Section>
      ))}
    </Section>
  );
}

function sayPrice({ kind, worth, leastPoints }: ShopperReward, wording: ShopperWording): string {
  return kind === 'any-amount' && worth !== null ? wording.points('rate', leastPoints, { amount: wording.amount(worth) }) : wording.points('points', leastPoints);
}

function sayTerms({ kind, minimumSubtotal, validDays }: ShopperReward, wording: ShopperWording): string[] {
  return [
    ...(minimumSubtotal !== null && minimumSubtotal.amountMinor > 0 ? [wording.say('minimum', { amount: wording.amount(minimumSubtotal) })] : []),
    ...(validDays > 0 && kind !== 'store-credit' ? [wording.say('validDays', { count: validDays, days: wording.count(validDays) })] : []),
  ];
}

function Ways({ loyalty: { waysToEarn }, wording }: { loyalty: ShopperLoyaltyOn; wording: ShopperWording }) {
  if (waysToEarn.length === 0) return null;
  return (
    <Section heading={wording.say('earnHeading')}>
      {waysToEarn.map((way) => {
        const { sentence, hint, isDone, isComing } = sayWay(way, wording);
        return (
          <Row key={sentence}>
            <span>{sentence}</span>
            {hint === null ? null : <Inline look="subdued">{hint}</Inline>}
            {isDone ? <Inline look="badge">{wording.say('done')}</Inline> : null}
            {isComing ? <Inline look="badge">{wording.say('coming')}</Inline> : null}
          </Row>
        );
      })}
    </Section>
  );
}

function Birthday({ points, wording }: { points: number | null; wording: ShopperWording }) {
  if (points === null) return null;
  return (
    <Section heading={wording.say('birthdayHeading')}>
      <Say>{wording.points('birthdayHint', points)}</Say>
      <Row>
        <ButtonLike>{wording.say('month')}</ButtonLike>
        <ButtonLike>{wording.say('day')}</ButtonLike>
        <ButtonLike>{wording.say('save')}</ButtonLike>
      </Row>
      <Say look="subdued">{wording.say('birthdayConsent')}</Say>
    </Section>
  );
}

const WELCOME_POINTS = 100;

function History({ today, pending, wording }: { today: string; pending: number; wording: ShopperWording }) {
  const lines = [
    { sentence: wording.say('entryOrder', { order: '#1001' }), points: pending, note: wording.say('onTheWay') },
    { sentence: wording.say('entryWelcome'), points: WELCOME_POINTS, note: null },
  ];
  return (
    <Section heading={wording.say('historyHeading')}>
      {lines.map(({ sentence, points, note }) => (
        <Apart key={sentence}>
          <span>{sentence}</span>
          <Inline look="strong">
            <bdi>{wording.signed(points)}</bdi>
          </Inline>
          <Inline look="subdued">{wording.day(today)}</Inline>
          {note === null ? null : <Inline look="subdued">{note}</Inline>}
        </Apart>
      ))}
    </Section>
  );
}

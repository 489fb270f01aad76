import type { ShopperLoyaltyOn, ShopperReward } from '#app/contracts/shopper-loyalty.ts';
import type { ShopperWording } from '#app/domain/texts/shopper-wording.ts';
import { Apart, ButtonLike, CodeWithCopy, Heading, Inline, Row, Say, Section, Stack, Tight } from './preview-parts.tsx';
import { nameReward, STOREFRONT_KEYS } from './reward-words.ts';

interface StorefrontPreviewProps {
  loyalty: ShopperLoyaltyOn;
  isSignedIn: boolean;
  wording: ShopperWording;
}

/** The open panel of the theme's app embed, above the button that opens it; the app block is its upper part. */
export function StorefrontPreview({ loyalty, isSignedIn, wording }: StorefrontPreviewProps) {
  const { balance, rewards, redemptions } = loyalty;
  const [code] = isSignedIn ? redemptions.filter(({ state }) => state === 'ready') : [];
  return (
    <Stack>
      <Section>
        <Stack>
          {isSignedIn ? <Standing loyalty={loyalty} wording={wording} /> : <JoinIn wording={wording} />}
          {code === undefined ? null : (
            <Tight>
              <Say>{`${wording.say('panel.code')} ${nameReward(code, wording, STOREFRONT_KEYS)}`}</Say>
              <CodeWithCopy code={code.code ?? ''} wording={wording} keys="panel.copy" />
              <Inline look="link">{wording.say('panel.use')}</Inline>
            </Tight>
          )}
          {rewards.length === 0 ? (
            <Say look="subdued">{wording.say('panel.none')}</Say>
          ) : (
            <Tight>
              <Heading>{wording.say('panel.rewards')}</Heading>
              {rewards.map((reward) => (
                <Reward key={reward.rewardId} {...{ reward, isSignedIn, wording }} />
              ))}
            </Tight>
          )}
          <Ways loyalty={loyalty} wording={wording} />
        </Stack>
      </Section>
      <Inline look="launcher">
        {wording.say('launcher.title')}
        {isSignedIn ? ` ${wording.count(balance.points)}` : ''}
      </Inline>
    </Stack>
  );
}

function Standing({ loyalty: { balance, tier }, wording }: { loyalty: ShopperLoyaltyOn; wording: ShopperWording }) {
  return (
    <Tight>
      <Row>
        <span>{wording.say('standing.points')}</span>
        <Inline look="strong">{wording.count(balance.points)}</Inline>
        {tier === null || tier.name === null ? null : (
          <Inline look="badge">
            <bdi>{tier.name}</bdi>
          </Inline>
        )}
      </Row>
      {balance.pendingPoints > 0 ? (
        <Row>
          <Inline look="subdued">{wording.say('standing.pending')}</Inline>
          <Inline look="subdued">{wording.count(balance.pendingPoints)}</Inline>
        </Row>
      ) : null}
    </Tight>
  );
}

function JoinIn({ wording }: { wording: ShopperWording }) {
  return (
    <Tight>
      <Say>{wording.say('standing.join')}</Say>
      <Inline look="link">{wording.say('standing.sign_in')}</Inline>
    </Tight>
  );
}

function Reward({ reward, isSignedIn, wording }: { reward: ShopperReward; isSignedIn: boolean; wording: ShopperWording }) {
  const isMissing = isSignedIn && reward.shortfallPoints > 0;
  const [key, points] = isMissing ? ['panel.missing', reward.shortfallPoints] : ['panel.costs', reward.leastPoints];
  return (
    <Apart>
      <span>
        <bdi>{reward.kind === 'any-amount' && reward.name === '' ? wording.say('panel.reward_any_amount') : nameReward(reward, wording, STOREFRONT_KEYS)}</bdi>
      </span>
      {isSignedIn && reward.isWithinReach ? <ButtonLike>{wording.say('panel.redeem')}</ButtonLike> : <span />}
      <Inline look="subdued">
        {reward.hindrance === null ? wording.say(String(key), { points: wording.count(Number(points)) }) : wording.say('panel.limit')}
      </Inline>
    </Apart>
  );
}

function Ways({ loyalty, wording }: { loyalty: ShopperLoyaltyOn; wording: ShopperWording }) {
  const order = loyalty.waysToEarn.find((way) => way.kind === 'order');
  if (order?.kind !== 'order') return null;
  return (
    <Tight>
      <Heading>{wording.say('panel.earn')}</Heading>
      <Say look="subdued">{wording.say('panel.earn_order', { points: wording.count(order.points), amount: wording.amount(order.per) })}</Say>
    </Tight>
  );
}

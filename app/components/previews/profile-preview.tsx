import type { ShopperLoyaltyOn } from '#app/contracts/shopper-loyalty.ts';
import type { ShopperWording } from '#app/domain/texts/shopper-wording.ts';
import { Inline, Row, Say, Section } from './preview-parts.tsx';

interface ProfilePreviewProps {
  loyalty: Pick<ShopperLoyaltyOn, 'balance' | 'tier'>;
  wording: ShopperWording;
}

/** The block in the profile of a customer's account. */
export function ProfilePreview({ loyalty: { balance, tier }, wording }: ProfilePreviewProps) {
  return (
    <Section heading={wording.say('heading')}>
      <Row>
        <Inline look="strong">{wording.points('points', balance.points)}</Inline>
        {tier === null || tier.name === null ? null : (
          <Inline look="badge">
            <bdi>{tier.name}</bdi>
          </Inline>
        )}
      </Row>
      {balance.pendingPoints > 0 ? <Say look="subdued">{wording.points('pending', balance.pendingPoints)}</Say> : null}
      <Say look="link">{wording.say('seeAll')}</Say>
    </Section>
  );
}

import { Fragment } from 'react';
import type { ReactNode } from 'react';

import type { NextOrderOfferReady } from '#app/contracts/next-order-offer.ts';
import type { OrderThanks } from '#app/contracts/order-thanks.ts';
import { joinSentences } from '#app/domain/texts/join-sentences.ts';
import type { ShopperWording } from '#app/domain/texts/shopper-wording.ts';
import { ButtonLike, CodeWithCopy, Divider, Heading, Inline, Say, Section, Stack, Tight } from './preview-parts.tsx';

/** The part about the next order, put into words: whoever knows another kind of offer makes one from the same wording. */
export interface OfferWords {
  readonly heading: string;
  readonly sentence: string;
  /** Until when, from which amount, how often: one short sentence each. */
  readonly terms: readonly string[];
  /** Null where there is none to type. */
  readonly code: string | null;
}

export interface ThankYouPreviewProps {
  /** Null shows no part about the next order; `promised` is a code that is being made. */
  offer: OfferWords | 'promised' | null;
  thanks: OrderThanks | null;
  wording: ShopperWording;
}

/** The card that stands on the thank-you page and on the order's own page: money off, then points, then the account. */
export function ThankYouPreview({ offer, thanks, wording }: ThankYouPreviewProps) {
  const parts: { name: string; part: ReactNode }[] = [
    { name: 'offer', part: offer === null ? null : offer === 'promised' ? <Waiting wording={wording} /> : <Offer offer={offer} wording={wording} /> },
    { name: 'points', part: thanks && pointsPart(thanks, wording) },
    { name: 'account', part: thanks && accountPart(thanks, wording) },
  ].filter(({ part }) => part !== null);
  return (
    <Section>
      <Stack>
        {parts.map(({ name, part }, index) => (
          <Fragment key={name}>
            {index > 0 ? <Divider /> : null}
            {part}
          </Fragment>
        ))}
      </Stack>
    </Section>
  );
}

/** A percentage with a code, as `NextOrderOfferReady` tells it. */
export function sayReadyOffer(offer: NextOrderOfferReady, wording: ShopperWording): OfferWords {
  return {
    heading: wording.say('heading'),
    sentence: wording.say('sentence', { percent: wording.percent(offer.percentBasisPoints) }),
    terms: [
      wording.say('validUntil', { date: wording.end(offer.endsAt) }),
      ...(offer.minimumSubtotal === null ? [] : [wording.say('minimum', { amount: wording.amount(offer.minimumSubtotal) })]),
      wording.say(offer.isPersonal ? 'onceForYou' : 'once'),
    ],
    code: offer.code,
  };
}

function Offer({ offer, wording }: { offer: OfferWords; wording: ShopperWording }) {
  return (
    <Stack>
      <Heading>{offer.heading}</Heading>
      <Say>{offer.sentence}</Say>
      {offer.code === null ? null : <CodeWithCopy code={offer.code} wording={wording} />}
      <Tight>
        {offer.terms.map((term) => (
          <Say key={term} look="subdued">
            {term}
          </Say>
        ))}
      </Tight>
      {offer.code === null ? null : <Inline look="link">{wording.say('shopWithCode')}</Inline>}
    </Stack>
  );
}

function Waiting({ wording }: { wording: ShopperWording }) {
  return (
    <Stack>
      <Say look="skeleton">{wording.say('heading')}</Say>
      <Say look="skeleton">{wording.say('waiting')}</Say>
    </Stack>
  );
}

function pointsPart({ points }: OrderThanks, wording: ShopperWording): ReactNode {
  const sentences = sayPoints(points, wording);
  if (sentences.length === 0) return null;
  return (
    <Tight>
      <Heading>{wording.say('pointsHeading')}</Heading>
      <Say>{joinSentences(wording.locale, sentences)}</Say>
    </Tight>
  );
}

/** What a guest can claim is told with the way to claim it. */
function sayPoints(points: OrderThanks['points'], wording: ShopperWording): string[] {
  if (points.state === 'pending') return points.isPromised === true ? [wording.say('pointsOnTheWay')] : [];
  if (points.state === 'none' || points.standing === 'claimable') return [];
  const isPending = points.standing === 'pending';
  return [
    wording.points(isPending ? 'pointsPending' : 'pointsEarned', points.points),
    ...(isPending && points.spendableFrom !== null ? [wording.say('pointsFrom', { date: wording.instant(points.spendableFrom) })] : []),
    ...(points.balancePoints !== null && points.balancePoints > 0 ? [wording.points('balance', points.balancePoints)] : []),
  ];
}

function accountPart({ points, account }: OrderThanks, wording: ShopperWording): ReactNode {
  if (account.state === 'none') return null;
  const isClaimable = points.state === 'ready' && points.standing === 'claimable';
  const heading = isClaimable ? wording.points('claimHeading', points.points) : wording.say('accountHeading');
  if (account.state === 'invited') {
    return (
      <Tight>
        <Heading>{heading}</Heading>
        <Say>{wording.say('invited')}</Say>
      </Tight>
    );
  }
  const isInvite = account.state === 'invite';
  const sentence = isClaimable ? (isInvite ? 'claimByInvite' : 'claimBySignIn') : isInvite ? 'inviteSentence' : 'signInSentence';
  const { welcomePoints } = account;
  const welcome = welcomePoints !== null && welcomePoints > 0 ? [wording.points('welcome', welcomePoints)] : [];
  return (
    <Stack>
      <Tight>
        <Heading>{heading}</Heading>
        <Say>{joinSentences(wording.locale, [wording.say(sentence), ...welcome])}</Say>
      </Tight>
      {isInvite ? (
        <Tight>
          <span>
            <ButtonLike>{wording.say('activate')}</ButtonLike>
          </span>
          <Say look="subdued">{wording.say('consent')}</Say>
        </Tight>
      ) : (
        <Inline look="link">{wording.say('signIn')}</Inline>
      )}
    </Stack>
  );
}

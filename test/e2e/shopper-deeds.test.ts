import { beforeEach, describe, expect, it } from 'vitest';
import { aDiscount } from '#test/simulator/storefront/memory-simulator.ts';
import { blockIn, buy, goToCheckout, shownBlocks } from './support/shop-steps.ts';
import { AN_ESTIMATE, aRedemption, SOME_THANKS, someEntries, someLoyalty } from './support/shopper-answers.ts';
import { GIVES_UP_MS, LOYALTY_PAGE, SOON, tabTo, useShopperScene } from './support/shopper-scene.ts';
import { answerFor, signIn } from './support/shopper-stage.ts';

const scene = useShopperScene();

describe('after the order', () => {
  const INVITE = { points: { ...SOME_THANKS.points, standing: 'claimable', balancePoints: null }, account: { state: 'invite', welcomePoints: 100 } };

  it('has a guest’s invite sent by the keyboard alone', async () => {
    scene.answers['/api/checkout/next-order-offer'] = { state: 'none' };
    scene.answers['/api/shopper/order'] = INVITE;
    scene.answers['/api/shopper/account-invite'] = () => ({ state: 'invited' });
    const asked = await answerFor(scene.page, scene.answers);
    await buy(scene.page, scene.stage.shopUrl, { email: 'guest@example.com', isGuest: true });
    await scene.block().getByText('120 points are waiting for you').waitFor();
    await tabTo(scene.page, 'Activate your account');
    await scene.page.keyboard.press('Enter');
    await scene.block().getByText('Check your inbox').waitFor();
    expect(asked.filter((question) => question.startsWith('POST'))).toEqual(['POST /api/shopper/account-invite']);
  });

  it('says nothing of an order that is not known yet, and all of it once it is', async () => {
    scene.answers['/api/checkout/next-order-offer'] = { state: 'none' };
    scene.answers['/api/shopper/order'] = { points: { state: 'pending', retryAfterMs: 300 }, account: { state: 'none' } };
    const asked = await answerFor(scene.page, scene.answers);
    await buy(scene.page, scene.stage.shopUrl, { email: 'new@example.com' });
    await expect.poll(() => asked.filter((question) => question.endsWith('/order')).length, SOON).toBeGreaterThan(1);
    expect(await shownBlocks(scene.page)).toBe(0);
    scene.answers['/api/shopper/order'] = { points: { state: 'pending', retryAfterMs: 300, isPromised: true }, account: { state: 'none' } };
    await scene.block().getByText('Your points for this order are on their way.').waitFor();
    scene.answers['/api/shopper/order'] = SOME_THANKS;
    await scene.block().getByText('This order brings you 120 points.').waitFor();
  });
});

describe('in the account', () => {
  it('leads from the profile to the scene.page, and through the sign-in back to it', async () => {
    await answerFor(scene.page, scene.answers);
    await scene.page.goto(scene.stage.shopUrl + LOYALTY_PAGE);
    await scene.page.locator('input[name="email"]').fill('anna@example.com');
    await scene.page.locator('form.fields button').click();
    await scene.page.waitForURL(`**${LOYALTY_PAGE}`);
    await scene.page.goto(`${scene.stage.shopUrl}/account/profile`);
    await scene.block().getByText('See points and rewards').click();
    await scene.page.waitForURL(`**${LOYALTY_PAGE}`);
    await scene.block().getByText('1,240 points').first().waitFor();
  });

  it('turns as many points as one likes into a code, by the keyboard alone', async () => {
    const bodies: unknown[] = [];
    const made = aRedemption('new', { code: 'PTS-NEWCODE2', rewardId: 'any', points: 300 });
    scene.answers['/api/shopper/redemptions'] = (body) => {
      bodies.push(body);
      scene.answers['/api/shopper/loyalty'] = someLoyalty({ redemptions: [made, ...someLoyalty().redemptions] });
      return { state: 'reserved', redemption: { ...made, state: 'making', code: null } };
    };
    scene.answers['/api/shopper/redemption'] = { redemption: made, retryAfterMs: null };
    await answerFor(scene.page, scene.answers);
    await signIn(scene.page, scene.stage.shopUrl);
    await scene.page.goto(scene.stage.shopUrl + LOYALTY_PAGE);
    await scene.block().getByText('Ways to earn').waitFor();
    await tabTo(scene.page, 'Redeem: Any amount off');
    await scene.page.keyboard.press('Enter');
    const howMany = scene.block().getByLabel('How many points?');
    await howMany.focus();
    await scene.page.keyboard.press('ArrowUp');
    await scene.page.keyboard.press('ArrowUp');
    await scene.page.keyboard.press('Tab');
    await scene.block().getByText('Spend 300 points for €3 off?').waitFor();
    await tabTo(scene.page, 'Yes, redeem');
    await scene.page.keyboard.press('Enter');
    await scene.block().getByText('PTS-NEWCODE2').waitFor();
    expect(bodies).toEqual([{ rewardId: 'any', points: 300, requestKey: expect.stringMatching(/^[0-9a-f-]{36}$/) }]);
    await scene.block().getByRole('button', { name: 'Copy code' }).last().click();
    await expect.poll(() => scene.page.evaluate(() => navigator.clipboard.readText()), SOON).toBe('PTS-NEWCODE2');
    expect(scene.person.complaints).toEqual([]);
  });

  it('takes nothing for an answer that was lost, and the same wish once more', async () => {
    const keys: unknown[] = [];
    scene.answers['/api/shopper/redemptions'] = (body) => {
      keys.push(Reflect.get(Object(body), 'requestKey'));
      return keys.length <= 4 ? 503 : { state: 'refused', reason: 'insufficient-points' };
    };
    await answerFor(scene.page, scene.answers);
    await signIn(scene.page, scene.stage.shopUrl);
    await scene.page.goto(scene.stage.shopUrl + LOYALTY_PAGE);
    await scene.block().getByRole('button', { name: 'Redeem: €5 off' }).click();
    await scene.block().getByRole('button', { name: 'Yes, redeem' }).click();
    await scene.block().getByText('That did not work. Please try again: nothing is taken twice.').waitFor({ timeout: GIVES_UP_MS });
    await scene.block().getByRole('button', { name: 'Redeem: €5 off' }).click();
    await scene.block().getByRole('button', { name: 'Yes, redeem' }).click();
    await scene.block().getByText('You do not have enough points for this any more.').waitFor();
    expect([keys.length, new Set(keys).size]).toEqual([5, 1]);
  });

  it('takes a birthday once month and day are chosen', async () => {
    scene.answers['/api/shopper/birthday'] = (body) => {
      expect(body).toEqual({ month: 2, day: 29 });
      const birthday = { points: 200, day: '02-29', canSet: false };
      scene.answers['/api/shopper/loyalty'] = someLoyalty({ birthday });
      return { state: 'saved', birthday };
    };
    await answerFor(scene.page, scene.answers);
    await signIn(scene.page, scene.stage.shopUrl);
    await scene.page.goto(scene.stage.shopUrl + LOYALTY_PAGE);
    await scene.block().getByRole('button', { name: 'Save' }).click();
    await scene.block().getByText('Please choose a month and a day.').waitFor();
    await scene.block().getByLabel('Month').selectOption('2');
    await scene.block().getByLabel('Day').selectOption('29');
    await scene.block().getByRole('button', { name: 'Save' }).click();
    await scene.block().getByText('You get 200 points every year on February 29.').waitFor();
  });

  it('comes back once the app does, and shows the ledger page by page', async () => {
    scene.answers['/api/shopper/loyalty'] = 503;
    scene.answers['/api/shopper/entries'] = (_body, url) =>
      url.searchParams.get('before') === '2' ? { entries: [{ ...someEntries().entries[0], sequence: 1, orderName: '#0001' }], next: null } : someEntries();
    await answerFor(scene.page, scene.answers);
    await signIn(scene.page, scene.stage.shopUrl);
    await scene.page.goto(scene.stage.shopUrl + LOYALTY_PAGE);
    const retry = scene.block().getByRole('button', { name: 'Try again' });
    await retry.waitFor({ timeout: GIVES_UP_MS });
    scene.answers['/api/shopper/loyalty'] = someLoyalty();
    await retry.click();
    await scene.block().getByRole('button', { name: 'Show more' }).click();
    await scene.block().getByText('Order #0001').waitFor();
    expect(await scene.block().getByRole('button', { name: 'Show more' }).count()).toBe(0);
  });

  it.each([
    ['a break', { program: { status: 'paused' as const, lastRedemptionDay: null } }, 'The program is taking a break'],
    ['its end', { program: { status: 'winding-down' as const, lastRedemptionDay: '2027-01-31' } }, 'Use your points by January 31, 2027.'],
    ['a debt', { balance: { points: -120, pendingPoints: 0, nextSpendable: null, nextExpiry: null } }, 'A refund took back points'],
  ])('explains %s', async (_name, changes, words) => {
    scene.answers['/api/shopper/loyalty'] = someLoyalty(changes);
    await answerFor(scene.page, scene.answers);
    await signIn(scene.page, scene.stage.shopUrl);
    await scene.page.goto(scene.stage.shopUrl + LOYALTY_PAGE);
    await scene.block().getByText(words).waitFor();
  });

  it('says that there is no program where there is none, and nothing on the profile', async () => {
    scene.answers['/api/shopper/loyalty'] = { state: 'off' };
    const asked = await answerFor(scene.page, scene.answers);
    await signIn(scene.page, scene.stage.shopUrl);
    await scene.page.goto(scene.stage.shopUrl + LOYALTY_PAGE);
    await scene.block().getByText('This shop has no points program at the moment.').waitFor();
    await scene.page.goto(`${scene.stage.shopUrl}/account/profile`);
    await expect.poll(() => asked.length, SOON).toBe(2);
    expect(await shownBlocks(scene.page)).toBe(0);
  });
});

describe('at checkout', () => {
  const CODE = 'PTS-NEWCODE3';
  const made = aRedemption('new', { code: CODE });

  beforeEach(async () => {
    scene.stage.simulator.shop.save('discount', aDiscount(1, CODE, { percentage: null, amount: { amountMinor: 500, currency: 'EUR' } }));
    scene.answers['/api/shopper/loyalty'] = someLoyalty({ redemptions: [] });
    scene.answers['/api/shopper/redemptions'] = () => {
      scene.answers['/api/shopper/loyalty'] = someLoyalty({ redemptions: [made] });
      return { state: 'reserved', redemption: made };
    };
    // Less for an order that a code makes cheaper.
    scene.answers['/api/shopper/estimate'] = (body) => ({ ...AN_ESTIMATE, points: Object(body).discounts.length === 0 ? 245 : 195 });
    await answerFor(scene.page, scene.answers);
    await signIn(scene.page, scene.stage.shopUrl);
    await goToCheckout(scene.page, scene.stage.shopUrl, { email: 'anna@example.com' });
  });

  const total = () => scene.page.locator('.summary__total dd').innerText();

  it('puts a code on the order by one tap, and takes it off again', async () => {
    const before = await total();
    await scene.page.locator('input[name="city"]').fill('Bergen');
    await scene.block().getByRole('button', { name: 'Use 1,200 points: €12 off' }).click();
    await scene.block().getByText(`€5 off, with the code ${CODE}.`).waitFor();
    expect(await scene.page.locator('.summary__discount dt').innerText()).toContain(CODE);
    expect(await scene.page.locator('input[name="city"]').inputValue()).toBe('Bergen');
    expect(await total()).not.toBe(before);
    await scene.block().getByText('You will earn 195 points with this order').waitFor();
    await scene.block().getByRole('button', { name: 'Remove' }).click();
    await scene.block().getByText(`Removed. The code ${CODE} waits in your account.`).waitFor();
    await expect.poll(total, SOON).toBe(before);
    await scene.block().getByText('You will earn 245 points with this order').waitFor();
    await scene.block().getByRole('button', { name: 'Use the code you have: €5 off' }).click();
    await scene.block().getByText(`€5 off, with the code ${CODE}.`).waitFor();
    expect(scene.person.complaints).toEqual([]);
  });

  it('keeps the code for the account where a wallet has the checkout', async () => {
    await scene.set({ isPaidByWallet: true });
    await scene.block().getByRole('button', { name: 'Use 1,200 points: €12 off' }).click();
    await scene.block().getByText(`This checkout did not take the code ${CODE}. It waits in your account.`).waitFor();
    await scene.block().getByRole('button', { name: 'Copy code' }).waitFor();
    expect(await scene.block().getByRole('button', { name: /Use the code/ }).count()).toBe(0);
  });

  it('offers nothing where codes cannot be changed', async () => {
    await scene.set({ canUpdateDiscountCodes: false });
    await scene.page.reload();
    await scene.block().getByText('Codes cannot be changed in this checkout.').waitFor();
    expect(await scene.block().getByRole('button').count()).toBe(0);
  });

  it('tells a guest what members earn, and asks nothing else', async () => {
    scene.answers['/api/shopper/estimate'] = { ...AN_ESTIMATE, who: 'members' };
    const guest = await scene.stage.browser.newPerson();
    const asked = await answerFor(guest.page, scene.answers);
    await goToCheckout(guest.page, scene.stage.shopUrl, { email: 'guest@example.com' });
    await blockIn(guest.page).getByText('Members earn 245 points with this order').waitFor();
    expect([asked, guest.complaints]).toEqual([['POST /api/shopper/estimate'], []]);
    await guest.leave();
  });
});

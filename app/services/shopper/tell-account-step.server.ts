import { readAtOnce } from '#app/adapters/db/brief-connection.server.ts';
import type { ShopperOrder } from '#app/adapters/db/shopper/order-standing.server.ts';
import { loadToWelcome } from '#app/adapters/db/loyalty/welcomes.repository.server.ts';
import type { AccountStep, OrderPoints } from '#app/contracts/order-thanks.ts';
import type { ChosenStep } from '#app/domain/accounts/choose-account-step.ts';
import { deriveSignInUrl } from '#app/domain/accounts/sign-in-url.ts';
import { welcomeOf } from '#app/domain/loyalty/members/welcome.ts';
import { env } from '#app/env.server.ts';
import type { ShownProgram } from '#app/services/shopper/shopper-program.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

interface StepInput {
  readonly chosen: ChosenStep;
  readonly order: ShopperOrder;
  /** Null where shoppers are shown none. */
  readonly program: ShownProgram | null;
  /** As the same page tells them. */
  readonly points: OrderPoints;
}

type StepContext = Pick<ShopContext, 'shop' | 'pool'>;

/** The step towards an account, what it gives in points, and for a way in, that it ends at the points. */
export async function tellAccountStep(context: StepContext, { chosen, order, program, points }: StepInput): Promise<AccountStep> {
  switch (chosen.step) {
    case 'none':
    case 'invited':
      return { state: chosen.step };
    case 'invite':
      return { state: 'invite', welcomePoints: await welcomeFor(context, order, program) };
    case 'sign-in': {
      const url = deriveSignInUrl(chosen.url, program === null ? null : (env.LOYALTY_PAGE_ID ?? null));
      // An order that earns welcomes by itself: signing in adds nothing.
      const isWelcoming = points.state !== 'none';
      return { state: 'sign-in', url, welcomePoints: isWelcoming ? null : await welcomeFor(context, order, program) };
    }
  }
}

/** What the order's customer would be given for their account, by what decides it; null where that is nothing or not certain. */
async function welcomeFor({ shop, pool }: StepContext, { customerId, member }: ShopperOrder, program: ShownProgram | null): Promise<number | null> {
  if (program === null || customerId === null || member?.isExcluded === true) return null;
  const { terms, nowMs } = program;
  const toWelcome = await readAtOnce(pool, shop, (connection) => loadToWelcome(connection, shop, { customerIds: [customerId] }));
  const beginnings = [...toWelcome.values()].flatMap((found) => found.beginnings);
  return welcomeOf(beginnings, { versions: terms.versions, sinceMs: nowMs })?.points ?? null;
}

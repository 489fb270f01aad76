import { getMember } from '#app/services/loyalty/get-member.server.ts';
import type { MemberPage } from '#app/domain/loyalty/members/member-page.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import type { AskingStaff } from '#app/services/staff/identify-staff.server.ts';
import { judgeAdjusting } from '#app/services/staff/judge-adjusting.server.ts';
import type { AdjustingRefusal } from '#app/services/staff/judge-adjusting.server.ts';

/** A member as one of the staff sees them, who may adjust their points so far. */
interface OpenedMember extends MemberPage {
  /** Why whoever looks may adjust nothing; null where they may. */
  adjustingRefusal: AdjustingRefusal['reason'] | null;
}

/** One member, and what whoever looks may do to their points. Null for nobody of the shop. */
export async function openMember(
  context: Pick<ShopContext, 'shop' | 'inShop' | 'pool' | 'now' | 'sealedBox'>,
  asking: AskingStaff,
  question: { memberId: bigint; before: number | null },
): Promise<OpenedMember | null> {
  const [member, judged] = await Promise.all([getMember(context, question), judgeAdjusting(context, asking)]);
  if (member === null) return null;
  const ownMost = judged.ok ? judged.value.mostPoints : null;
  return { ...member, mostAdjustedPoints: Math.min(member.mostAdjustedPoints, ownMost ?? Infinity), adjustingRefusal: judged.ok ? null : judged.reason };
}

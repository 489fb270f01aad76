import { countMarked } from '#app/adapters/db/segment-members.repository.server.ts';
import { changeTarget, removeTarget } from '#app/adapters/db/segment-targets.repository.server.ts';
import type { WrittenTarget } from '#app/adapters/db/segment-targets.repository.server.ts';
import { lockShop } from '#app/adapters/db/segments.repository.server.ts';
import { dropCustomerMetafield } from '#app/adapters/shopify/customer-metafields.server.ts';
import { createNativeSegment, deleteNativeSegment, findNativeSegment } from '#app/adapters/shopify/native-segments.server.ts';
import type { NativeSegment } from '#app/adapters/shopify/native-segments.server.ts';
import { nativeQueryOf } from '#app/domain/segments/segment-target.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/**
 * Makes the native segment on the tag, once. That it was asked for is on record first: creating twice would make two, so
 * after an answer that was lost Shopify is asked whether it has one.
 */
export async function makeNativeSegment(context: ShopContext, target: WrittenTarget): Promise<void> {
  const { nativeName: name, nativeGid, nativeProblem, nativeAskedAt } = target;
  if (name === null || nativeGid !== null || nativeProblem !== null) return;
  const { admin, now } = context;
  const query = nativeQueryOf(target.name);
  const since = nativeAskedAt ?? now();
  if (nativeAskedAt === null) await note(context, target, { nativeAskedAt: since });
  const found = nativeAskedAt === null ? null : await findNativeSegment(admin, { name, query, since });
  const made = found === null ? await createNativeSegment(admin, { name, query }) : { ok: true as const, value: found };
  await note(context, target, made.ok ? noted(made.value) : { nativeProblem: made.reason });
}

function noted({ gid, name }: NativeSegment) {
  return { nativeGid: gid, nativeName: name };
}

/**
 * Before the tag goes: a segment on a tag that nobody has would be empty and look like a fault.
 * @returns false when Shopify keeps it
 */
export async function removeNativeSegment(context: ShopContext, target: WrittenTarget): Promise<boolean> {
  const { nativeName: name, nativeAskedAt } = target;
  if (name === null || nativeAskedAt === null) return true;
  const { admin } = context;
  const gid = target.nativeGid ?? (await findNativeSegment(admin, { name, query: nativeQueryOf(target.name), since: nativeAskedAt }))?.gid ?? null;
  if (gid !== null && !(await deleteNativeSegment(admin, gid)).ok) return false;
  await note(context, target, { nativeGid: null, nativeName: null, nativeAskedAt: null });
  return true;
}

/** The target goes when nothing of it is left; with what Shopify refused to take back it stays, to be tried again. */
export async function finishUndo(context: ShopContext, target: WrittenTarget): Promise<void> {
  const { inShop, shop, admin } = context;
  const { targetId } = target;
  const { ours } = await inShop((db) => countMarked(db, shop, targetId));
  if (ours > 0) return;
  if (target.kind === 'metafield') await dropCustomerMetafield(admin, target.name);
  await inShop(async (db) => {
    await lockShop(db, shop);
    await removeTarget(db, shop, targetId);
  });
}

async function note({ inShop, shop, now }: ShopContext, { targetId }: WrittenTarget, change: Omit<Parameters<typeof changeTarget>[3], 'updatedAt'>): Promise<void> {
  await inShop(async (db) => {
    await lockShop(db, shop);
    await changeTarget(db, shop, targetId, { ...change, updatedAt: now() });
  });
}

import { z } from 'zod';

import { readForm } from '#app/adapters/http/read-form.server.ts';
import { ADJUSTING_KINDS, readPermissionsDraft } from '#app/domain/staff/permissions.ts';
import type { PermissionsWish } from '#app/domain/staff/permissions.ts';

const draftSchema = z.object({ kind: z.enum(ADJUSTING_KINDS), points: z.string().max(12) });
const permissionsSchema = z.object({
  others: draftSchema,
  staff: z.array(draftSchema.extend({ staffId: z.string().regex(/^[1-9]\d{0,18}$/), mayChangeList: z.boolean() })).max(500),
});

// Beyond what the page shows at most.
const LONGEST_DRAFT = 100_000;
const formSchema = z.object({ draft: z.string().max(LONGEST_DRAFT), basedOn: z.string().regex(/^\d{1,9}$/), formKey: z.uuid() });

export interface PostedPermissions {
  basedOn: number;
  formKey: string;
  wish: PermissionsWish;
}

/** Null for what the page does not send, which says itself what is wrong with a field. */
export async function readPermissionsForm(request: Request): Promise<PostedPermissions | null> {
  const form = await readForm(request, formSchema);
  if (form === null) return null;
  const draft = permissionsSchema.safeParse(parseJson(form.draft));
  if (!draft.success) return null;
  const read = readPermissionsDraft(draft.data);
  return read.ok ? { basedOn: Number(form.basedOn), formKey: form.formKey, wish: read.value } : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

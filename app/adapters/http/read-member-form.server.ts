import { z } from 'zod';

import { readForm } from '#app/adapters/http/read-form.server.ts';
import { readAdjustment } from '#app/domain/loyalty/members/adjustment-form.ts';
import type { AdjustmentRequest } from '#app/domain/loyalty/members/adjustment-form.ts';

export type PostedMemberChange = ({ intent: 'adjust' } & Omit<AdjustmentRequest, 'memberId'>) | { intent: 'exclude' | 'include' };

const formSchema = z.discriminatedUnion('intent', [
  z.object({
    intent: z.literal('adjust'),
    formKey: z.string().uuid(),
    direction: z.enum(['give', 'take']),
    points: z.string(),
    note: z.string(),
    expiresOn: z.string(),
  }),
  z.object({ intent: z.enum(['exclude', 'include']) }),
]);

/** What a member's page sends, or null for what it never does. Whether a day is over is judged where the shop's zone is known. */
export async function readMemberForm(request: Request): Promise<PostedMemberChange | null> {
  const form = await readForm(request, formSchema);
  if (form === null) return null;
  if (form.intent !== 'adjust') return form;
  const read = readAdjustment(form, { nowMs: 0, timeZone: 'UTC' });
  return read.ok ? { intent: 'adjust', formKey: form.formKey, ...read.value } : null;
}

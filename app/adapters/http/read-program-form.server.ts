import { z } from 'zod';

import { jsonText } from '#app/adapters/http/json-text.ts';
import { readForm } from '#app/adapters/http/read-form.server.ts';
import type { PastOrders } from '#app/domain/loyalty/accrual/past-awards.ts';
import type { StatusChange } from '#app/domain/loyalty/program/change-status.ts';
import { parseDay } from '#app/domain/time/calendar-day.ts';

export interface PostedProgram {
  basedOn: number;
  /** Parsed JSON of any shape; null where the page sends none. */
  program: unknown;
  change: StatusChange | null;
  /** Past orders whose cost the merchant was told; null where they look back at none. */
  counted: PastOrders | null;
}

/** Beyond any program that the limits allow. */
const MOST_CHARACTERS = 400_000;

const noProgram = z.literal('').transform(() => null);
const programField = z.string().max(MOST_CHARACTERS).pipe(z.union([noProgram, jsonText]));

const countedSchema = z.object({ orders: z.int().min(0), goodsMinor: z.int() });

const formSchema = z.object({
  intent: z.enum(['save', 'live', 'paused', 'winding-down']),
  version: z.string().regex(/^\d{1,9}$/).transform(Number),
  program: programField,
  lastRedemptionDay: z.string().max(10).optional(),
  sinceDay: z.string().max(10).optional(),
  counted: z.union([noProgram, z.string().max(200).pipe(jsonText).pipe(countedSchema)]).optional(),
});

const pastFormSchema = z.object({
  program: programField,
  sinceDay: z.string().max(10),
  after: z.string().regex(/^\d{1,19}$/).transform(BigInt),
});

/** A question what looking back comes to, or null for what no page asks. */
export async function readPastQuestion(request: Request): Promise<{ program: unknown; sinceDay: number; after: bigint } | null> {
  const form = await readForm(request, pastFormSchema);
  return form && { ...form, sinceDay: parseDay(form.sinceDay) ?? NaN };
}

/** What a page of the program sends, or null for what none sends. */
export async function readProgramForm(request: Request): Promise<PostedProgram | null> {
  const form = await readForm(request, formSchema);
  if (form === null) return null;
  const { intent, version, program, counted = null, ...days } = form;
  return { basedOn: version, program, change: changeOf(intent, days), counted };
}

/** A program to be tried and not saved, or null for what no page sends. */
export async function readTriedProgram(request: Request): Promise<unknown> {
  return (await readForm(request, z.object({ program: programField })))?.program ?? null;
}

function changeOf(intent: 'save' | StatusChange['to'], { lastRedemptionDay = '', sinceDay = '' }: { lastRedemptionDay?: string | undefined; sinceDay?: string | undefined }): StatusChange | null {
  switch (intent) {
    case 'save':
      return null;
    case 'winding-down':
      return { to: intent, lastRedemptionDay: parseDay(lastRedemptionDay) ?? NaN };
    case 'live':
      return sinceDay === '' ? { to: intent } : { to: intent, sinceDay: parseDay(sinceDay) ?? NaN };
    case 'paused':
      return { to: intent };
  }
}

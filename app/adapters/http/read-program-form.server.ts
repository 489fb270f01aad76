import { z } from 'zod';

import { jsonText } from '#app/adapters/http/json-text.ts';
import { readForm } from '#app/adapters/http/read-form.server.ts';
import type { StatusChange } from '#app/domain/loyalty/program/change-status.ts';
import { parseDay } from '#app/domain/time/calendar-day.ts';

export interface PostedProgram {
  basedOn: number;
  /** Parsed JSON of any shape; null where the page sends none. */
  program: unknown;
  change: StatusChange | null;
}

/** Beyond any program that the limits allow. */
const MOST_CHARACTERS = 400_000;

const noProgram = z.literal('').transform(() => null);
const programField = z.string().max(MOST_CHARACTERS).pipe(z.union([noProgram, jsonText]));

const formSchema = z.object({
  intent: z.enum(['save', 'live', 'paused', 'winding-down']),
  version: z.string().regex(/^\d{1,9}$/).transform(Number),
  program: programField,
  lastRedemptionDay: z.string().max(10).optional(),
});

/** What a page of the program sends, or null for what none sends. */
export async function readProgramForm(request: Request): Promise<PostedProgram | null> {
  const form = await readForm(request, formSchema);
  if (form === null) return null;
  const { intent, version, program, lastRedemptionDay } = form;
  return { basedOn: version, program, change: changeOf(intent, lastRedemptionDay ?? '') };
}

/** A program to be tried and not saved, or null for what no page sends. */
export async function readTriedProgram(request: Request): Promise<unknown> {
  return (await readForm(request, z.object({ program: programField })))?.program ?? null;
}

function changeOf(intent: 'save' | StatusChange['to'], day: string): StatusChange | null {
  if (intent === 'save') return null;
  return intent === 'winding-down' ? { to: intent, lastRedemptionDay: parseDay(day) ?? NaN } : { to: intent };
}

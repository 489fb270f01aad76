import { z } from 'zod';

import { jsonText } from '#app/adapters/http/json-text.ts';
import { readForm } from '#app/adapters/http/read-form.server.ts';
import { findShopperLocale, findSurface } from '#app/domain/texts/surfaces.ts';
import type { ShopperLocale, Surface } from '#app/domain/texts/surfaces.ts';

/** Beyond all texts that a surface could have. */
const MOST_CHARACTERS = 400_000;

const formSchema = z.object({
  surface: z.string(),
  language: z.string(),
  changed: z.string().max(MOST_CHARACTERS).pipe(jsonText),
});

/** What the page of texts sends, the texts as JSON of any shape; null for what it never sends. */
export async function readTextsForm(request: Request): Promise<{ surface: string; locale: string; changed: unknown } | null> {
  const form = await readForm(request, formSchema);
  return form && { surface: form.surface, locale: form.language, changed: form.changed };
}

/** `?surface=profile&language=de`: `locale` in an address of ours is the admin's. Null for what we do not know. */
export function readTextsAddress(request: Request): { surface: Surface | null; locale: ShopperLocale | null } {
  const parameters = new URL(request.url).searchParams;
  return { surface: findSurface(parameters.get('surface') ?? ''), locale: findShopperLocale(parameters.get('language') ?? '') };
}

import type { z } from 'zod';

const FORM_TYPES = /^(application\/x-www-form-urlencoded|multipart\/form-data)\s*(;|$)/i;

/**
 * What a schema makes of the fields of a form, or null for what it does not take, and for what no page of ours sends:
 * another kind of body, a broken one, a file, a NUL, which PostgreSQL keeps in no text, or a field that is there twice, of
 * which one reader would take the first and another the last.
 */
export async function readForm<Schema extends z.ZodType>(request: Request, schema: Schema): Promise<z.infer<Schema> | null> {
  const form = schema.safeParse(await fieldsOf(request));
  return form.success ? form.data : null;
}

async function fieldsOf(request: Request): Promise<Record<string, string> | null> {
  if (!FORM_TYPES.test(request.headers.get('Content-Type') ?? '')) return null;
  const form = await request.formData().catch(() => null);
  if (form === null) return null;
  const fields = new Map<string, string>();
  for (const [name, value] of form) {
    if (typeof value !== 'string' || value.includes('\0') || fields.has(name)) return null;
    fields.set(name, value);
  }
  return Object.fromEntries(fields);
}

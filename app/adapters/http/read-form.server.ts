const FORM_TYPES = /^(application\/x-www-form-urlencoded|multipart\/form-data)\s*(;|$)/i;

/**
 * The fields of a form, or null for what no page of ours sends: another kind of body, a broken one, a file, a NUL, which
 * PostgreSQL keeps in no text, or a field that is there twice, of which one reader would take the first and another the
 * last.
 */
export async function readForm(request: Request): Promise<Record<string, string> | null> {
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

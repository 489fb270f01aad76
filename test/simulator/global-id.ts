/** `gid://shopify/Order/123` */
export function toGid(type: string, id: number | string): string {
  return `gid://shopify/${type}/${id}`;
}

/** The numeric tail when the text is a GID of that type, else null. `type` omitted: of any type. */
export function fromGid(gid: string, type?: string): number | null {
  const match = /^gid:\/\/shopify\/([A-Za-z]+)\/(\d+)(?:\?.*)?$/.exec(gid);
  if (!match || (type !== undefined && match[1] !== type)) return null;
  const id = Number(match[2]);
  return Number.isSafeInteger(id) ? id : null;
}

export function gidType(gid: string): string | null {
  return /^gid:\/\/shopify\/([A-Za-z]+)\/[^/]+$/.exec(gid)?.[1] ?? null;
}

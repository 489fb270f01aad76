/** In which order members are listed. Enrolment goes by the member's number, which rises with it. */
export const MEMBER_SORTS = ['balance', 'activity', 'enrolled'] as const;
export type MemberSort = (typeof MEMBER_SORTS)[number];

/** The place of a member in a list: what it is ordered by, and the member. */
export interface MemberPlace {
  /** Points, or milliseconds since 1970; of no use by enrolment. */
  readonly key: number;
  readonly memberId: bigint;
}

export interface MembersQuestion {
  readonly sort: MemberSort;
  readonly isRising: boolean;
  /** The page that begins behind a place, or that ends before one; the first page where it is null. */
  readonly from: { readonly side: 'after' | 'before'; readonly place: MemberPlace } | null;
  /** A customer's or an order's number, or words that Shopify knows somebody by; null for all. */
  readonly search: string | null;
}

const MOST_WORDS = 100;

/** What an address asks for; whatever it says that cannot be read is as if it said nothing. */
export function membersQuestionOf(query: URLSearchParams): MembersQuestion {
  const [sortName, direction] = (query.get('sort') ?? '').split('-');
  const sort = MEMBER_SORTS.find((name) => name === sortName) ?? 'balance';
  const search = (query.get('q') ?? '').trim().slice(0, MOST_WORDS);
  const after = readPlace(query.get('after'));
  const before = readPlace(query.get('before'));
  return {
    sort,
    isRising: direction === 'asc',
    from: after === null ? before && { side: 'before', place: before } : { side: 'after', place: after },
    search: search === '' ? null : search,
  };
}

export function writePlace({ key, memberId }: MemberPlace): string {
  return `${key}~${memberId}`;
}

function readPlace(text: string | null): MemberPlace | null {
  const parts = /^(-?\d{1,16})~(\d{1,18})$/.exec(text ?? '');
  return parts === null ? null : { key: Number(parts[1]), memberId: BigInt(parts[2] ?? '') };
}

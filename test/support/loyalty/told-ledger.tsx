import { LedgerTable } from '#app/components/loyalty/members/ledger-table.tsx';
import { MemberView } from '#app/components/loyalty/members/member-page.tsx';
import type { MemberPage } from '#app/domain/loyalty/members/member-page.ts';
import type { OrderAnswer } from '#app/domain/loyalty/members/told-entry.ts';
import type { Language } from '#app/i18n/languages.ts';
import { markupOf, textOf } from '#test/components/markup-of.tsx';

/** Who looks at the pages. */
export const STAFF = '1';

/** One line of a member's ledger as the page prints it. */
interface ToldLine {
  /** What happened, with all that stands below it; instants and codes of our drawing are dots. */
  readonly words: string;
  readonly points: string;
  readonly balance: string;
}

/** The ledger as a merchant reads it, the oldest line first: cells of the very table that the page shows. */
export function toldLines({ entries, currency, timeZone, staffNames }: MemberPage, language: Language = 'en'): ToldLine[] {
  const markup = markupOf(<LedgerTable {...{ entries, currency, timeZone, staffNames }} staffId={STAFF} />, language);
  const rows = (markup.split('<tbody>')[1] ?? '').split('</tr>').slice(0, -1);
  return rows.toReversed().map((row) => {
    const [, words = '', points = '', balance = ''] = row.split('</td>').map(wordsOf);
    return { words, points, balance: balance.replace(/^(Balance|余额) /, '') };
  });
}

/** Each line as one text: `words = points → balance`. */
export function toldTexts(page: MemberPage, language: Language = 'en'): string[] {
  return toldLines(page, language).map(({ words, points, balance }) => `${words} = ${points} → ${balance}`);
}

/** Everything that the page says, with the answer to a question about an order. */
export function toldPage(page: MemberPage, language: Language = 'en', answer: OrderAnswer | null = null): string {
  const nothing = () => undefined;
  const shown = <MemberView {...page} staffId={STAFF} asked={answer?.name ?? null} answer={answer} isOlder={false} isLoading={false} onAsk={nothing} onPage={nothing} />;
  return undated(textOf(shown, language));
}

/** What an accountant finds who adds up what is printed: each balance is the one before it and the points of its line. */
export function findSlipsOfSum(page: MemberPage, language: Language = 'en'): string[] {
  let [balance, pending, reserved] = [0, 0, 0];
  return toldLines(page, language).flatMap(({ words, points, balance: after }) => {
    balance += signedIn(points, /^[+−]?[\d,]+/);
    pending += signedIn(points, /(?:pending|待生效) ([+−][\d,]+)/);
    reserved += signedIn(points, /(?:reserved|预留) ([+−][\d,]+)/);
    const said = [signedIn(after, /^−?[\d,]+/), amountBeside(after, { en: 'pending', zh: '待生效' }), amountBeside(after, { en: 'reserved', zh: '预留' })];
    return said.join() === [balance, pending, reserved].join() ? [] : [`${words}: says ${said.join()}, comes to ${balance},${pending},${reserved}`];
  });
}

function signedIn(text: string, pattern: RegExp): number {
  const found = pattern.exec(text);
  const number = found?.[1] ?? found?.[0] ?? '0';
  return Number(number.replaceAll(',', '').replace('−', '-').replace('+', ''));
}

/** `40 pending` in English, `待生效 40` in Chinese. */
function amountBeside(text: string, { en, zh }: { en: string; zh: string }): number {
  const found = new RegExp(`([\\d,]+) ${en}|${zh} ([\\d,]+)`).exec(text);
  return Number((found?.[1] ?? found?.[2] ?? '0').replaceAll(',', ''));
}

function wordsOf(cell: string): string {
  const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#x27;': "'", '&amp;': '&' };
  const text = cell.replace(/<[^>]+>/g, ' ').replace(/&(?:lt|gt|quot|#x27|amp);/g, (entity) => ENTITIES[entity] ?? entity);
  return undated(text).replace(/\s+/g, ' ').trim();
}

function undated(text: string): string {
  return text.replace(/[A-Z][a-z]{2} \d{1,2}, \d{4}(, \d{2}:\d{2})?|\d{4}年\d{1,2}月\d{1,2}日( \d{2}:\d{2})?/g, '…').replace(/GIFT-[A-Z0-9]{10}/g, 'GIFT-…');
}

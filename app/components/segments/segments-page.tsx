import { Badge, BlockStack, Button, Card, Text } from '@shopify/polaris';
import { memo } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { useConditionWords } from '#app/components/customers/use-condition-words.ts';
import { useFormats } from '#app/components/formats.tsx';
import { Inset } from '#app/components/inset.tsx';
import { AsOfField } from '#app/components/retention/as-of-field.tsx';
import { FreshnessLine } from '#app/components/retention/freshness-line.tsx';
import { useCountingWords } from '#app/components/retention/use-counting-words.ts';
import { lastDaysOfStates } from '#app/domain/retention/metrics/lifecycle.ts';
import type { Rhythm } from '#app/domain/retention/metrics/lifecycle.ts';
import type { OrderCounting } from '#app/domain/retention/metrics/order-value.ts';
import { LEAST_CUSTOMERS, LEAST_GAPS } from '#app/domain/retention/products/replenishment.ts';
import { REPLENISHMENT_URGENCIES } from '#app/domain/retention/products/replenishment-urgency.ts';
import type { ReplenishmentUrgency } from '#app/domain/retention/products/replenishment-urgency.ts';
import { RFM_GROUPS } from '#app/domain/retention/report/report.ts';
import { READY_MADE_SEGMENTS, READY_MADE_THEMES } from '#app/domain/segments/ready-made-segments.ts';
import type { ReadyMadeId, ReadyMadeTheme } from '#app/domain/segments/ready-made-segments.ts';
import type { Condition, Segment } from '#app/domain/segments/segment.ts';
import type { WrittenSegment } from '#app/domain/segments/written-segment.ts';
import { joinSentences } from '#app/domain/texts/join-sentences.ts';
import { CountPending, SegmentTable } from './segment-table.tsx';
import type { SegmentRow } from './segment-table.tsx';
import { OWN_SEGMENTS } from './use-segment-names.ts';
import { useMemberCount } from './write/use-member-count.ts';

export interface SavedSegmentRow {
  id: string;
  name: string;
  segment: Segment;
  unread: readonly string[];
  count: number | null;
  notKnown: readonly Condition['field'][];
}

export interface SegmentsPageProps {
  asOf: string;
  today: string;
  currency: string;
  timeZone: string;
  counting: OrderCounting;
  /** Null while nothing has told. */
  freshAtMs: number | null;
  /** The server's clock. */
  nowMs: number;
  customers: number;
  saved: readonly SavedSegmentRow[];
  /** Null where it is counted apart. */
  readyMade: readonly { id: ReadyMadeId; count: number | null }[];
  isPredicting: boolean;
  rhythm: Rhythm;
  ownRhythmOn: string | null;
  countryNames: Readonly<Record<string, string>>;
  productTitles: Readonly<Record<string, string>>;
  tierNames: Readonly<Record<string, string>>;
  /** What is in Shopify, of all segments. */
  written: readonly WrittenSegment[];
}

interface SegmentsPageEvents {
  onAsOf: (asOf: string) => void;
  onWrite: (row: SegmentRow) => void;
  /** Where a segment is changed; null for a new one. */
  editAddressOf: (id: string | null) => string;
}

/**
 * The merchant's own segments first, then those that are ready-made. A click that leads away shows before the next page
 * is there, so the rows stay as they are while it is fetched.
 */
export const SegmentsPage = memo(function SegmentsPage(props: SegmentsPageProps & SegmentsPageEvents) {
  const { asOf, today, timeZone, customers, onAsOf } = props;
  const { worth, leftOut } = useCountingWords(props.counting);
  const { t } = useTranslation('segments');
  const formats = useFormats();
  return (
    <BlockStack gap="400">
      <BlockStack gap="200">
        <FreshnessLine lastOrderAtMs={null} freshAtMs={props.freshAtMs} nowMs={props.nowMs} timeZone={timeZone} />
        <Inset>
          <AsOfField asOf={asOf} today={today} onChange={onAsOf} />
        </Inset>
      </BlockStack>
      <OwnSegments {...props} />
      {READY_MADE_THEMES.map((theme) => (theme === 'refill' ? <RefillCard key={theme} {...props} /> : <ThemeCard key={theme} theme={theme} {...props} />))}
      <Inset>
        <Text as="p" variant="bodySm" tone="subdued">
          {t('basis', { asOf: formats.day(asOf), timeZone, leftOut, worth, customers: formats.count(customers) })}
        </Text>
      </Inset>
    </BlockStack>
  );
});

function TitledCard({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {title}
          </Text>
          <Text as="p" tone="subdued">
            {text}
          </Text>
        </BlockStack>
        {children}
      </BlockStack>
    </Card>
  );
}

function OwnSegments(props: SegmentsPageProps & SegmentsPageEvents) {
  const { saved, customers, asOf, isPredicting, written, editAddressOf, onWrite } = props;
  const { t, i18n } = useTranslation(['segments', 'customers']);
  const words = useConditionWords(props);
  if (saved.length === 0) {
    return (
      <TitledCard title={t('own.title')} text={t('own.none')}>
        <div>
          <Button url={editAddressOf(null)}>{t('create')}</Button>
        </div>
      </TitledCard>
    );
  }
  const adviceOf = ({ unread, notKnown }: SavedSegmentRow): ReactNode => {
    if (unread.length > 0) return t('broken.text');
    if (isPredicting) return null;
    return joinSentences(i18n.language, notKnown.map((field) => t('notKnown', { field: t(`customers:fields.${field}`) })));
  };
  const rows = saved.map((one): SegmentRow => {
    const { id, name, segment, unread, notKnown } = one;
    const isWaiting = isPredicting && notKnown.length > 0;
    return {
      ...{ id, name, segment },
      meaning: <Rule segment={segment} lines={segment.conditions.map(words.condition)} />,
      advice: adviceOf(one),
      count: isWaiting ? null : one.count,
      countText: unread.length > 0 ? <Badge tone="warning">{t('broken.badge')}</Badge> : <CountPending>{t('counting')}</CountPending>,
      editAddress: editAddressOf(id),
      // What cannot be read cannot be written, but taken back it can.
      written: writtenOf(written, id, unread.length === 0),
    };
  });
  return (
    <TitledCard title={t('own.title')} text={t('own.text')}>
      <SegmentTable caption={t('caption', { theme: t('own.title') })} {...{ rows, customers, asOf, onWrite }} />
    </TitledCard>
  );
}

function writtenOf(written: readonly WrittenSegment[], segmentKey: string, isWritable: boolean): readonly WrittenSegment[] | null {
  const own = written.filter((one) => one.segmentKey === segmentKey);
  return own.length > 0 || isWritable ? own : null;
}

/** Each condition a line. */
function Rule({ segment, lines }: { segment: Segment; lines: readonly string[] }) {
  const { t } = useTranslation('segments');
  return (
    <>
      {segment.match === 'any' && lines.length > 1 ? <span>{t('anyOf')}</span> : null}
      {lines.map((line, index) => (
        <span key={index} style={{ display: 'block' }}>
          {line}
        </span>
      ))}
    </>
  );
}

function ThemeCard({ theme, readyMade, customers, asOf, rhythm, ownRhythmOn, written, onWrite }: SegmentsPageProps & SegmentsPageEvents & { theme: ReadyMadeTheme }) {
  const { t, i18n } = useTranslation(['segments', 'predictions']);
  const formats = useFormats();
  const words = useReadyMadeWords(rhythm);
  const counts = new Map(readyMade.map(({ id, count }) => [id, count]));
  const rows = READY_MADE_SEGMENTS.filter((one) => one.theme === theme).map(({ id, segment }): SegmentRow => ({
    ...{ id, segment },
    ...words(id),
    count: counts.get(id) ?? 0,
    written: writtenOf(written, id, true),
  }));
  const title = t(`themes.${theme}.title`);
  const isFixed = theme === 'rhythm' && rhythm.basis === 'fixedRule';
  const fixed = () => [
    t('themes.rhythmFixed', { needed: formats.count(rhythm.gapsNeeded), gaps: formats.count(rhythm.gaps) }),
    ownRhythmOn === null ? t('predictions:short.far') : t('predictions:short.reachedAbout', { date: formats.day(ownRhythmOn) }),
  ];
  const text = isFixed ? joinSentences(i18n.language, fixed()) : t(`themes.${theme}.text`);
  return (
    <TitledCard title={title} text={text}>
      <SegmentTable caption={t('caption', { theme: title })} {...{ rows, customers, asOf, onWrite }} />
    </TitledCard>
  );
}

/** Who is due or late is found from the lines of all orders, which are read after the page is there. */
function RefillCard({ customers, asOf, rhythm, written, onWrite }: SegmentsPageProps & SegmentsPageEvents) {
  const { t } = useTranslation('segments');
  const formats = useFormats();
  const words = useReadyMadeWords(rhythm);
  const queryOf = (urgency: ReplenishmentUrgency) => String(new URLSearchParams({ asOf, replenishment: urgency }));
  const counted = { due: useMemberCount(queryOf('due')), late: useMemberCount(queryOf('late')) };
  const rows = REPLENISHMENT_URGENCIES.flatMap((urgency): SegmentRow[] => {
    const id = `refill-${urgency}` as const;
    const { count, hasFailed } = counted[urgency];
    const ready = READY_MADE_SEGMENTS.find((one) => one.id === id);
    if (ready === undefined) return [];
    const countText = <CountPending>{t(hasFailed ? 'builder.countFailed' : 'counting')}</CountPending>;
    return [{ id, segment: ready.segment, ...words(id), count, countText, written: writtenOf(written, id, true) }];
  });
  const title = t('themes.refill.title');
  const least = { gaps: formats.count(LEAST_GAPS), customers: formats.count(LEAST_CUSTOMERS) };
  return (
    <TitledCard title={title} text={t(counted.due.isNothingKnown ? 'themes.refillNone' : 'themes.refill.text', least)}>
      <SegmentTable caption={t('caption', { theme: title })} {...{ rows, customers, asOf, onWrite }} />
      <div>
        <Button variant="plain" url={`/app/products?${new URLSearchParams({ asOf })}`}>
          {t('themes.refillProducts')}
        </Button>
      </div>
    </TitledCard>
  );
}

/** What a ready-made segment is called; the groups have their words in an area of their own. */
function useReadyMadeWords({ upToDays }: Rhythm): (id: ReadyMadeId) => Pick<SegmentRow, 'name'> & Record<'meaning' | 'advice', string> {
  const { t } = useTranslation(['segments', 'groups']);
  const formats = useFormats();
  const { active, cooling, atRisk } = lastDaysOfStates(upToDays);
  const limits: Partial<Record<ReadyMadeId, { from: string; to: string }>> = {
    'vip-away': { from: formats.count(cooling), to: '' },
    'state-active': { from: '', to: formats.count(active) },
    'state-cooling': { from: formats.count(active), to: formats.count(cooling) },
    'state-atRisk': { from: formats.count(cooling), to: formats.count(atRisk) },
    'state-lapsed': { from: formats.count(atRisk), to: '' },
  };
  return (id) => {
    const group = RFM_GROUPS.find((known) => id === `group-${known}`);
    if (group !== undefined) return { name: t(`groups:${group}.name`), meaning: t(`groups:${group}.meaning`), advice: t(`groups:${group}.advice`) };
    const own = OWN_SEGMENTS.find((known) => known === id);
    if (own === undefined) return { name: id, meaning: '', advice: '' };
    return { name: t(`ready.${own}.name`), meaning: t(`ready.${own}.meaning`, limits[own] ?? { from: '', to: '' }), advice: t(`ready.${own}.advice`) };
  };
}

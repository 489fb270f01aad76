import { Badge, BlockStack, Card, InlineStack, Text } from '@shopify/polaris';
import type { BadgeProps } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { isReconciling } from '#app/domain/sync/reconciliation.ts';
import type { ReconciliationReport, ReconciliationRun } from '#app/domain/sync/reconciliation.ts';
import { joinSentences } from '#app/domain/texts/join-sentences.ts';
import { dataCheck } from '#app/i18n/en/data-check.ts';

/** What the latest comparison found, in one line and its reasons. */
export function ResultCard({ report }: { report: ReconciliationReport }) {
  const { t } = useTranslation('dataCheck');
  const formats = useFormats();
  const { latest, underWay, recent, nextDueAtMs, timeZone } = report;
  const [lastEnded] = recent;
  const failed = lastEnded?.state === 'failed' ? lastEnded : null;
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack gap="200" blockAlign="center">
          <Text as="h2" variant="headingMd">
            {t('result.title')}
          </Text>
          <div aria-live="polite">
            <OutcomeBadge report={report} />
          </div>
        </InlineStack>
        {underWay === null ? null : <Text as="p">{t(`states.${stateWord(underWay)}`)}</Text>}
        {latest === null && underWay === null && failed === null ? <Text as="p">{t('outcome.noneText')}</Text> : null}
        {failed !== null && underWay === null ? <Failure run={failed} /> : null}
        {latest === null ? null : <Result run={latest} timeZone={timeZone} />}
        <Text as="p" variant="bodySm" tone="subdued">
          {t('result.formula')}
        </Text>
        {nextDueAtMs === null ? null : (
          <Text as="p" variant="bodySm" tone="subdued">
            <span suppressHydrationWarning>{t('result.next', { at: formats.instant(nextDueAtMs, timeZone ?? undefined) })}</span>
          </Text>
        )}
      </BlockStack>
    </Card>
  );
}

type Step = 'running' | 'comparing' | 'repairing';

function stateWord({ state, resource }: ReconciliationRun): 'requested' | Step | `${Step}Customers` {
  // Whoever waits for the list of customers has begun.
  if (state === 'requested') return resource === 'orders' ? 'requested' : 'runningCustomers';
  if (state !== 'running' && state !== 'comparing' && state !== 'repairing') return 'requested';
  return resource === 'orders' ? state : `${state}Customers`;
}

function Failure({ run }: { run: ReconciliationRun }) {
  const { t, i18n } = useTranslation('dataCheck');
  const reasonOf = (code: string) => (isKnownReason(code) ? t(`result.reasons.${code}`) : t('result.reasons.other', { code }));
  return (
    <Text as="p">{joinSentences(i18n.language, [run.errorCode === null ? null : reasonOf(run.errorCode), t('result.failedText')])}</Text>
  );
}

function isKnownReason(code: string): code is keyof typeof dataCheck.result.reasons {
  return Object.hasOwn(dataCheck.result.reasons, code);
}

function Result({ run, timeZone }: { run: ReconciliationRun; timeZone: string | null }) {
  const { t, i18n } = useTranslation('dataCheck');
  const formats = useFormats();
  const when = (instantMs: number) => formats.instant(instantMs, timeZone ?? undefined);
  const open = run.differencesFound - run.differencesRepaired;
  return (
    <BlockStack gap="100">
      <Text as="p">
        <span suppressHydrationWarning>
          {joinSentences(i18n.language, [
            t('result.compared', {
              count: run.ordersCompared,
              number: formats.count(run.ordersCompared),
              asOf: when(run.asOfMs ?? run.requestedAtMs),
            }),
            run.customersCompared === null ? null : customersLine(run.customersCompared),
            scopeLine(run),
          ])}
        </span>
      </Text>
      {open > 0 ? <Text as="p">{t('result.openText')}</Text> : null}
      {run.subscriptionsMade === 0 ? null : (
        <Text as="p">
          {t('result.subscriptions', { count: run.subscriptionsMade, number: formats.count(run.subscriptionsMade) })}
        </Text>
      )}
    </BlockStack>
  );

  function customersLine(count: number): string {
    return t('result.customers', { count, number: formats.count(count) });
  }

  function scopeLine({ scope, windowFromMs }: ReconciliationRun): string {
    if (windowFromMs === null) return t('result.scope.all');
    return scope === 'all' ? t('result.scope.limited') : t('result.scope.recent', { from: when(windowFromMs) });
  }
}

function OutcomeBadge({ report }: { report: ReconciliationReport }) {
  const { t } = useTranslation('dataCheck');
  const formats = useFormats();
  const { tone, key, count } = outcomeOf(report);
  return <Badge tone={tone}>{t(`outcome.${key}`, { count, number: formats.count(count) })}</Badge>;
}

interface Outcome {
  tone: BadgeProps['tone'];
  key: 'none' | 'running' | 'failed' | 'equal' | 'repaired' | 'open';
  count: number;
}

function outcomeOf({ latest, underWay, recent }: ReconciliationReport): Outcome {
  if (underWay !== null && isReconciling(underWay.state)) return { tone: 'info', key: 'running', count: 0 };
  if (recent[0]?.state === 'failed') return { tone: 'critical', key: 'failed', count: 0 };
  if (latest === null) return { tone: undefined, key: 'none', count: 0 };
  const open = latest.differencesFound - latest.differencesRepaired;
  if (open > 0) return { tone: 'attention', key: 'open', count: open };
  if (latest.differencesFound > 0) return { tone: 'success', key: 'repaired', count: latest.differencesFound };
  return { tone: 'success', key: 'equal', count: 0 };
}

import { Banner, BlockStack, Card, Checkbox, Form, InlineGrid, Layout } from '@shopify/polaris';
import type { ReactNode } from 'react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { UnsavedBar } from '#app/components/unsaved-bar.tsx';
import type { OfferProblems } from '#app/domain/offers/find-offer-problems.ts';
import { readOffersDraft, writeOffersDraft } from '#app/domain/offers/offers-draft.ts';
import type { OffersDraft } from '#app/domain/offers/offers-draft.ts';
import type { Choice } from './choice-picker.tsx';
import { HoldoutCard, LimitsCard } from './limits-cards.tsx';
import { OfferPreview } from './offer-preview.tsx';
import { OfferProblemsProvider } from './offer-problems.tsx';
import { RuleList } from './rule-list.tsx';
import { useSegmentChoices } from './use-rule-words.ts';

interface OffersPageProps {
  /** As saved. */
  draft: OffersDraft;
  currency: string | null;
  timeZone: string;
  nowMs: number;
  /** The merchant's own segments. */
  segments: readonly Choice[];
  tiers: readonly Choice[];
  /** By code, as `countryNamesOf` made them. */
  countryNames: Readonly<Record<string, string>>;
  isSaving: boolean;
  /** What the server found wrong with the last try. */
  refused: OfferProblems;
  hasFailed: boolean;
  onSave: (draft: OffersDraft) => void;
  /** What came of it. */
  children: ReactNode;
}

/** The rules beside what buyers see of them. */
export function OffersPage(props: OffersPageProps) {
  const { currency, timeZone, nowMs, tiers, hasFailed, children } = props;
  const { t } = useTranslation('offers');
  const form = useOffersForm(props);
  const { draft, settings, found, change } = form;
  const choices = { segments: useSegmentChoices(props.segments), tiers, countries: useCountries(props.countryNames) };
  const [openId, setOpenId] = useState<string | null>(null);
  const isReadable = (index: number) => !Object.keys(found).some((path) => path.startsWith(`rules[${index}].`));
  const shown = previewed(draft, openId);
  return (
    <OfferProblemsProvider problems={form.problems} settings={settings} currency={currency}>
      {/* Polaris' form has the hidden button without which Enter in a field does nothing. */}
      <Form noValidate onSubmit={() => form.isDirty && form.save()}>
        <UnsavedBar id="offer-save-bar" words={{ save: t('save'), discard: t('discard') }} isOpen={form.isDirty} isSaving={props.isSaving} onSave={form.save} onDiscard={form.discard} />
        <Layout>
          {hasFailed ? (
            <Layout.Section>
              <Banner tone="critical" title={t('saveFailedTitle')}>
                {t('saveFailedText')}
              </Banner>
            </Layout.Section>
          ) : null}
          <Layout.Section variant="fullWidth">
            <InlineGrid columns={{ xs: 1, md: 'minmax(0, 2fr) minmax(0, 1fr)' }} gap="400">
              <BlockStack gap="400">
                <Card>
                  <Checkbox label={t('status.label')} helpText={t('status.help')} name="isEnabled" checked={draft.isEnabled} onChange={(isEnabled) => change({ isEnabled })} />
                </Card>
                <RuleList
                  {...{ currency, choices, isReadable, openId }}
                  drafts={draft.rules}
                  rules={settings.rules}
                  onOpen={setOpenId}
                  onChange={(rules) => change({ rules })}
                />
                <LimitsCard draft={draft} onChange={change} />
                <HoldoutCard draft={draft} onChange={change} />
              </BlockStack>
              <OfferPreview
                {...{ currency, timeZone, nowMs, choices }}
                isOn={draft.isEnabled}
                rule={shown === -1 ? 'none' : isReadable(shown) ? (settings.rules[shown] ?? 'none') : 'incomplete'}
              />
            </InlineGrid>
          </Layout.Section>
          <Layout.Section variant="fullWidth">
            <BlockStack gap="400">{children}</BlockStack>
          </Layout.Section>
        </Layout>
      </Form>
    </OfferProblemsProvider>
  );
}

/** The rule that is being edited, else the first that is on; -1 without any. */
function previewed({ rules }: OffersDraft, openId: string | null): number {
  const open = rules.findIndex(({ ruleId }) => ruleId === openId);
  if (open !== -1) return open;
  const on = rules.findIndex(({ isEnabled }) => isEnabled);
  return on === -1 ? rules.length - 1 : on;
}

function useCountries(names: Readonly<Record<string, string>>): Choice[] {
  return useMemo(() => Object.entries(names).map(([id, name]) => ({ id, name })).sort((a, b) => (a.name < b.name ? -1 : 1)), [names]);
}

/** What is typed. Problems are shown once the merchant has tried to save, and go as they are mended. */
function useOffersForm({ draft: saved, currency, isSaving, refused, onSave }: OffersPageProps) {
  const [edited, setEdited] = useState<OffersDraft | null>(null);
  const [hasTried, setHasTried] = useState(false);
  const draft = edited ?? saved;
  const { settings, problems: found } = readOffersDraft(draft, currency);
  const isSound = Object.keys(found).length === 0;
  // 15 and 15.0 are no change.
  const isDirty = edited !== null && JSON.stringify(isSound ? writeOffersDraft(settings, currency) : draft) !== JSON.stringify(saved);
  return {
    ...{ draft, settings, found, isDirty },
    problems: hasTried ? found : refused,
    change: (change: Partial<OffersDraft>) => setEdited({ ...draft, ...change }),
    save: () => {
      setHasTried(!isSound);
      if (isSound && !isSaving) onSave(draft);
    },
    discard: () => {
      setEdited(null);
      setHasTried(false);
    },
  };
}

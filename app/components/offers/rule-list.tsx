import { BlockStack, Button, Card, InlineGrid, InlineStack, Text } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { Inset } from '#app/components/inset.tsx';
import { findCovering } from '#app/domain/offers/find-covering.ts';
import type { OfferRule } from '#app/domain/offers/offer-rule.ts';
import { MOST_OF_OFFERS } from '#app/domain/offers/offer-settings.ts';
import { writeRuleDraft } from '#app/domain/offers/offers-draft.ts';
import type { RuleDraft } from '#app/domain/offers/offers-draft.ts';
import { READY_MADE_RULES, readyMadeRule } from '#app/domain/offers/ready-made-rules.ts';
import type { ReadyMadeRule } from '#app/domain/offers/ready-made-rules.ts';
import { joinSentences } from '#app/domain/texts/join-sentences.ts';
import { useOfferProblem } from './offer-problems.tsx';
import { RuleCard } from './rule-card.tsx';
import { useRuleWords } from './use-rule-words.ts';
import type { RuleChoices } from './use-rule-words.ts';

export interface RuleListProps {
  drafts: readonly RuleDraft[];
  /** What was typed, as far as it can be read. */
  rules: readonly OfferRule[];
  /** Whether a rule can be read whole. */
  isReadable: (index: number) => boolean;
  currency: string | null;
  choices: RuleChoices;
  openId: string | null;
  onOpen: (ruleId: string | null) => void;
  onChange: (drafts: readonly RuleDraft[]) => void;
}

/** The rules from the first that is tried to the last. */
export function RuleList(props: RuleListProps) {
  const { drafts, currency, choices, onOpen, onChange } = props;
  const { t, i18n } = useTranslation('offers');
  const [said, setSaid] = useState('');
  const problem = useOfferProblem('rules');
  const topTierId = choices.tiers.at(-1)?.id ?? null;
  const add = (kind: ReadyMadeRule, name: string) => {
    const rule = { ruleId: crypto.randomUUID(), name, ...readyMadeRule(kind, topTierId) };
    onChange([...drafts, writeRuleDraft(rule, currency)]);
    onOpen(rule.ruleId);
  };
  return (
    <BlockStack gap="300">
      <Inset>
        <BlockStack gap="050">
          <Text as="h2" variant="headingMd">
            {t('rules.title')}
          </Text>
          <Text as="p" tone="subdued">
            {joinSentences(i18n.language, [t('rules.lead'), t('rules.never')])}
          </Text>
        </BlockStack>
      </Inset>
      <Cards {...props} onMoved={setSaid} />
      {drafts.length === 0 ? <NoRules onAdd={add} /> : null}
      {problem === undefined ? null : (
        <Text as="p" tone="critical">
          {problem}
        </Text>
      )}
      <Inset>
        {drafts.length < MOST_OF_OFFERS.rules ? (
          <Button onClick={() => add('first-timers', '')}>{t('rules.add')}</Button>
        ) : (
          <Text as="p" tone="subdued">
            {t('rules.most', { most: String(MOST_OF_OFFERS.rules) })}
          </Text>
        )}
      </Inset>
      <div role="status" className="Polaris-Text--visuallyHidden">
        {said}
      </div>
    </BlockStack>
  );
}

function Cards({ drafts, rules, isReadable, currency, choices, openId, onOpen, onChange, onMoved }: RuleListProps & { onMoved: (said: string) => void }) {
  const { t } = useTranslation('offers');
  const formats = useFormats();
  const words = useRuleWords(currency, choices);
  const titleOf = (index: number) => {
    const name = drafts[index]?.name.trim() ?? '';
    const rule = rules[index];
    return name !== '' ? name : rule !== undefined && isReadable(index) ? words.title(rule) : t('rules.new');
  };
  const covering = (index: number) => {
    const above = isReadable(index) ? findCovering(rules, index) : null;
    return above === null ? null : titleOf(rules.indexOf(above));
  };
  const move = (index: number, by: -1 | 1) => {
    onChange(moved(drafts, index, by));
    onMoved(t('rules.moved', { name: titleOf(index), place: formats.count(index + by + 1) }));
  };
  return drafts.map((draft, index) => {
    const rule = rules[index];
    const isOpen = openId === draft.ruleId;
    return (
      <RuleCard
        key={draft.ruleId}
        {...{ index, currency, choices, isOpen }}
        path={`rules[${index}]`}
        rule={draft}
        last={drafts.length - 1}
        title={titleOf(index)}
        summary={rule !== undefined && isReadable(index) ? words.summary(rule) : t(`rule.kinds.${draft.kind}`)}
        coveredBy={covering(index)}
        onToggle={() => onOpen(isOpen ? null : draft.ruleId)}
        onChange={(change) => onChange(drafts.map((one, at) => (at === index ? { ...one, ...change } : one)))}
        onMove={(by) => move(index, by)}
        onRemove={() => onChange(drafts.filter((_, at) => at !== index))}
      />
    );
  });
}

function NoRules({ onAdd }: { onAdd: (kind: ReadyMadeRule, name: string) => void }) {
  const { t } = useTranslation('offers');
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="p">{t('rules.none')}</Text>
        <InlineGrid columns={{ xs: 1, sm: 3 }} gap="400">
          {READY_MADE_RULES.map((kind) => {
            const name = t(`rules.ready.${kind}.name`);
            return (
              <BlockStack key={kind} gap="200" align="space-between">
                <BlockStack gap="050">
                  <Text as="h3" variant="headingSm">
                    {name}
                  </Text>
                  <Text as="p" tone="subdued">
                    {t(`rules.ready.${kind}.text`)}
                  </Text>
                </BlockStack>
                <InlineStack>
                  <Button onClick={() => onAdd(kind, name)}>{t('rules.addReady', { name })}</Button>
                </InlineStack>
              </BlockStack>
            );
          })}
        </InlineGrid>
      </BlockStack>
    </Card>
  );
}

function moved(drafts: readonly RuleDraft[], index: number, by: -1 | 1): RuleDraft[] {
  const one = drafts[index];
  const other = drafts[index + by];
  if (one === undefined || other === undefined) return [...drafts];
  return drafts.map((draft, at) => (at === index ? other : at === index + by ? one : draft));
}

import { Badge, BlockStack, Button, InlineStack, Text, TextField } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { TextProblems } from '#app/domain/texts/judge-texts.ts';
import { pluralExamples } from '#app/domain/texts/plural-examples.ts';
import { directionOf } from '#app/domain/texts/surfaces.ts';
import type { ShopperLocale } from '#app/domain/texts/surfaces.ts';
import { placeholdersOf } from '#app/domain/texts/surface-words.ts';
import type { TextGroup, Words } from '#app/domain/texts/surface-words.ts';
import styles from './texts-page.module.css';
import { useProblemWords } from './use-problem-words.ts';

export interface TextItemProps {
  group: TextGroup;
  /** What it says, in the language of the admin. */
  label: string;
  locale: ShopperLocale;
  ours: Words;
  own: Words;
  problems: TextProblems;
  onChange: (changed: Words) => void;
  onLeave: (key: string) => void;
}

/** One thing that is said: a field, or one for each plural form, each above our own words. */
export function TextItem({ group, label, locale, ours, own, problems, onChange, onLeave }: TextItemProps) {
  const { t } = useTranslation(['texts', 'metrics']);
  const isOwn = group.keys.some((key) => (own[key] ?? '') !== '');
  const names = [...new Set(group.keys.flatMap((key) => placeholdersOf(ours[key] ?? '')))];
  const wordsOf = (write: (key: string) => string): Words => Object.fromEntries(group.keys.map((key) => [key, write(key)]));
  return (
    <div className={styles['item']} role="group" aria-label={label}>
      <BlockStack gap="200">
        <InlineStack align="space-between" blockAlign="center" gap="200" wrap={false}>
          <InlineStack gap="200" blockAlign="center">
            <Text as="h3" variant="headingSm" breakWord>
              {label}
            </Text>
            {isOwn ? <Badge tone="info">{t('own')}</Badge> : null}
          </InlineStack>
          <div className={styles['action']}>
            <Button variant="plain" onClick={() => onChange(wordsOf((key) => (isOwn ? '' : (ours[key] ?? ''))))}>
              {t(isOwn ? 'backToOurs' : 'fromOurs')}
            </Button>
          </div>
        </InlineStack>
        {group.keys.map((key) => (
          <FormField key={key} textKey={key} {...{ group, label, locale, ours, own, problems, onChange, onLeave }} />
        ))}
        {names.length === 0 ? null : (
          <Text as="p" variant="bodySm" tone="subdued">
            {t('filledIn', { names: names.map((name) => `{{${name}}}`).join(t('metrics:separator')) })}
          </Text>
        )}
      </BlockStack>
    </div>
  );
}

/** Longer ones are easier to read in two lines. */
const LONG = 60;

function FormField({ textKey, group, label, locale, ours, own, problems, onChange, onLeave }: TextItemProps & { textKey: string }) {
  const { t, i18n } = useTranslation('texts');
  const formLabel = useFormLabel(locale);
  const problemWords = useProblemWords();
  const problem = problems[textKey];
  const our = ours[textKey] ?? '';
  // A language of one form has nothing to tell apart.
  const form = group.keys.length > 1 ? formLabel(textKey.slice(group.key.length + 1)) : '';
  return (
    <BlockStack gap="100">
      {form === '' ? null : (
        <Text as="span" variant="bodySm">
          {form}
        </Text>
      )}
      <div lang={locale} className={directionOf(locale) === 'rtl' ? styles['rightToLeft'] : undefined}>
        <TextField
          label={form === '' ? label : `${label}. ${form}`}
          labelHidden
          value={own[textKey] ?? ''}
          placeholder={our}
          autoComplete="off"
          {...(our.length > LONG ? { multiline: 2 } : {})}
          {...(problem === undefined ? {} : { error: <span lang={i18n.language}>{problemWords(problem)}</span> })}
          onChange={(text) => onChange({ [textKey]: text.replace(/\s*\n\s*/g, ' ') })}
          onBlur={() => onLeave(textKey)}
        />
      </div>
      {(own[textKey] ?? '') === '' ? null : (
        <Text as="p" variant="bodySm" tone="subdued" breakWord>
          {t('ours')}{' '}
          <bdi lang={locale} dir={directionOf(locale)}>
            {our}
          </bdi>
        </Text>
      )}
    </BlockStack>
  );
}

function useFormLabel(locale: ShopperLocale): (form: string) => string {
  const { t } = useTranslation(['texts', 'metrics']);
  const formats = useFormats();
  return (form) => {
    const { numbers, isAll } = pluralExamples(locale, form);
    if (numbers.length === 0) return t('forOtherNumbers');
    const listed = numbers.map((number) => formats.count(number)).join(t('metrics:separator'));
    return t('forNumbers', { numbers: isAll ? listed : t('examples', { numbers: listed }) });
  };
}

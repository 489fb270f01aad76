import { Banner, BlockStack, Card, Checkbox, Form, Select, Text, TextField } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { PreviewCard } from '#app/components/previews/preview-card.tsx';
import type { PreviewShop } from '#app/components/previews/sample-shopper.ts';
import { UnsavedBar } from '#app/components/unsaved-bar.tsx';
import type { TextProblems } from '#app/domain/texts/judge-texts.ts';
import { findShopperLocale, findSurface, SHOPPER_LOCALES, SURFACES } from '#app/domain/texts/surfaces.ts';
import type { ShopperLocale, Surface } from '#app/domain/texts/surfaces.ts';
import { groupWords, replaceableWords } from '#app/domain/texts/surface-words.ts';
import type { TextGroup, Words } from '#app/domain/texts/surface-words.ts';
import { LOCALE_NAMES } from './locale-names.ts';
import { TextItem } from './text-item.tsx';
import styles from './texts-page.module.css';
import { useTextsForm } from './use-texts-form.ts';
import type { TextsForm } from './use-texts-form.ts';

export interface TextsPlace {
  surface: Surface;
  locale: ShopperLocale;
}

export interface TextsPageProps extends TextsPlace {
  /** All our words there, and the same in the language of the admin. */
  ours: Words;
  labels: Words;
  saved: Words;
  /** How many texts are the merchant's own, place by place. */
  written: readonly { surface: string; locale: string; texts: number }[];
  /** Null while the shop's currency is not known. */
  shop: PreviewShop | null;
  isSaving: boolean;
  refused: TextProblems;
  hasFailed: boolean;
  onSave: (changed: Words) => void;
  onGo: (place: TextsPlace) => void;
}

export function TextsPage(props: TextsPageProps) {
  const { surface, locale, ours, labels, saved, shop, isSaving, refused, hasFailed, onSave } = props;
  const { t } = useTranslation('texts');
  const replaceable = replaceableWords(surface, ours);
  const form = useTextsForm({ saved, ours: replaceable, refused, isSaving, onSave });
  return (
    // Polaris' form has the hidden button without which Enter in a field does nothing.
    <Form noValidate onSubmit={form.save}>
      <UnsavedBar id="texts-save-bar" words={{ save: t('save'), discard: t('discard') }} isOpen={form.isDirty} isSaving={isSaving} onSave={form.save} onDiscard={form.discard} />
      <BlockStack gap="400">
        <Problems hasFailed={hasFailed} isWrong={form.isRefused} />
        <div className={styles['columns']}>
          <div className={styles['place']}>
            <PlaceCard {...props} />
          </div>
          <div className={styles['preview']}>
            <div className={styles['beside']}>
              <PreviewCard surface={surface} shop={shop} words={{ locale, ours, own: form.own }} />
            </div>
          </div>
          <div className={styles['texts']}>
            <TextsCard {...{ locale, form, labels }} ours={replaceable} />
          </div>
        </div>
      </BlockStack>
    </Form>
  );
}

function Problems({ hasFailed, isWrong }: { hasFailed: boolean; isWrong: boolean }) {
  const { t } = useTranslation('texts');
  if (!hasFailed && !isWrong) return null;
  return (
    <Banner tone={hasFailed ? 'critical' : 'warning'} title={t(hasFailed ? 'saveFailedTitle' : 'wrongTitle')}>
      {t(hasFailed ? 'saveFailedText' : 'wrongText')}
    </Banner>
  );
}

function PlaceCard({ surface, locale, written, onGo }: TextsPageProps) {
  const { t } = useTranslation('texts');
  const formats = useFormats();
  const sumOf = (isMeant: (place: { surface: string; locale: string }) => boolean) =>
    written.reduce((sum, place) => (isMeant(place) ? sum + place.texts : sum), 0);
  const named = (name: string, texts: number) => (texts === 0 ? name : t('written', { name, texts: formats.count(texts) }));
  return (
    <Card>
      <BlockStack gap="300">
        <Select
          label={t('surface')}
          options={SURFACES.map((value) => ({ value, label: named(t(`surfaces.${value}`), sumOf((place) => place.surface === value)) }))}
          value={surface}
          onChange={(value) => onGo({ surface: findSurface(value) ?? surface, locale })}
        />
        <Select
          label={t('locale')}
          options={SHOPPER_LOCALES.map((value) => ({
            value,
            label: named(LOCALE_NAMES[value], sumOf((place) => place.surface === surface && place.locale === value)),
          }))}
          value={locale}
          onChange={(value) => onGo({ surface, locale: findShopperLocale(value) ?? locale })}
        />
        {surface === 'loyalty-page' || surface === 'storefront' ? (
          <Text as="p" tone="subdued">
            {t(`notes.${surface}`)}
          </Text>
        ) : null}
      </BlockStack>
    </Card>
  );
}

interface TextsCardProps {
  locale: ShopperLocale;
  form: TextsForm;
  ours: Words;
  labels: Words;
}

function TextsCard({ locale, form, ours, labels }: TextsCardProps) {
  const { t } = useTranslation('texts');
  const [search, setSearch] = useState('');
  const [isOnlyOwn, setIsOnlyOwn] = useState(false);
  const { own, problems } = form;
  const labelOf = ({ key }: TextGroup) => labels[`${key}.other`] ?? labels[key] ?? key;
  const hasProblem = ({ keys }: TextGroup) => keys.some((key) => problems[key] !== undefined);
  const isOwn = ({ keys }: TextGroup) => keys.some((key) => (own[key] ?? '') !== '');
  const sought = search.trim().toLocaleLowerCase(locale);
  const holds = (group: TextGroup) =>
    [labelOf(group), ...group.keys.flatMap((key) => [ours[key] ?? '', own[key] ?? ''])].some((text) => text.toLocaleLowerCase(locale).includes(sought));
  // What is wrong is never hidden.
  const shown = groupWords(ours).filter((group) => hasProblem(group) || ((!isOnlyOwn || isOwn(group)) && holds(group)));
  return (
    <Card>
      <BlockStack gap="200">
        <TextField
          label={t('search')}
          type="search"
          value={search}
          onChange={setSearch}
          autoComplete="off"
          clearButton
          onClearButtonClick={() => setSearch('')}
        />
        <Checkbox label={t('onlyOwn')} checked={isOnlyOwn} onChange={setIsOnlyOwn} />
        <div role="status">
          {shown.length === 0 ? (
            <Text as="p" tone="subdued">
              {t('none')}
            </Text>
          ) : null}
        </div>
        <div>
          {shown.map((group) => (
            <TextItem key={group.key} {...{ group, locale, ours, own, problems }} label={labelOf(group)} onChange={form.change} onLeave={form.leave} />
          ))}
        </div>
      </BlockStack>
    </Card>
  );
}

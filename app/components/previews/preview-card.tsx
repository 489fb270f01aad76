import { BlockStack, Card, Link, Select, Spinner, Text } from '@shopify/polaris';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { LOCALE_NAMES } from '#app/components/texts/locale-names.ts';
import { createShopperWording } from '#app/domain/texts/shopper-wording.ts';
import type { ShopperWording } from '#app/domain/texts/shopper-wording.ts';
import { findShopperLocale, findSurface, SHOPPER_LOCALES } from '#app/domain/texts/surfaces.ts';
import type { ShopperLocale, Surface } from '#app/domain/texts/surfaces.ts';
import type { Words } from '#app/domain/texts/surface-words.ts';
import { PreviewFrame } from './preview-frame.tsx';
import type { PreviewShop } from './sample-shopper.ts';
import { SITUATIONS } from './situations.ts';
import type { Situation } from './situations.ts';
import { SurfacePreview } from './surface-preview.tsx';
import { usePreviewWords } from './use-preview-words.ts';

interface PreviewWords {
  readonly locale: ShopperLocale;
  readonly ours: Words;
  readonly own: Words;
}

interface Fed {
  /** `incomplete` while a field is wrong; null while the shop's currency is not known. */
  shop: PreviewShop | 'incomplete' | null;
  /** What an order gives, where the page knows; a sample otherwise. */
  orderPoints?: number;
}

/** A surface as shoppers see it, in words that the page has at hand, as they are typed. */
export function PreviewCard(props: Fed & { surface: Surface; words: PreviewWords }) {
  return (
    <CardAround>
      <Screen {...props} />
    </CardAround>
  );
}

interface PreviewOfSurfacesProps extends Fed {
  /** Those to choose from. */
  surfaces: readonly [Surface, ...Surface[]];
}

/** The same on a page about something else: surface and language can be chosen, and the words are asked for. */
export function PreviewInAnyLanguage(props: PreviewOfSurfacesProps) {
  return (
    <CardAround>
      <PreviewOfSurfaces {...props} />
    </CardAround>
  );
}

/** The same within a card of the page's own. */
export function PreviewOfSurfaces({ surfaces, ...fed }: PreviewOfSurfacesProps) {
  const [surface, setSurface] = useState<Surface>(surfaces[0]);
  return (
    <BlockStack gap="300">
      <SurfaceChoice surfaces={surfaces} surface={surface} onChange={setSurface} />
      <InAnyLanguage surface={surface}>
        {(words) => <Screen {...fed} {...{ surface, words }} />}
      </InAnyLanguage>
    </BlockStack>
  );
}

interface OwnPreviewProps {
  surface: Surface;
  timeZone: string;
  /** Fields of the page's own, by which a situation is chosen. */
  choices?: ReactNode;
  /** What stands on the shopper's screen. */
  children: (wording: ShopperWording) => ReactNode;
}

/** For a page that draws a surface by itself. */
export function OwnPreviewInAnyLanguage({ surface, timeZone, choices, children }: OwnPreviewProps) {
  const { t } = useTranslation('texts');
  return (
    <CardAround>
      {choices}
      <InAnyLanguage surface={surface}>
        {(words) => (
          <PreviewFrame label={t('preview.label', { surface: t(`surfaces.${surface}`) })} locale={words.locale}>
            {children(createShopperWording({ ...words, timeZone }))}
          </PreviewFrame>
        )}
      </InAnyLanguage>
    </CardAround>
  );
}

function CardAround({ children }: { children: ReactNode }) {
  const { t } = useTranslation('texts');
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t('preview.title')}
        </Text>
        {children}
        <Text as="p" variant="bodySm" tone="subdued">
          {t('preview.note')}
        </Text>
      </BlockStack>
    </Card>
  );
}

function SurfaceChoice({ surfaces, surface, onChange }: { surfaces: readonly Surface[]; surface: Surface; onChange: (surface: Surface) => void }) {
  const { t } = useTranslation('texts');
  return (
    <Select
      label={t('surface')}
      options={surfaces.map((value) => ({ value, label: t(`surfaces.${value}`) }))}
      value={surface}
      onChange={(value) => onChange(findSurface(value) ?? surface)}
    />
  );
}

function InAnyLanguage({ surface, children }: { surface: Surface; children: (words: PreviewWords) => ReactNode }) {
  const { t, i18n } = useTranslation('texts');
  const [locale, setLocale] = useState<ShopperLocale>(() => findShopperLocale(i18n.language) ?? 'en');
  const words = usePreviewWords(surface, locale);
  return (
    <BlockStack gap="300">
      <Select
        label={t('locale')}
        options={SHOPPER_LOCALES.map((value) => ({ value, label: LOCALE_NAMES[value] }))}
        value={locale}
        onChange={(value) => setLocale(findShopperLocale(value) ?? locale)}
      />
      {words === 'asking' ? <Spinner size="small" accessibilityLabel={t('preview.loading')} /> : null}
      {words === 'silent' ? (
        <Text as="p" tone="subdued">
          {t('preview.failed')}
        </Text>
      ) : null}
      {typeof words === 'string' ? null : children(words)}
      <Link url={`/app/texts?${new URLSearchParams({ surface, language: locale }).toString()}`}>{t('preview.edit')}</Link>
    </BlockStack>
  );
}

interface ScreenProps extends Fed {
  surface: Surface;
  words: PreviewWords;
}

function Screen({ surface, shop, orderPoints, words }: ScreenProps) {
  const { t } = useTranslation('texts');
  const situations: readonly Situation[] = SITUATIONS[surface];
  const [chosen, setChosen] = useState<string>('');
  const situation = situations.find((one) => one === chosen) ?? SITUATIONS[surface][0];
  if (shop === null || shop === 'incomplete') {
    return (
      <Text as="p" tone="subdued">
        {t(shop === null ? 'preview.unknownShop' : 'preview.incomplete')}
      </Text>
    );
  }
  const wording = createShopperWording({ ...words, timeZone: shop.timeZone });
  return (
    <BlockStack gap="300">
      {situations.length < 2 ? null : (
        <Select
          label={t('preview.situation')}
          options={situations.map((value) => ({ value, label: t(`preview.situations.${value}`) }))}
          value={situation}
          onChange={setChosen}
        />
      )}
      <PreviewFrame label={t('preview.label', { surface: t(`surfaces.${surface}`) })} locale={words.locale}>
        <SurfacePreview {...{ surface, situation, shop, wording }} {...(orderPoints === undefined ? {} : { orderPoints })} />
      </PreviewFrame>
    </BlockStack>
  );
}

import { toGid } from '../../global-id.ts';
import type { SimShop } from '../../state.ts';
import { wholeList } from '../page.ts';
import { resolversOf, textArg, type ResolverMap } from '../resolver.ts';
import { namespaceOf } from './metafield-mutations.ts';

const nothing = (): null => null;

const shop = resolversOf<SimShop>({
  id: ({ id }) => toGid('Shop', id),
  myshopifyDomain: ({ domain }) => domain,
  contactEmail: ({ email }) => email,
  currencyCode: ({ currency }) => currency,
  enabledPresentmentCurrencies: ({ currency }) => [currency],
  url: ({ domain }) => `https://${domain}`,
  primaryDomain: ({ id, domain }) => ({
    id: toGid('Domain', id),
    host: domain,
    url: `https://${domain}`,
    sslEnabled: true,
  }),
  plan: ({ planName }) => ({
    displayName: planName,
    publicDisplayName: planName,
    partnerDevelopment: /development/i.test(planName),
    shopifyPlus: /plus/i.test(planName),
  }),
  customerAccountsV2: (source, _args, { platform }) => ({
    customerAccountsVersion: source.customerAccounts,
    loginLinksVisibleOnStorefrontAndCheckout: true,
    loginRequiredAtCheckout: false,
    url: `${platform.origin}/shop/${source.domain.split('.')[0] ?? ''}/account`,
  }),
  timezoneAbbreviation: (source, _args, { platform }) => zonePart(source.ianaTimezone, platform.now(), 'short'),
  timezoneOffset: (source, _args, { platform }) =>
    zonePart(source.ianaTimezone, platform.now(), 'longOffset').replace('GMT', '').replace(':', '') || '+0000',
  updatedAt: ({ createdAt }) => createdAt,
  shopOwnerName: () => 'Store Owner',
  metafield: nothing,
  metafields: (_shop, args, context) => wholeList([], args, context),
});

const appInstallation = resolversOf<unknown>({
  metafields: (_source, args, context) => {
    const [of, { appMetafields = [] }] = [textArg(args, 'namespace'), context.store.shop];
    const namespace = of === null ? null : namespaceOf(of, context);
    return wholeList(appMetafields.filter((known) => namespace === null || known.namespace === namespace), args, context);
  },
});

export const shopResolvers: ResolverMap = { Shop: shop, AppInstallation: appInstallation };

export const shopQueries = resolversOf<unknown>({
  shop: (_source, _args, { store }) => store.shop,
  shopLocales: (_source, _args, { store }) =>
    [...new Set([store.shop.primaryLocale, ...store.shop.locales])].map((locale) => ({
      locale,
      name: new Intl.DisplayNames('en', { type: 'language' }).of(locale) ?? locale,
      primary: locale === store.shop.primaryLocale,
      published: true,
    })),
  currentAppInstallation: (_source, _args, { platform, store }) => {
    const installation = platform.grants.installation(store.domain);
    const { app } = platform;
    const appGid = toGid('App', 1);
    return {
      id: toGid('AppInstallation', installation?.id ?? 0),
      accessScopes: (installation?.scopes ?? []).map((handle) => ({ handle, description: handle })),
      launchUrl: `${platform.origin}/store/${store.domain.split('.')[0] ?? ''}/apps/${app.clientId}`,
      uninstallUrl: null,
      activeSubscriptions: [],
      app: { id: appGid, title: app.name, handle: app.handle, apiKey: app.clientId, embedded: true },
      metafield: null,
    };
  },
});

function zonePart(zone: string, at: Date, timeZoneName: 'short' | 'longOffset'): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName }).formatToParts(at);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? zone;
}

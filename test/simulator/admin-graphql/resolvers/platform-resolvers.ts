import { fromGid, gidType, toGid } from '../../global-id.ts';
import type { BulkOperation } from '../../bulk/bulk-operations.ts';
import type { WebhookSubscription } from '../../webhooks.ts';
import { topicOf, topicEnum } from '../../webhook-topics.ts';
import { paginate } from '../page.ts';
import {
  badRequest,
  listArg,
  notImitated,
  objectArg,
  resolversOf,
  textArg,
  Typed,
  type AdminContext,
  type Args,
  type ResolverMap,
} from '../resolver.ts';
import { findCustomer, findOrder } from '../visible-records.ts';
import { OrderSource } from './order-resolvers.ts';
import { findCollection } from './product-resolvers.ts';

const bulkOperation = resolversOf<BulkOperation>({
  id: ({ id }) => toGid('BulkOperation', id),
  objectCount: ({ objectCount }) => String(objectCount),
  rootObjectCount: ({ rootObjectCount }) => String(rootObjectCount),
  fileSize: ({ fileSize }) => (fileSize === null ? null : String(fileSize)),
  type: () => 'QUERY',
  partialDataUrl: (operation, _args, { platform }) => platform.bulk.partialUrlOf(operation),
  url: (operation, _args, { platform }) => platform.bulk.urlOf(operation),
});

const subscription = resolversOf<WebhookSubscription>({
  id: ({ id }) => toGid('WebhookSubscription', id ?? 0),
  legacyResourceId: ({ id }) => String(id ?? 0),
  topic: ({ topic }) => topicEnum(topic),
  callbackUrl: ({ uri }) => uri,
  endpoint: ({ uri }) => new Typed('WebhookHttpEndpoint', { callbackUrl: uri }),
  format: () => 'JSON',
  includeFields: ({ includeFields }) => includeFields ?? [],
  metafieldNamespaces: () => [],
  metafields: () => [],
  updatedAt: ({ createdAt }) => createdAt,
  apiVersion: ({ apiVersion }) => ({ handle: apiVersion, displayName: apiVersion, supported: true }),
});

export const platformResolvers: ResolverMap = { BulkOperation: bulkOperation, WebhookSubscription: subscription };

export const platformQueries = resolversOf<unknown>({
  bulkOperation: (_source, args, { platform, store }) => {
    const gid = textArg(args, 'id') ?? '';
    const id = fromGid(gid, 'BulkOperation');
    if (id === null) throw badRequest(`Invalid id: ${gid}`);
    return platform.bulk.find(store.domain, id);
  },
  currentBulkOperation: (_source, _args, { platform, store }) => platform.bulk.list(store.domain).at(-1) ?? null,
  bulkOperations: (_source, args, context) => {
    const newestFirst = context.platform.bulk.list(context.store.domain).toReversed();
    return paginate({ items: newestFirst, idOf: ({ id }) => id, wrap: (item) => item }, args, context);
  },
  webhookSubscriptions: (_source, args, context) =>
    paginate(
      {
        items: context.platform.apiSubscriptions(context.store.domain),
        idOf: ({ id }) => id ?? 0,
        wrap: (item) => item,
      },
      args,
      context,
    ),
  node: (_source, args, context) => findNode(textArg(args, 'id') ?? '', context),
  nodes: (_source, args, context) => (listArg(args, 'ids') ?? []).map((id) => findNode(String(id), context)),
});

export const platformMutations = resolversOf<unknown>({
  bulkOperationRunQuery: (_source, args, { platform, store, scopes }) =>
    platform.bulk.start(store, {
      query: textArg(args, 'query') ?? '',
      groupObjects: args['groupObjects'] === true,
      scopes: [...scopes],
    }),
  bulkOperationCancel: (_source, args, { platform, store }) => {
    const id = fromGid(textArg(args, 'id') ?? '', 'BulkOperation');
    return platform.bulk.cancel(store.domain, id);
  },
  webhookSubscriptionCreate: (_source, args, context) => createSubscription(args, context),
  webhookSubscriptionDelete: (_source, args, { platform, store }) => {
    const gid = textArg(args, 'id') ?? '';
    const isDeleted = platform.deleteSubscription(store.domain, fromGid(gid, 'WebhookSubscription'));
    return isDeleted
      ? { deletedWebhookSubscriptionId: gid, userErrors: [] }
      : {
          deletedWebhookSubscriptionId: null,
          userErrors: [{ field: ['id'], message: 'Webhook subscription does not exist' }],
        };
  },
});

function createSubscription(args: Args, context: AdminContext): unknown {
  const input = objectArg(args, 'webhookSubscription') ?? {};
  const topicName = textArg(args, 'topic') ?? '';
  const topic = topicOf(topicName);
  if (topic === null) throw notImitated(`The webhook topic ${topicName}`);
  const uri = textArg(input, 'uri') ?? textArg(input, 'callbackUrl') ?? '';
  const refuse = (message: string): unknown => ({
    webhookSubscription: null,
    userErrors: [{ field: ['webhookSubscription', 'callbackUrl'], message }],
  });
  if (!URL.canParse(uri)) return refuse('Address is invalid');
  const { platform, store } = context;
  const isTaken = platform
    .apiSubscriptions(store.domain)
    .some((known) => known.topic === topic && known.uri === uri && known.name === textArg(input, 'name'));
  if (isTaken) return refuse('Address for this topic has already been taken');
  const fields = listArg(input, 'includeFields')?.map(String) ?? null;
  const webhookSubscription = platform.addSubscription(store, {
    topic,
    uri,
    includeFields: fields,
    filter: textArg(input, 'filter'),
    name: textArg(input, 'name'),
  });
  return { webhookSubscription, userErrors: [] };
}

function findNode(gid: string, context: AdminContext): Typed | null {
  const type = gidType(gid);
  const id = fromGid(gid);
  const { store, platform } = context;
  const found = (source: unknown): Typed | null =>
    source === null || source === undefined || type === null ? null : new Typed(type, source);
  if (type === null || id === null) throw badRequest(`Invalid global id '${gid}'`);
  switch (type) {
    case 'Order': {
      const order = findOrder(id, context);
      return found(order && new OrderSource(order));
    }
    case 'Customer':
      return found(findCustomer(id, store));
    case 'Product':
      return found(store.products.get(id));
    case 'Collection':
      return found(findCollection(id, store));
    case 'DiscountCodeNode':
      return found(store.discounts.get(id));
    case 'BulkOperation':
      return found(platform.bulk.find(store.domain, id));
    case 'DiscountRedeemCodeBulkCreation':
      return found(platform.codeBatches.find(id));
    case 'Shop':
      return found(store.shop.id === id ? store.shop : null);
    default:
      throw notImitated(`node(id:) for ${type}`);
  }
}

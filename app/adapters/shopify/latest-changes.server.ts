import type { AdminApi } from '#app/adapters/shopify/admin-api.server.ts';
import { gidSchema, instant } from '#app/adapters/shopify/record-schemas.ts';
import { LatestChangesDocument, LatestCustomerChangesDocument } from '#app/generated/admin-api.ts';

/** An order or a customer, and when it last changed. */
export interface Version {
  id: bigint;
  updatedAt: Date;
}

/** The newest changes of orders up to `until`, newest first. */
export async function loadLatestOrders(admin: AdminApi, until: Date, first: number): Promise<Version[]> {
  const { data } = await admin(LatestChangesDocument, { first, query: upTo(until) });
  return data.orders.nodes.map(versionOf);
}

export async function loadLatestCustomers(admin: AdminApi, until: Date, first: number): Promise<Version[]> {
  const { data } = await admin(LatestCustomerChangesDocument, { first, query: upTo(until) });
  return data.customers.nodes.map(versionOf);
}

const upTo = (until: Date): string => `updated_at:<='${until.toISOString()}'`;

function versionOf({ id, updatedAt }: { id: string; updatedAt: string }): Version {
  return { id: gidSchema.parse(id), updatedAt: instant.parse(updatedAt) };
}

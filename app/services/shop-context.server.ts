import type pg from 'pg';

import type { SealedBox } from '#app/adapters/crypto/sealed-box.server.ts';
import type { InShop, ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { AdminApi } from '#app/adapters/shopify/admin-api.server.ts';
import type { Runtime } from '#app/runtime.server.ts';

/** What a service may touch on behalf of one shop. Built in context.server.ts, for a request or for a job. */
export interface ShopContext extends Runtime {
  shop: ShopRef;
  inShop: InShop;
  /** For COPY through `withTenantConnection`; everything else goes through `inShop`. */
  pool: pg.Pool;
  /** Never called while an `inShop` transaction is open. */
  admin: AdminApi;
  sealedBox: SealedBox;
}

import { randomBytes } from 'node:crypto';
import type { Journal } from './journal.ts';

/** What one store has allowed the app, from install to uninstall. */
export interface Installation {
  shop: string;
  id: number;
  isInstalled: boolean;
  scopes: string[];
  installedAt: string;
  uninstalledAt: string | null;
  /** `shop/redact` follows an uninstall by 48 hours, once. */
  redactedAt: string | null;
}

/** An access token with, for expiring offline tokens, the refresh token that came with it. */
export interface AccessGrant {
  accessToken: string;
  shop: string;
  kind: 'offline' | 'online';
  scopes: string[];
  /** Null: a classic offline token that never expires. */
  expiresAt: string | null;
  refreshToken: string | null;
  refreshExpiresAt: string | null;
  /** The refresh token that this pair was got with. */
  parentRefreshToken: string | null;
  revoked: boolean;
}

const accessLifetimeSeconds = 3600;
const refreshLifetimeSeconds = 7_776_000;
/** A refresh token that was used once stays good for a lost answer, but not longer than this. */
const supersededLifetimeSeconds = 30 * 24 * 3600;

/** Installations and tokens of the app, all journalled. Times are those of the local Shopify's clock. */
export class Grants {
  readonly #installations = new Map<string, Installation>();
  readonly #byAccessToken = new Map<string, AccessGrant>();
  readonly #byRefreshToken = new Map<string, AccessGrant>();
  readonly #journal: Journal | null;
  readonly #now: () => Date;

  constructor(journal: Journal | null, now: () => Date) {
    this.#journal = journal;
    this.#now = now;
  }

  installation(shop: string): Installation | undefined {
    return this.#installations.get(shop);
  }

  installations(): Installation[] {
    return [...this.#installations.values()];
  }

  saveInstallation(installation: Installation): void {
    this.#journal?.append({ kind: 'installation', shop: installation.shop, value: installation });
    this.restoreInstallation(installation);
  }

  restoreInstallation(installation: Installation): void {
    this.#installations.set(installation.shop, installation);
  }

  restoreGrant(grant: AccessGrant): void {
    this.#byAccessToken.set(grant.accessToken, grant);
    if (grant.refreshToken !== null) this.#byRefreshToken.set(grant.refreshToken, grant);
  }

  issue(shop: string, kind: 'offline' | 'online', scopes: string[], options: { expires: boolean }): AccessGrant {
    const expires = options.expires || kind === 'online';
    const refreshes = options.expires && kind === 'offline';
    const grant: AccessGrant = {
      accessToken: `${kind === 'online' ? 'shpua_' : 'shpat_'}${randomBytes(16).toString('hex')}`,
      shop,
      kind,
      scopes,
      expiresAt: expires ? this.#after(kind === 'online' ? 86_399 : accessLifetimeSeconds) : null,
      refreshToken: refreshes ? `shprt_${randomBytes(16).toString('hex')}` : null,
      refreshExpiresAt: refreshes ? this.#after(refreshLifetimeSeconds) : null,
      parentRefreshToken: null,
      revoked: false,
    };
    this.#saveGrant(grant);
    return grant;
  }

  /**
   * A new pair for a refresh token, null when it is unknown, revoked or too old. The old refresh token stays usable,
   * so that a lost answer can be asked for again, until the new one is used.
   */
  refresh(refreshToken: string, scopes: string[]): AccessGrant | null {
    const used = this.#byRefreshToken.get(refreshToken);
    if (!used || used.revoked || used.refreshExpiresAt === null || this.#isPast(used.refreshExpiresAt)) return null;
    if (used.parentRefreshToken !== null) {
      const parent = this.#byRefreshToken.get(used.parentRefreshToken);
      if (parent) this.#saveGrant({ ...parent, refreshExpiresAt: this.#now().toISOString() });
    }
    const latestUse = this.#after(supersededLifetimeSeconds);
    if (latestUse < used.refreshExpiresAt) this.#saveGrant({ ...used, refreshExpiresAt: latestUse });
    const fresh = this.issue(used.shop, 'offline', scopes, { expires: true });
    const child = { ...fresh, parentRefreshToken: refreshToken };
    this.#saveGrant(child);
    return child;
  }

  /** All that were ever issued, for a test that looks for traces of them. */
  accessTokens(kind: AccessGrant['kind']): string[] {
    return [...this.#byAccessToken.values()].flatMap((grant) => (grant.kind === kind ? [grant.accessToken] : []));
  }

  shopOfRefreshToken(refreshToken: string): string | undefined {
    return this.#byRefreshToken.get(refreshToken)?.shop;
  }

  /** The grant when the token may be used now. */
  findLive(accessToken: string): AccessGrant | undefined {
    const grant = this.#byAccessToken.get(accessToken);
    if (!grant || grant.revoked) return undefined;
    if (grant.expiresAt !== null && this.#isPast(grant.expiresAt)) return undefined;
    return this.#installations.get(grant.shop)?.isInstalled ? grant : undefined;
  }

  revokeOffline(shop: string): void {
    for (const grant of [...this.#byAccessToken.values()]) {
      if (grant.shop === shop && grant.kind === 'offline' && !grant.revoked) this.#saveGrant({ ...grant, revoked: true });
    }
  }

  revokeAll(shop: string): void {
    for (const grant of [...this.#byAccessToken.values()]) {
      if (grant.shop === shop && !grant.revoked) this.#saveGrant({ ...grant, revoked: true });
    }
  }

  #saveGrant(grant: AccessGrant): void {
    this.#journal?.append({ kind: 'grant', shop: grant.shop, value: grant });
    this.restoreGrant(grant);
  }

  #after(seconds: number): string {
    return new Date(this.#now().getTime() + seconds * 1000).toISOString();
  }

  #isPast(instant: string): boolean {
    return Date.parse(instant) <= this.#now().getTime();
  }
}

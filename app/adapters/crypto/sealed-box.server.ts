import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import type { Runtime } from '#app/runtime.server.ts';

export interface EncryptionKey {
  id: string;
  key: Buffer;
}

/** Where a sealed value lives. It is authenticated, so a value moved to another row or shop does not open. */
export interface SealedPlace {
  shopId: number;
  table: string;
  column: string;
  row: string;
}

export class UnsealError extends Error {
  override name = 'UnsealError';
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
// Of shops that were met lately; few enough to be no heap of secrets.
const MAX_DERIVED = 1_000;

/**
 * AES-256-GCM with one derived key a shop. Layout: length of the key id (1 byte), key id, nonce (12), tag (16),
 * ciphertext; the place is additional authenticated data.
 */
export class SealedBox {
  readonly #keys: readonly EncryptionKey[];
  readonly #active: EncryptionKey;
  readonly #hashKey: Buffer;
  readonly #randomBytes: Runtime['randomBytes'];
  /** Deriving a key takes longer than sealing with it, and so does making Node's own object of one each time. */
  readonly #derived = new Map<string, KeyObject>();

  /**
   * The first key seals; all of them open. Hashes are made with `hashKey`, else with the oldest key, which stands last:
   * adding a new first key changes none of them. See require-hash-key.server.ts for what happens when it goes.
   */
  constructor(keys: readonly EncryptionKey[], randomBytes: Runtime['randomBytes'], hashKey: Buffer | null = null) {
    const [active, oldest] = [keys[0], keys.at(-1)];
    if (!active || !oldest) throw new Error('At least one encryption key is needed.');
    this.#keys = keys;
    this.#active = active;
    this.#hashKey = hashKey ?? oldest.key;
    this.#randomBytes = randomBytes;
  }

  /** Of the key that seals; a value that carries another id is to be sealed anew before that key may go. */
  get activeKeyId(): string {
    return this.#active.id;
  }

  seal(plain: string, place: SealedPlace): Uint8Array<ArrayBuffer> {
    const active = this.#active;
    const nonce = this.#randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#shopKey(active, place.shopId), nonce);
    cipher.setAAD(placeBytes(place));
    const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    const id = Buffer.from(active.id, 'ascii');
    return new Uint8Array(Buffer.concat([Buffer.of(id.length), id, nonce, cipher.getAuthTag(), body]));
  }

  /** Throws `UnsealError` when the key is unknown, the place differs or a byte was changed. */
  open(sealed: Uint8Array, place: SealedPlace): string {
    const bytes = Buffer.from(sealed);
    const idEnd = 1 + (bytes[0] ?? 0);
    // Not as ASCII, which drops the highest bit and so would take another id for ours.
    const id = bytes.subarray(1, idEnd).toString('latin1');
    const key = this.#keys.find((candidate) => candidate.id === id);
    if (!key) throw new UnsealError(`No encryption key has the id of this value (${place.table}.${place.column}).`);
    const nonce = bytes.subarray(idEnd, idEnd + NONCE_BYTES);
    const tag = bytes.subarray(idEnd + NONCE_BYTES, idEnd + NONCE_BYTES + TAG_BYTES);
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#shopKey(key, place.shopId), nonce, {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(placeBytes(place));
      decipher.setAuthTag(tag);
      const body = bytes.subarray(idEnd + NONCE_BYTES + TAG_BYTES);
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
    } catch (cause) {
      throw new UnsealError(`A sealed value does not open (${place.table}.${place.column}).`, { cause });
    }
  }

  #shopKey({ id, key }: EncryptionKey, shopId: number): KeyObject {
    const place = `${id} ${shopId}`;
    const known = this.#derived.get(place);
    if (known) return known;
    return this.#derive(place, key, `perennial:seal:${shopId}`);
  }

  #derive(place: string, key: Buffer, info: string): KeyObject {
    const derived = createSecretKey(Buffer.from(hkdfSync('sha256', key, '', info, KEY_BYTES)));
    if (this.#derived.size >= MAX_DERIVED) this.#derived.clear();
    this.#derived.set(place, derived);
    return derived;
  }

  /** A keyed hash of `value` that only this shop's key can repeat: for tombstones and derived codes. 32 bytes. */
  keyedHash(shopId: number, purpose: string, value: string): Uint8Array<ArrayBuffer> {
    const info = `perennial:hash:${purpose}:${shopId}`;
    const key = this.#derived.get(info) ?? this.#derive(info, this.#hashKey, info);
    return new Uint8Array(createHmac('sha256', key).update(value).digest());
  }
}

function placeBytes(place: SealedPlace): Buffer {
  return Buffer.from(JSON.stringify([place.shopId, place.table, place.column, place.row]), 'utf8');
}

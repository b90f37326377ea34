import { equalBytes } from '@originsign/core/encoding/bytes';
import { encodeHex } from '@originsign/core/encoding/hex';
import { OriginSignError } from '@originsign/core/errors/error';
import type { KeyType } from '@originsign/core/x509/key-type';
import type { FoundKey, Operation } from './messages.ts';

/** A token that can be asked. */
interface AskedToken {
  readonly name: string;
  readonly ready: boolean;
  submit(operation: Operation): Promise<unknown>;
}

interface LocatedKey extends FoundKey {
  readonly label: string;
  readonly token: string;
}

/** Knows on which tokens a key lies. A key that was copied to several can be used while any of them is up. */
export class KeyLocations<Token extends AskedToken> {
  readonly #tokens: readonly Token[];
  /** By label and id. Tokens that were asked and do not have the key are not asked again while another one has it. */
  readonly #known = new Map<string, readonly Token[]>();

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** A token that has the key and is up. Throws `key.unknown`, or `hsm.unavailable` where those that may have it are down. */
  async tokenOf(key: { readonly label: string; readonly id: Uint8Array; readonly type: KeyType }): Promise<Token> {
    const [only] = this.#tokens;
    // The token itself says so where it does not have the key.
    if (only !== undefined && this.#tokens.length === 1) return only;
    const name = `${encodeHex(key.id)} ${key.label}`;
    const known = this.#known.get(name)?.find((token) => token.ready);
    if (known !== undefined) return known;
    const holders: Token[] = [];
    for (const token of this.#tokens.filter((candidate) => candidate.ready)) {
      const found = (await token.submit({ name: 'find', label: key.label })) as FoundKey | undefined;
      if (found !== undefined && equalBytes(found.id, key.id)) holders.push(token);
    }
    if (holders.length > 0) this.#known.set(name, holders);
    const [holder] = holders;
    if (holder !== undefined) return holder;
    if (this.#tokens.some((token) => !token.ready)) {
      throw new OriginSignError('hsm.unavailable', `No token that is up has the key "${key.label}".`, {
        retryAfter: 5,
      });
    }
    throw new OriginSignError('key.unknown', `No token has the key "${key.label}" with this id.`);
  }

  /** The key with this label on the first token that has it. Throws `hsm.unavailable` where one that may have it is down. */
  async find(label: string): Promise<LocatedKey | undefined> {
    // A single token is waited for: most often its process is just being replaced.
    const asked = this.#tokens.length === 1 ? this.#tokens : this.#tokens.filter((token) => token.ready);
    for (const token of asked) {
      const found = (await token.submit({ name: 'find', label })) as FoundKey | undefined;
      if (found !== undefined) return { ...found, label, token: token.name };
    }
    if (asked.length < this.#tokens.length) throw unavailable(label);
    return undefined;
  }
}

function unavailable(label: string): OriginSignError {
  return new OriginSignError('hsm.unavailable', `No token that is up has the key "${label}".`, { retryAfter: 5 });
}

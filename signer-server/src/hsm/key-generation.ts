import { ARTIFACT_PURPOSES, INTERNAL_PURPOSES, isKeyPurpose, type KeyPurpose } from '@originsign/core/formats/purpose';
import { didYouMean } from '@originsign/core/policy/did-you-mean';
import { OriginSignError } from '@originsign/core/errors/error';
import type { KeyType } from '@originsign/core/x509/key-type';
import type { Hsm } from './hsm.ts';
import { keyTypesFor } from './key-purposes.ts';

/** A key that was just generated, as the store has to remember it. */
export interface GeneratedKey {
  readonly label: string;
  readonly purpose: KeyPurpose;
  readonly type: KeyType;
  /** Name of the token in the configuration. */
  readonly token: string;
  /** `CKA_ID` on the token. */
  readonly id: Uint8Array;
  readonly spki: Uint8Array;
  readonly certificates: readonly Uint8Array[];
  readonly createdAt: Date;
  readonly trial: boolean;
}

/** What is known of keys so far. */
export interface KeyRegister {
  has(label: string): Promise<boolean>;
  /** Stores the key and logs that it was generated, both or neither. Throws `key.exists`. */
  add(key: GeneratedKey): Promise<void>;
}

/** What key generation works with. */
export interface KeyGenerationPorts {
  readonly hsm: Pick<Hsm, 'generate'>;
  readonly register: KeyRegister;
  readonly now: () => Date;
  /** True in a trial store. */
  readonly trial: boolean;
}

/** The key that somebody wants, as typed. */
export interface KeyWish {
  readonly label: string;
  readonly purpose: string;
  /** The default of the purpose where left out. */
  readonly type?: string;
  /** The first configured token where left out. */
  readonly token?: string;
}

/**
 * Generates a key inside the HSM and registers it under its one purpose, which it keeps for ever. Throws `input.invalid`,
 * `trial.forbidden` (a `ca` outside a trial store), `key.exists` and `hsm.*`; nothing is generated for a wish that is refused.
 */
export async function generateKey(ports: KeyGenerationPorts, wish: KeyWish): Promise<GeneratedKey> {
  const { label } = wish;
  checkLabel(label);
  const purpose = parsePurpose(wish.purpose);
  if (purpose === 'ca' && !ports.trial) {
    throw new OriginSignError('trial.forbidden', 'A production store has no certificate authority of its own.', {
      hint: 'ask your certificate authority for a certificate',
    });
  }
  const type = parseType(purpose, wish.type);
  if (await ports.register.has(label)) throw new OriginSignError('key.exists', `There already is a key "${label}".`);
  const made = await ports.hsm.generate(label, type, wish.token);
  const { token, id, spki } = made;
  const key = { label, purpose, type, token, id, spki, certificates: [], createdAt: ports.now(), trial: ports.trial };
  await ports.register.add(key);
  return key;
}

function checkLabel(label: string): void {
  if (/^[a-z0-9][a-z0-9._-]{0,62}$/.test(label)) return;
  throw new OriginSignError('input.invalid', 'The label of a key has a form that is not allowed.', {
    hint: 'use lower-case letters, digits, ".", "_" and "-", at most 63, starting with a letter or digit',
  });
}

function parsePurpose(text: string): KeyPurpose {
  const purposes = [...ARTIFACT_PURPOSES, ...INTERNAL_PURPOSES].filter((purpose) => keyTypesFor(purpose) !== undefined);
  if (isKeyPurpose(text) && purposes.includes(text)) return text;
  throw new OriginSignError(
    'input.invalid',
    `This version has no use for keys of the purpose ${JSON.stringify(text)}.`,
    {
      hint: didYouMean(text, purposes) ?? `the purposes are ${purposes.join(', ')}`,
    },
  );
}

function parseType(purpose: KeyPurpose, text: string | undefined): KeyType {
  const types: readonly KeyType[] = keyTypesFor(purpose) ?? [];
  const type = text === undefined ? types[0] : types.find((candidate) => candidate === text);
  if (type !== undefined) return type;
  throw new OriginSignError('input.invalid', `A key for ${purpose} cannot be of the type ${JSON.stringify(text)}.`, {
    hint: `use one of ${types.join(', ')}`,
  });
}

import { encodeHex } from '@originsign/core/encoding/hex';
import { OriginSignError } from '@originsign/core/errors/error';
import { isKeyType, keyTypeOf, type KeyType } from '@originsign/core/x509/key-type';
import type { Template } from 'pkcs11js';
import { KEY_MECHANISMS } from './mechanisms.ts';
import type { FoundKey, KeyReference } from './messages.ts';
import type { Handle } from './pkcs11-addon.ts';
import type { Pkcs11Module } from './pkcs11-module.ts';
import { curveType, encodePublicKey, type PublicKeyAttributes } from './public-key-export.ts';

const CKK_EC_EDWARDS = 0x40;
const EXPONENT = Uint8Array.of(1, 0, 1);

/**
 * The private key with this label and id, which must have this type: SoftHSM takes any mechanism for any key and fails only
 * when it signs. Throws `key.unknown` or `hsm.configuration`.
 */
export function findPrivateKey(module: Pkcs11Module, session: Handle, key: KeyReference): Handle {
  const { addon } = module;
  const handles = search(module, session, [
    { type: addon.CKA_CLASS, value: addon.CKO_PRIVATE_KEY },
    { type: addon.CKA_LABEL, value: key.label },
    { type: addon.CKA_ID, value: Buffer.from(key.id) },
  ]);
  const [handle] = handles;
  const details = { key: key.label, id: encodeHex(key.id) };
  if (handle === undefined)
    throw new OriginSignError('key.unknown', `The token has no key "${key.label}" with this id.`, { details });
  if (handles.length > 1) throw ambiguous(key.label);
  const type = privateKeyType(module, session, handle);
  if (type === key.type) return handle;
  throw new OriginSignError('hsm.configuration', `The key "${key.label}" is ${type} on the token, not ${key.type}.`, {
    details,
  });
}

/** The key pair with this label, or `undefined`. Throws `hsm.configuration` where there are several or it cannot be read. */
export function findKey(module: Pkcs11Module, session: Handle, label: string): FoundKey | undefined {
  const { addon, calls } = module;
  const [handle, ...others] = search(module, session, [
    { type: addon.CKA_CLASS, value: addon.CKO_PRIVATE_KEY },
    { type: addon.CKA_LABEL, value: label },
  ]);
  if (handle === undefined) return undefined;
  if (others.length > 0) throw ambiguous(label);
  const id = attribute(calls.C_GetAttributeValue(session, handle, [{ type: addon.CKA_ID }]));
  const type = privateKeyType(module, session, handle);
  if (!isKeyType(type))
    throw new OriginSignError('hsm.configuration', `The key "${label}" is ${type}, which is not supported.`);
  return { id: new Uint8Array(id), type, spki: publicKeyOf(module, session, { label, id, type }) };
}

/**
 * Generates a key pair inside the token: private, sensitive, not extractable, for signing alone. Reads the attributes back,
 * since some modules accept a template and do something else. Throws `key.exists` where the label is taken.
 */
export async function generateKeyPair(module: Pkcs11Module, session: Handle, key: KeyReference): Promise<FoundKey> {
  const { addon, calls } = module;
  const taken = search(module, session, [{ type: addon.CKA_LABEL, value: key.label }]);
  if (taken.length > 0)
    throw new OriginSignError('key.exists', `The token already has an object with the label "${key.label}".`);
  const { generation } = KEY_MECHANISMS[key.type];
  const { privateKey, publicKey } = await calls.C_GenerateKeyPairAsync(
    session,
    { mechanism: generation },
    publicTemplate(module, key),
    privateTemplate(module, key),
  );
  try {
    checkProtected(module, session, privateKey, key.label);
    return { id: key.id, type: key.type, spki: publicKeyOf(module, session, key) };
  } catch (error) {
    for (const handle of [privateKey, publicKey]) calls.C_DestroyObject(session, handle);
    throw error;
  }
}

function publicTemplate({ addon }: Pkcs11Module, key: KeyReference): Template {
  const { parameters } = KEY_MECHANISMS[key.type];
  const kind: Template =
    'modulusBits' in parameters
      ? [
          { type: addon.CKA_MODULUS_BITS, value: parameters.modulusBits },
          { type: addon.CKA_PUBLIC_EXPONENT, value: Buffer.from(EXPONENT) },
        ]
      : [{ type: addon.CKA_EC_PARAMS, value: Buffer.from(parameters.curve) }];
  return [
    { type: addon.CKA_TOKEN, value: true },
    { type: addon.CKA_PRIVATE, value: false },
    { type: addon.CKA_LABEL, value: key.label },
    { type: addon.CKA_ID, value: Buffer.from(key.id) },
    { type: addon.CKA_VERIFY, value: true },
    ...kind,
  ];
}

function privateTemplate({ addon }: Pkcs11Module, key: KeyReference): Template {
  return [
    { type: addon.CKA_TOKEN, value: true },
    { type: addon.CKA_PRIVATE, value: true },
    { type: addon.CKA_SENSITIVE, value: true },
    { type: addon.CKA_EXTRACTABLE, value: false },
    { type: addon.CKA_LABEL, value: key.label },
    { type: addon.CKA_ID, value: Buffer.from(key.id) },
    { type: addon.CKA_SIGN, value: true },
    { type: addon.CKA_DECRYPT, value: false },
    { type: addon.CKA_UNWRAP, value: false },
  ];
}

function checkProtected({ addon, calls }: Pkcs11Module, session: Handle, handle: Handle, label: string): void {
  const expected: readonly (readonly [number, boolean])[] = [
    [addon.CKA_TOKEN, true],
    [addon.CKA_PRIVATE, true],
    [addon.CKA_SENSITIVE, true],
    [addon.CKA_EXTRACTABLE, false],
    [addon.CKA_NEVER_EXTRACTABLE, true],
    [addon.CKA_LOCAL, true],
  ];
  const values = calls.C_GetAttributeValue(
    session,
    handle,
    expected.map(([type]) => ({ type })),
  );
  const kept = expected.every(([, value], index) => (values[index]?.value[0] === 1) === value);
  if (!kept)
    throw new OriginSignError('hsm.configuration', `The token does not protect the new key "${label}" as asked.`);
}

/** Type of a private key; what is none of ours is described in words. */
function privateKeyType({ addon, calls }: Pkcs11Module, session: Handle, handle: Handle): string {
  const read = (type: number): Buffer => attribute(calls.C_GetAttributeValue(session, handle, [{ type }]));
  const keyType = littleEndian(read(addon.CKA_KEY_TYPE));
  if (keyType === addon.CKK_RSA) return `rsa-${8 * read(addon.CKA_MODULUS).length}`;
  if (keyType === addon.CKK_EC || keyType === CKK_EC_EDWARDS) return curveType(read(addon.CKA_EC_PARAMS));
  return `of the PKCS#11 type ${keyType}`;
}

function publicKeyOf(module: Pkcs11Module, session: Handle, { label, id, type }: KeyReference): Uint8Array {
  const { addon } = module;
  const [handle] = search(module, session, [
    { type: addon.CKA_CLASS, value: addon.CKO_PUBLIC_KEY },
    { type: addon.CKA_ID, value: Buffer.from(id) },
  ]);
  if (handle === undefined) {
    throw new OriginSignError('hsm.configuration', `The token has no public key beside the private key "${label}".`);
  }
  const spki = encodePublicKey(publicAttributes(module, session, handle, type));
  if (keyTypeOf(spki) === type) return spki;
  throw new OriginSignError(
    'hsm.configuration',
    `The public key "${label}" on the token does not belong to the private key.`,
  );
}

function publicAttributes(
  { addon, calls }: Pkcs11Module,
  session: Handle,
  handle: Handle,
  type: KeyType,
): PublicKeyAttributes {
  const read = (name: number): Uint8Array => attribute(calls.C_GetAttributeValue(session, handle, [{ type: name }]));
  return 'modulusBits' in KEY_MECHANISMS[type].parameters
    ? { kind: 'rsa', modulus: read(addon.CKA_MODULUS), exponent: read(addon.CKA_PUBLIC_EXPONENT) }
    : { kind: 'ec', parameters: read(addon.CKA_EC_PARAMS), point: read(addon.CKA_EC_POINT) };
}

function search({ calls }: Pkcs11Module, session: Handle, template: Template): readonly Handle[] {
  calls.C_FindObjectsInit(session, template);
  try {
    return calls.C_FindObjects(session, 8);
  } finally {
    calls.C_FindObjectsFinal(session);
  }
}

function attribute(result: readonly { readonly value: Buffer }[]): Buffer {
  return result[0]?.value ?? Buffer.alloc(0);
}

/** CK_ULONG in the byte order of every platform that Node runs HSM modules on. */
function littleEndian(value: Buffer): number {
  return value.length === 0 ? -1 : Number(value.readUIntLE(0, Math.min(value.length, 6)));
}

function ambiguous(label: string): OriginSignError {
  return new OriginSignError('hsm.configuration', `The token has several keys with the label "${label}".`);
}

import { encodeBase64 } from '@originsign/core/encoding/base64';
import { formatVerifierKey, noteKey } from '@originsign/core/log/note-key';
import type { TrustFile } from '@originsign/core/protocol/trust-file';
import type { StoredKey } from './stored-key.ts';

/** Purposes whose verifiers pin the key itself, because the format carries no certificate. */
const PINNED_PURPOSES: ReadonlySet<string> = new Set(['raw']);

/** What a trust file is made of. */
export interface TrustMaterial {
  readonly serverUrl: string;
  readonly trial: boolean;
  readonly serial: number;
  readonly logOrigin: string;
  readonly keys: readonly StoredKey[];
  /** Roots of timestamp authorities, DER. */
  readonly timestampRoots: readonly Uint8Array[];
}

/** The trust file of this store: what a verifier pins after comparing the fingerprint on the host. */
export function buildTrustFile(material: TrustMaterial): TrustFile {
  const { keys, trial } = material;
  const purpose = (wanted: string): readonly StoredKey[] => keys.filter((key) => key.purpose === wanted);
  const validFrom = (key: StoredKey): { validFrom: string } => ({ validFrom: key.createdAt.toISOString() });
  return {
    version: 1,
    serial: material.serial,
    server: material.serverUrl,
    ...(trial ? { trial: true as const } : {}),
    logs: [
      {
        origin: material.logOrigin,
        keys: purpose('log').map((key) => ({
          vkey: formatVerifierKey(noteKey(material.logOrigin, key.spki)),
          ...validFrom(key),
          fromSize: 0,
        })),
      },
    ],
    provenanceKeys: purpose('provenance').map((key) => ({ spki: encodeBase64(key.spki), ...validFrom(key) })),
    witnesses: [],
    signingRoots: signingRoots(keys).map((certificate) => ({ certificate: encodeBase64(certificate) })),
    signingKeys: keys
      .filter((key) => PINNED_PURPOSES.has(key.purpose))
      .map((key) => ({ label: key.label, purpose: key.purpose, spki: encodeBase64(key.spki), ...validFrom(key) })),
    timestampRoots: material.timestampRoots.map((certificate) => ({ certificate: encodeBase64(certificate) })),
  };
}

/** The last certificate of each chain, once each: chains are stored up to and including their root. */
function signingRoots(keys: readonly StoredKey[]): readonly Uint8Array[] {
  const roots = new Map<string, Uint8Array>();
  for (const { certificates } of keys) {
    const root = certificates.at(-1);
    if (root !== undefined) roots.set(encodeBase64(root), root);
  }
  return [...roots.values()];
}

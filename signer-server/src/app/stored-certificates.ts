import { equalBytes } from '@originsign/core/encoding/bytes';
import { isOriginSignError, OriginSignError } from '@originsign/core/errors/error';
import { parseCertificate } from '@originsign/core/x509/certificate';
import { verifyChain } from '@originsign/core/x509/chain';
import { Oid } from '@originsign/core/x509/oids';
import type { KeyRow } from '../store/database.ts';
import { keyCertificates } from '../store/keys.ts';

/**
 * The chain on a stored key, DER, leaf first, root last. The log has the hash of the leaf alone, and the root goes into trust
 * files: whoever changes the rest of the row must not get a root of theirs trusted, so the chain is checked each time.
 * Throws `store.corrupt`.
 */
export function storedCertificates(row: KeyRow): readonly Uint8Array[] {
  try {
    const chain = keyCertificates(row);
    checkChain(chain, row.spki);
    return chain;
  } catch (cause) {
    if (!isOriginSignError(cause) && !(cause instanceof SyntaxError || cause instanceof TypeError)) throw cause;
    throw new OriginSignError(
      'store.corrupt',
      `Table keys, row ${row.label}, column certificates: it is not the chain of the key.`,
      { details: { table: 'keys', row: row.label, column: 'certificates' }, cause },
    );
  }
}

function checkChain(chain: readonly Uint8Array[], spki: Uint8Array): void {
  const certificates = chain.map(parseCertificate);
  const [leaf, ...issuers] = certificates;
  if (leaf === undefined) return;
  if (!equalBytes(leaf.spki, spki)) throw new TypeError('The certificate is of another key.');
  const root = issuers.at(-1);
  if (root === undefined) return;
  // The first moment at which all of them hold: that there is one was checked when they were put here.
  const at = new Date(Math.max(...certificates.map(({ notBefore }) => notBefore.getTime())));
  const intermediates = issuers.slice(0, -1).map(({ der }) => der);
  verifyChain(leaf.der, intermediates, [root.der], { at, extendedKeyUsage: Oid.codeSigning });
}

import type { Format } from '../format.ts';
import { checkKeyType } from '../inputs-check.ts';
import { checkMinisignInputs, digestMinisign } from './digest.ts';
import { isLegacy } from './options.ts';
import { assembleMinisign, globalToBeSigned, prepareMinisign, withGlobalSignature } from './to-be-signed.ts';
import { MINISIGN_EXTENSION, verifyMinisign } from './verify.ts';

/** Signatures of minisign, for any file: two Ed25519 signatures, one over the file and one over the first and a comment. */
export const minisign: Format = {
  id: 'minisign',
  purpose: 'raw',
  keyTypes: ['ed25519'],
  certificate: false,
  coveredDigest: 'blake2b512',
  description: 'Signature of any file for minisign, beside it as .minisig.',
  recognise: () => Promise.resolve(false),
  digest: digestMinisign,
  checkInputs: checkMinisignInputs,
  carriesTimestamp: (options) => {
    isLegacy(options);
    return false;
  },
  toBeSigned: (context) => {
    checkKeyType(minisign, context.key.type);
    return prepareMinisign(context);
  },
  second: { toBeSigned: globalToBeSigned, join: withGlobalSignature },
  assemble: assembleMinisign,
  embed: (_source, block) => Promise.resolve({ kind: 'beside', extension: MINISIGN_EXTENSION, bytes: block }),
  verify: verifyMinisign,
};

import type { Format } from '../format.ts';
import { checkKeyType } from '../inputs-check.ts';
import { checkRawInputs, digestRaw } from './digest.ts';
import { parseRawOptions } from './options.ts';
import { assembleRaw, prepareRaw } from './to-be-signed.ts';
import { BUNDLE_EXTENSION, SIGNATURE_EXTENSION, verifyRaw } from './verify.ts';

/** Bare signature over any file, without a structure around it: its keys hold no certificate and sign nothing else. */
export const raw: Format = {
  id: 'raw',
  purpose: 'raw',
  keyTypes: ['rsa-2048', 'rsa-3072', 'rsa-4096', 'p-256', 'ed25519'],
  certificate: false,
  coveredDigest: 'sha256',
  description: 'Plain signature of any file, beside it as .sig or as a Sigstore bundle.',
  recognise: () => Promise.resolve(false),
  digest: digestRaw,
  checkInputs: checkRawInputs,
  carriesTimestamp: (options) => parseRawOptions(options).output === 'sigstore-bundle',
  toBeSigned: (context) => {
    checkKeyType(raw, context.key.type);
    return prepareRaw(context);
  },
  assemble: assembleRaw,
  embed: (_source, block, options) => {
    const isBundle = parseRawOptions(options).output === 'sigstore-bundle';
    const extension = isBundle ? BUNDLE_EXTENSION : SIGNATURE_EXTENSION;
    return Promise.resolve({ kind: 'beside', extension, bytes: block });
  },
  verify: verifyRaw,
};

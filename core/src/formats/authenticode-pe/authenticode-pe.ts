import { PE_IMAGE } from '../authenticode/spc.ts';
import { assembleAuthenticode, checkAuthenticodeInputs, prepareAuthenticode } from '../authenticode/to-be-signed.ts';
import type { Format } from '../format.ts';
import { checkKeyType } from '../inputs-check.ts';
import { digestPe } from './digest.ts';
import { embedPe } from './embed.ts';
import { isPe } from './layout.ts';
import { verifyPe } from './verify.ts';

/** Windows programs and libraries (`.exe`, `.dll`, `.sys`, `.efi`, …), signed as Windows and UEFI firmware expect. */
export const authenticodePe: Format = {
  id: 'authenticode-pe',
  purpose: 'authenticode',
  keyTypes: ['rsa-2048', 'rsa-3072', 'rsa-4096', 'p-256'],
  certificate: true,
  coveredDigest: 'authenticodeSha256',
  description: 'Authenticode signature inside a Windows program or library.',
  recognise: isPe,
  digest: digestPe,
  checkInputs: checkAuthenticodeInputs,
  carriesTimestamp: () => true,
  toBeSigned: (context) => {
    checkKeyType(authenticodePe, context.key.type);
    return prepareAuthenticode(PE_IMAGE, context);
  },
  assemble: assembleAuthenticode,
  embed: embedPe,
  verify: verifyPe,
};

import { CABINET } from '../authenticode/spc.ts';
import { assembleAuthenticode, checkAuthenticodeInputs, prepareAuthenticode } from '../authenticode/to-be-signed.ts';
import type { Format } from '../format.ts';
import { checkKeyType } from '../inputs-check.ts';
import { digestCab } from './digest.ts';
import { embedCab } from './embed.ts';
import { isCab } from './layout.ts';
import { verifyCab } from './verify.ts';

/** Windows cabinets (`.cab`), as drivers and installers use them. */
export const authenticodeCab: Format = {
  id: 'authenticode-cab',
  purpose: 'authenticode',
  keyTypes: ['rsa-2048', 'rsa-3072', 'rsa-4096', 'p-256'],
  certificate: true,
  coveredDigest: 'authenticodeSha256',
  description: 'Authenticode signature inside a Windows cabinet.',
  recognise: isCab,
  digest: digestCab,
  checkInputs: checkAuthenticodeInputs,
  carriesTimestamp: () => true,
  toBeSigned: (context) => {
    checkKeyType(authenticodeCab, context.key.type);
    return prepareAuthenticode(CABINET, context);
  },
  assemble: assembleAuthenticode,
  embed: embedCab,
  verify: verifyCab,
};

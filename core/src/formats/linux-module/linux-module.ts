import type { Format } from '../format.ts';
import { checkKeyType } from '../inputs-check.ts';
import { checkModuleInputs, digestModule } from './digest.ts';
import { checkKernelModule, isKernelModule } from './elf.ts';
import { signerCertificate } from './options.ts';
import { assembleModule, prepareModule } from './to-be-signed.ts';
import { encodeTrailer, readModuleLayout } from './trailer.ts';
import { verifyModule } from './verify.ts';

/** Modules of the Linux kernel (`.ko`), signed as `CONFIG_MODULE_SIG` expects. */
export const linuxModule: Format = {
  id: 'linux-module',
  purpose: 'raw',
  keyTypes: ['rsa-2048', 'rsa-3072', 'rsa-4096', 'p-256'],
  certificate: false,
  coveredDigest: 'linuxModuleSha256',
  description: 'Signature at the end of a Linux kernel module.',
  recognise: isKernelModule,
  digest: digestModule,
  checkInputs: checkModuleInputs,
  carriesTimestamp: (options) => {
    signerCertificate(options);
    return false;
  },
  toBeSigned: (context) => {
    checkKeyType(linuxModule, context.key.type);
    return prepareModule(context);
  },
  assemble: assembleModule,
  embed: async (source, block) => {
    await checkKernelModule(source);
    const { contentEnd } = await readModuleLayout(source);
    const copy = { offset: 0, length: contentEnd };
    return { kind: 'embedded', segments: [{ copy }, { bytes: encodeTrailer(block) }] };
  },
  verify: verifyModule,
};

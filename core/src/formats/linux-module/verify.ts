import { decodeHex } from '../../encoding/hex.ts';
import type { Source, VerifiedSignature } from '../format.ts';
import { digestModule } from './digest.ts';
import { checkKernelModule } from './elf.ts';
import { readModuleSignature } from './signature-block.ts';
import { readModuleLayout } from './trailer.ts';

/**
 * The signature of a kernel module, `undefined` where there is none. It carries no key, so that only `verifiesUnder` says whether it
 * verifies; how it names the key is a hint that nobody signed. Throws `verify.signature`, `der.malformed`, `format.*`.
 */
export async function verifyModule(source: Source): Promise<VerifiedSignature | undefined> {
  await checkKernelModule(source);
  const { signature: place } = await readModuleLayout(source);
  if (place === undefined) return undefined;
  const signature = readModuleSignature(await source.read(place.offset, place.length));
  const { coveredDigest } = await digestModule(source, {});
  return {
    format: 'linux-module',
    coveredDigest,
    signature,
    certificates: [],
    signed: { digest: decodeHex(coveredDigest.value) },
  };
}

import { existsSync } from 'node:fs';
import { OriginSignError } from '@originsign/core/errors/error';

/** Where distributions put SoftHSM2, most common first. */
const PATHS = [
  '/usr/lib/softhsm/libsofthsm2.so', // Debian, Ubuntu, Alpine, Arch
  '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so', // Fedora, RHEL
  '/usr/lib64/softhsm/libsofthsm2.so', // openSUSE
  '/usr/local/lib/softhsm/libsofthsm2.so', // built by hand, Homebrew on Intel
  '/opt/homebrew/lib/softhsm/libsofthsm2.so', // Homebrew on ARM
] as const;

/** Path of the SoftHSM2 module; throws `hsm.configuration` with the command that installs it. */
export function findSoftHsmModule(
  platform: NodeJS.Platform = process.platform,
  exists: (path: string) => boolean = existsSync,
): string {
  const path = PATHS.find(exists);
  if (path !== undefined) return path;
  const install =
    platform === 'darwin'
      ? 'brew install softhsm'
      : 'apt-get install softhsm2 (Debian, Ubuntu) or dnf install softhsm (Fedora)';
  throw new OriginSignError(
    'hsm.configuration',
    'SoftHSM2 is not installed: its PKCS#11 module is in none of the usual places.',
    {
      hint: `install it: ${install}`,
      details: { searched: PATHS },
    },
  );
}

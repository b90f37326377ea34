import { createRequire } from 'node:module';
import { OriginSignError } from '@originsign/core/errors/error';
import type * as Pkcs11Addon from 'pkcs11js';

/** The PKCS#11 addon. */
export type Addon = typeof Pkcs11Addon;

/** A slot, session or object of the module. */
export type Handle = Pkcs11Addon.Handle;

/** Loads the optional native addon, or throws `hsm.addon` with the command that installs it. */
export function loadAddon(load: (name: string) => unknown = createRequire(import.meta.url)): Addon {
  try {
    return load('pkcs11js') as Addon;
  } catch (cause) {
    throw new OriginSignError('hsm.addon', 'The PKCS#11 addon (pkcs11js) is not installed or does not load.', {
      cause,
    });
  }
}

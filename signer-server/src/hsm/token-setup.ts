import { OriginSignError } from '@originsign/core/errors/error';
import type { InitialiseMessage } from './messages.ts';
import { loadAddon } from './pkcs11-addon.ts';
import { listTokens, loadModule } from './pkcs11-module.ts';

/**
 * Makes a token in a free slot, with a PIN for its user, and returns its serial number. Throws `hsm.addon`,
 * `hsm.configuration`, or the addon's error.
 */
export function initialiseToken(options: InitialiseMessage): string {
  const addon = loadAddon();
  const module = loadModule(addon, options.module);
  const { calls } = module;
  const free = listTokens(module).find((token) => !token.initialised);
  if (free === undefined)
    throw new OriginSignError('hsm.configuration', 'The module has no free slot for a new token.');
  const before = new Set(listTokens(module).map((token) => token.serial));
  calls.C_InitToken(free.slot, options.securityOfficerPin, options.label);
  const session = calls.C_OpenSession(free.slot, addon.CKF_SERIAL_SESSION | addon.CKF_RW_SESSION);
  calls.C_Login(session, addon.CKU_SO, options.securityOfficerPin);
  calls.C_InitPIN(session, options.pin);
  calls.C_Logout(session);
  calls.C_CloseSession(session);
  const made = listTokens(module).find((token) => token.initialised && !before.has(token.serial));
  calls.C_Finalize();
  if (made === undefined)
    throw new OriginSignError('hsm.configuration', 'The module does not show the token that was made.');
  return made.serial;
}

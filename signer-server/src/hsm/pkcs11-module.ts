import { OriginSignError } from '@originsign/core/errors/error';
import type { PKCS11 } from 'pkcs11js';
import type { Addon, Handle } from './pkcs11-addon.ts';

/** A loaded and initialised PKCS#11 module. */
export interface Pkcs11Module {
  readonly addon: Addon;
  readonly calls: PKCS11;
}

/** What a slot holds. */
export interface TokenSlot {
  readonly slot: Handle;
  readonly serial: string;
  readonly label: string;
  readonly initialised: boolean;
}

/** Loads a module; throws `hsm.configuration` where the file is no module, and what C_Initialize says. */
export function loadModule(addon: Addon, path: string): Pkcs11Module {
  const calls = new addon.PKCS11();
  try {
    calls.load(path);
  } catch (cause) {
    // Nothing may be called on this object any more: the addon would follow a null pointer.
    throw new OriginSignError('hsm.configuration', `The PKCS#11 module ${path} cannot be loaded.`, {
      hint: 'check the path, and that the module and its libraries are installed for this processor',
      cause,
    });
  }
  calls.C_Initialize({ flags: addon.CKF_OS_LOCKING_OK });
  return { addon, calls };
}

/** All tokens that the module sees. Slots that answer with an error are left out: one broken reader must not hide the others. */
export function listTokens({ addon, calls }: Pkcs11Module): readonly TokenSlot[] {
  return calls.C_GetSlotList(true).flatMap((slot) => {
    try {
      const info = calls.C_GetTokenInfo(slot);
      const initialised = (info.flags & addon.CKF_TOKEN_INITIALIZED) !== 0;
      return [{ slot, serial: unpadded(info.serialNumber), label: unpadded(info.label), initialised }];
    } catch {
      return [];
    }
  });
}

/** The slot of the token with this serial number; slot numbers change. Throws `hsm.configuration` with those that are there. */
export function findToken(module: Pkcs11Module, serial: string): Handle {
  const tokens = listTokens(module).filter((token) => token.initialised);
  const matching = tokens.filter((token) => token.serial === serial);
  const [token] = matching;
  if (token !== undefined && matching.length === 1) return token.slot;
  const found = tokens.map((candidate) => `${candidate.serial} (${candidate.label})`).join(', ');
  throw new OriginSignError(
    'hsm.configuration',
    matching.length > 1
      ? `The module shows ${matching.length} tokens with the serial number ${serial}.`
      : `The module has no token with the serial number ${serial}.`,
    {
      hint: found === '' ? 'the module shows no token at all: check its own configuration' : `it shows ${found}`,
      details: { serial, shown: tokens.map((candidate) => candidate.serial) },
    },
  );
}

/** Fields of fixed length are padded with blanks, and by some modules with zeros. */
function unpadded(text: string): string {
  return text.replace(/[ \u0000]+$/, '');
}

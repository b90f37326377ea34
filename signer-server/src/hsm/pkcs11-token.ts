import { encodeHex } from '@originsign/core/encoding/hex';
import { BlockingGate } from './blocking-gate.ts';
import { KEY_MECHANISMS } from './mechanisms.ts';
import type { FoundKey, KeyReference, OpenMessage } from './messages.ts';
import { loadAddon, type Handle } from './pkcs11-addon.ts';
import { isStaleKey } from './pkcs11-errors.ts';
import { findToken, loadModule, type Pkcs11Module } from './pkcs11-module.ts';
import { SessionPool } from './session-pool.ts';
import { findKey, findPrivateKey, generateKeyPair } from './token-keys.ts';

/** A token that is open and logged in, inside the signer process. */
export interface Pkcs11Token {
  /** Signs bytes as the mechanism of the key takes them and returns what the token made of them. */
  sign(key: KeyReference, data: Uint8Array): Promise<Uint8Array>;
  find(label: string): Promise<FoundKey | undefined>;
  generate(key: KeyReference): Promise<FoundKey>;
  /** Throws where the token does not answer. */
  check(): void;
  /** Waits for what is under way, then closes sessions and module. */
  close(): Promise<void>;
}

/**
 * Opens the token with this serial number and logs in, once: a second try with a wrong PIN brings tokens nearer to locking.
 * `onLost` hears when the token is gone. Throws `hsm.addon`, `hsm.configuration`, or the addon's error.
 */
export function openToken(options: OpenMessage, onLost: (error: unknown) => void): Pkcs11Token {
  const addon = loadAddon();
  const module = loadModule(addon, options.module);
  const { calls } = module;
  const slot = findToken(module, options.serial);
  const open = (flags = 0): Handle => calls.C_OpenSession(slot, addon.CKF_SERIAL_SESSION | flags);
  // Stays open, because the login ends with the last session.
  const login = open();
  calls.C_Login(login, options.userType === 'user' ? addon.CKU_USER : options.userType, options.pin);
  const pool = new SessionPool({ open, close: (session) => calls.C_CloseSession(session) }, options.sessions, onLost);
  return {
    sign: signer(module, pool),
    find: (label) => pool.use((session) => findKey(module, session, label)),
    generate: (key) =>
      pool.use(async () => {
        const session = open(addon.CKF_RW_SESSION);
        try {
          return await generateKeyPair(module, session, key);
        } finally {
          calls.C_CloseSession(session);
        }
      }),
    check: () => {
      calls.C_GetSessionInfo(login);
    },
    close: async () => {
      await pool.close();
      calls.C_CloseSession(login);
      calls.C_Finalize();
    },
  };
}

function signer(module: Pkcs11Module, pool: SessionPool<Handle>): Pkcs11Token['sign'] {
  const { calls } = module;
  const handles = new Map<string, Handle>();
  const gate = new BlockingGate();

  const handleOf = (session: Handle, key: KeyReference, name: string): Handle => {
    const handle = handles.get(name) ?? findPrivateKey(module, session, key);
    handles.set(name, handle);
    return handle;
  };

  return (key, data) =>
    pool.use(async (session) => {
      const { signing, signatureLength, slow } = KEY_MECHANISMS[key.type];
      const name = `${key.type} ${encodeHex(key.id)} ${key.label}`;
      const output = Buffer.alloc(signatureLength);
      try {
        calls.C_SignInit(session, { mechanism: signing }, handleOf(session, key, name));
        if (slow || !gate.open) return await calls.C_SignAsync(session, Buffer.from(data), output);
        const started = performance.now();
        const signature = calls.C_Sign(session, Buffer.from(data), output);
        gate.record(performance.now() - started);
        return signature;
      } catch (error) {
        if (isStaleKey(error)) handles.delete(name);
        throw error;
      }
    });
}

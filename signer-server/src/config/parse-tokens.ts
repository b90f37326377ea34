import type { Parser, Section } from './section.ts';
import type { TokenConfig } from './server-config.ts';
import { integer, name, secret, text } from './values.ts';

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Would change the Node of the signer process instead of the module in it. */
const NODE_VARIABLE = /^(?:NODE_|UV_|TSX_)/;

/** Makes a path absolute. */
interface ConfigPaths {
  absolute(path: string): string;
}

/** `hsm.tokens`, at least one, each name once. */
export function parseTokens(hsm: Section, files: ConfigPaths): readonly TokenConfig[] {
  const seen = new Set<string>();
  const unique: Parser<string> = (setting) => {
    const value = name(setting);
    if (seen.has(value)) throw setting.refuse(`there are two tokens named "${value}"`);
    seen.add(value);
    return value;
  };
  const tokens = hsm.sections('tokens', (token) => parseToken(token, unique, files));
  if (tokens.length === 0) throw hsm.refuse('tokens', 'needs at least one token');
  return tokens;
}

function parseToken(token: Section, unique: Parser<string>, files: ConfigPaths): TokenConfig {
  return {
    name: token.required('name', unique),
    module: files.absolute(token.required('module', text)),
    environment: token.entries('environment', VARIABLE, environmentValue),
    serial: token.required('serial', serial),
    userType: token.optional('userType', userType, 'user'),
    pin: token.required('pin', secret(pin)),
    processes: token.optional('processes', integer(1, 16), 1),
    sessions: token.optional('sessions', integer(1, 128), 4),
  };
}

const environmentValue: Parser<string> = (setting) => {
  const variable = setting.path.slice(setting.path.lastIndexOf('.') + 1);
  if (NODE_VARIABLE.test(variable)) throw setting.refuse('changes Node itself and is not for the module');
  return text(setting);
};

const serial: Parser<string> = (setting) => {
  const value = text(setting);
  if (value.length > 16)
    throw setting.refuse('expected at most 16 characters, as the module reports the serial number');
  return value;
};

/** Without its text in the refusal: it is the secret. */
const pin: Parser<string> = (setting) => {
  const value = String(setting.value);
  if (value.length > 255) throw setting.refuse('is longer than any token takes');
  return value;
};

const userType: Parser<'user' | number> = (setting) => {
  const { value } = setting;
  if (value === 'user') return 'user';
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0x8000_0000 && value <= 0xffff_ffff)
    return value;
  throw setting.refuse('expected "user" or the number of a vendor-defined user type (0x80000000 and above)');
};

import { errorPage } from '@originsign/core/client/error-page';
import type { Json } from '@originsign/core/encoding/canonical-json';
import type { OriginSignError } from '@originsign/core/errors/error';

/** An error for machines. `server` is the one whose pages explain the codes. */
export function errorJson(error: OriginSignError, server?: string): Json {
  return {
    code: error.code,
    message: error.message,
    hint: error.hint,
    details: error.details as Json | undefined,
    see: errorPage(error, server),
  };
}

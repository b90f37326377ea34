import { join } from 'node:path';
import type { FetchPort } from '@originsign/core/client/fetch-port';
import { readIfThere } from '@originsign/core/client/small-file';
import type { LogFiles } from '@originsign/core/log/log-files';
import { OriginSignError } from '@originsign/core/errors/error';

/** A log in a directory, as an export or a static web site has it. Paths come from the walk over the log, never from its files. */
export function directoryLog(directory: string): LogFiles {
  return { read: (path) => readIfThere(join(directory, path)) };
}

/** A log behind a URL. Reading throws `server.*`. */
export function httpLog(prefix: string, fetch: FetchPort): LogFiles {
  return {
    read: async (path) => {
      const { status, body } = await fetch(`${prefix}/${path}`, { method: 'GET', headers: {} });
      if (status === 200) return body;
      if (status === 404) return undefined;
      throw new OriginSignError('server.unexpected', `The log answered ${path} with status ${status}.`, {
        hint: 'check the URL of the log and what stands between',
      });
    },
  };
}
